// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "assess/version/runs.h"
#include "assess/version/version.h"

namespace bansoko::version {
namespace {

struct RpmVersion {
  std::string_view epoch = {};
  std::string_view version = {};
  std::optional<std::string_view> release = {};
};

RpmVersion split_rpm(std::string_view text) noexcept {
  RpmVersion label;
  label.epoch = take_epoch(text);
  const auto hyphen = text.rfind('-');
  label.version = text.substr(0, hyphen);
  if (hyphen != std::string_view::npos) label.release = text.substr(hyphen + 1);
  return label;
}

/// What a part is made of, in the order in which it sorts: "~" is lower than the end of a part, "^" higher,
/// but lower than any segment; numbers are higher than letters. All else only separates.
enum class Segment : std::uint8_t { tilde, end, caret, letters, digits };

Segment next_segment(std::string_view& text) noexcept {
  take_run(text, [](char c) { return !is_digit(c) && !is_letter(c) && c != '~' && c != '^'; });
  if (text.empty()) return Segment::end;
  if (text.front() == '~') return Segment::tilde;
  if (text.front() == '^') return Segment::caret;
  return is_digit(text.front()) ? Segment::digits : Segment::letters;
}

}  // namespace

std::weak_ordering compare_rpm_part(std::string_view a, std::string_view b) noexcept {
  while (true) {
    const Segment kind = next_segment(a);
    if (const auto order = kind <=> next_segment(b); std::is_neq(order)) return order;
    if (kind == Segment::end) return std::weak_ordering::equivalent;
    std::strong_ordering order = std::strong_ordering::equal;
    if (kind == Segment::digits) {
      const std::string_view run = take_run(a, is_digit);
      order = compare_digits(run, take_run(b, is_digit));
    } else if (kind == Segment::letters) {
      const std::string_view run = take_run(a, is_letter);
      order = run <=> take_run(b, is_letter);
    } else {
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    if (std::is_neq(order)) return order;
  }
}

std::weak_ordering compare_rpm(std::string_view a, std::string_view b) noexcept {
  const RpmVersion left = split_rpm(a), right = split_rpm(b);
  if (const auto order = compare_digits(left.epoch, right.epoch); std::is_neq(order)) return order;
  if (const auto order = compare_rpm_part(left.version, right.version); std::is_neq(order)) return order;
  if (!left.release || !right.release) return left.release.has_value() <=> right.release.has_value();
  return compare_rpm_part(*left.release, *right.release);
}

}  // namespace bansoko::version
