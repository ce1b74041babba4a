// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "assess/inventory/text.h"

/// Registry values out of .reg files (REGEDIT4, and version 5.00) and of what `reg query` prints.
namespace bansoko::inventory::reg_export {

struct Value {
  std::string key = {};   // lower case, with the short name of its root: "hklm\software\microsoft"
  std::string name = {};  // lower case; empty: the key's default value
  std::string text = {};  // numbers in decimal, lists joined by ';', other bytes in hexadecimal
  std::uint32_t line = 0;
};

struct Ending {
  bool whole = false;  // the file ends as these files end, and not within a value
  std::uint32_t lines = 0;
};

enum class Form { none, reg_file, query };
Form form_of(std::string_view text);

/// Calls for each key ("name" is empty, `text` too, `is_key`) and each value, in their order; false stops.
struct Seen {
  const Value& value;
  bool is_key;
};
Ending read_values(std::string_view text, Form form, const std::function<bool(const Seen&)>& take);

}  // namespace bansoko::inventory::reg_export
