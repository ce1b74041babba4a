// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "shield/proto/http/best_fit.h"

namespace bansoko::proto::http {

struct Collapsed {
  std::size_t size = 0;  // what remains
  bool overlong = false;
};

/// Turns UTF-8 sequences into one byte each, in place, as best_fit() says. Overlong sequences count as what
/// they decode to: servers have been fooled by them. What is no UTF-8 becomes '?'; with Fit::any it is taken
/// for a character of one byte.
Collapsed collapse_utf8(std::span<char> text, Fit fit = Fit::western) noexcept;

}  // namespace bansoko::proto::http
