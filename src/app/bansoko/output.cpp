// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/output.h"

#include <cstdio>
#include <string>

#include <fmt/core.h>

namespace bansoko::app {

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int complain(const Error& error) {
  fmt::print(stderr, "bansoko: {}\n", error.message);
  return kFailed;
}

std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f)
      shown += c;
    else
      shown += fmt::format("\\x{:02x}", byte);
  }
  return shown;
}

}  // namespace bansoko::app
