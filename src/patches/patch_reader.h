// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "patches/patch.h"
#include "patches/yaml.h"

namespace bansoko::patches {

/// Reads `folder`/patch.yaml. Everything that is wrong with it goes to `faults`; what is missing is empty in
/// the patch. Nothing where there is no mapping to read.
std::optional<Patch> read_patch(const std::string& folder, Faults& faults);

/// {en: ..., ja: ...}, where the Japanese has Japanese in it.
Words read_words(const Node& node, const FaultSink& faults);

/// "CVE-2017-0144": a year and a number of four digits or more.
bool is_cve(std::string_view text) noexcept;

/// "2026-11-22", a day that the calendar has.
bool is_date(std::string_view text) noexcept;

/// "tcp/445".
bool is_port(std::string_view text) noexcept;

}  // namespace bansoko::patches
