// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/content/content.h"
#include "assess/model/host.h"

namespace bansoko::assess {

/// Puts names to what services say of themselves (Component::said), by content/banners.yaml: products and
/// their versions, several where a banner names several, and the system, where nothing better tells it. All
/// of it is what the host claims.
void name_banners(const content::Content& content, Host& host);

}  // namespace bansoko::assess
