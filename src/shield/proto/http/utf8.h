// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace bansoko::proto::http {

/// Turns UTF-8 sequences into one byte each, in place, as best_fit() says; returns how many bytes remain.
/// Overlong sequences count as what they decode to: servers have been fooled by them. What is no UTF-8
/// becomes '?'.
std::size_t collapse_utf8(std::span<char> text) noexcept;

}  // namespace bansoko::proto::http
