// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace bansoko::detect {

/// An older spelling of a buffer or of another rule option.
struct Alias {
  enum class Use : std::uint8_t {
    same,      // stands for the other option
    modifier,  // says of the content before it that it is meant for that buffer
    content,   // takes a string that must stand in that buffer
  };
  std::string_view name = {};
  std::string_view means = {};
  Use use = Use::same;
  bool nocase = false;  // Use::content: in whatever case
};

}  // namespace bansoko::detect
