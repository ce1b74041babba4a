// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include <fmt/core.h>
#include <tl/expected.hpp>

namespace bansoko {

enum class Errc { invalid, not_found, io, unsupported, limit, denied };

/// What went wrong, in words an operator can act on.
struct Error {
  Errc code;
  std::string message;
};

/// A value, or the reason there is none. For everything off the packet path.
/// The class exists only to make ignoring one a compile error.
template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  using tl::expected<T, Error>::expected;
};

template <class... Args>
[[nodiscard]] tl::unexpected<Error> fail(Errc code, fmt::format_string<Args...> text, Args&&... args) {
  return tl::unexpected<Error>(Error{code, fmt::format(text, std::forward<Args>(args)...)});
}

}  // namespace bansoko

#define BANSOKO_JOIN_(a, b) a##b
#define BANSOKO_JOIN(a, b) BANSOKO_JOIN_(a, b)

/// Unwraps a Result into a declaration, or returns its error to the caller.
#define BANSOKO_TRY(declaration, expression)                                                \
  auto BANSOKO_JOIN(try_, __LINE__) = (expression);                                         \
  if (!BANSOKO_JOIN(try_, __LINE__))                                                        \
    return tl::unexpected<bansoko::Error>(std::move(BANSOKO_JOIN(try_, __LINE__)).error()); \
  declaration = std::move(*BANSOKO_JOIN(try_, __LINE__))  // NOLINT(bugprone-macro-parentheses)

/// Returns the error of a Result<> to the caller, if it holds one.
#define BANSOKO_CHECK(expression) \
  if (auto checked = (expression); !checked) return tl::unexpected<bansoko::Error>(std::move(checked).error())
