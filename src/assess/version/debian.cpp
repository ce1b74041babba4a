// SPDX-License-Identifier: Apache-2.0
#include "assess/version/runs.h"
#include "assess/version/version.h"

namespace bansoko::version {
namespace {

struct DebianVersion {
  std::string_view epoch = {};
  std::string_view upstream = {};
  std::string_view revision = {};
};

DebianVersion split_debian(std::string_view text) noexcept {
  DebianVersion version;
  version.epoch = take_epoch(text);
  const auto hyphen = text.rfind('-');
  version.upstream = text.substr(0, hyphen);
  if (hyphen != std::string_view::npos) version.revision = text.substr(hyphen + 1);
  return version;
}

/// "The lexical comparison is a comparison of ASCII values modified so that all the letters sort earlier than
/// all the non-letters and so that a tilde sorts before anything, even the end of a part."
int weight_of(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return 0;
  const char c = text[at];
  if (c == '~') return -1;
  return is_letter(c) ? c : static_cast<unsigned char>(c) + 256;
}

std::weak_ordering compare_part(std::string_view a, std::string_view b) noexcept {
  constexpr auto not_digit = [](char c) { return !is_digit(c); };
  while (!a.empty() || !b.empty()) {
    const std::string_view words_a = take_run(a, not_digit), words_b = take_run(b, not_digit);
    for (std::size_t i = 0; i < std::max(words_a.size(), words_b.size()); ++i)
      if (const auto order = weight_of(words_a, i) <=> weight_of(words_b, i); std::is_neq(order))
        return order;
    const std::string_view digits_a = take_run(a, is_digit), digits_b = take_run(b, is_digit);
    if (const auto order = compare_digits(digits_a, digits_b); std::is_neq(order)) return order;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace

std::weak_ordering compare_debian(std::string_view a, std::string_view b) noexcept {
  const DebianVersion left = split_debian(a), right = split_debian(b);
  if (const auto order = compare_digits(left.epoch, right.epoch); std::is_neq(order)) return order;
  if (const auto order = compare_part(left.upstream, right.upstream); std::is_neq(order)) return order;
  return compare_part(left.revision, right.revision);
}

}  // namespace bansoko::version
