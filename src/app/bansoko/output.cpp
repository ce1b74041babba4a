// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/output.h"

#include <cstdio>

#include <fmt/core.h>

namespace bansoko::app {

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int complain(const Error& error) {
  fmt::print(stderr, "bansoko: {}\n", error.message);
  return kFailed;
}

}  // namespace bansoko::app
