// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "assess/model/host.h"

namespace bansoko::feed {

/// A name of a product, as CPE 2.3 binds it to a formatted string (NISTIR 7695, 6.2). Values are in lower
/// case and without the backslashes; "*" is any, "-" none.
struct Cpe {
  char part = 'a';
  assess::ProductId product = {};  // "microsoft:windows_server_2003"
  std::string version = {};
  std::string update = {};
  std::string edition = {};  // edition, sw_edition and target_hw, those that say something, joined by a blank
};

/// "cpe:2.3:o:microsoft:windows_server_2003:*:sp1:itanium:*:*:*:*:*"; nothing for what is no such name, or
/// names no product.
std::optional<Cpe> parse_cpe(std::string_view text);

}  // namespace bansoko::feed
