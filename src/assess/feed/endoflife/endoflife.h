// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/feed/tally.h"

/// Support dates of endoflife.date, as its repository keeps them (a file of markdown for each product, the
/// facts in YAML before the text) and as its API gives them (JSON).
namespace bansoko::feed::endoflife {

Result<Stamp> read_markdown(const Input& input, Tally& tally, const Limits& limits);
Result<Stamp> read_api(const Input& input, Tally& tally, const Limits& limits);

}  // namespace bansoko::feed::endoflife
