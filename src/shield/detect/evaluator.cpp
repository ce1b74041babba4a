// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/evaluator.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace bansoko::detect {

bool Evaluator::matches(std::span<const Step> steps, const Look& look) noexcept {
  steps_ = steps;
  look_ = look;
  tried_ = 0;
  found_at_ = found_size_ = 0;
  is_growing_ = false;
  return run(0, 0) == Answer::yes;
}

bool Evaluator::matches_growing(std::span<const Step> steps, Bytes bytes, std::size_t resume) noexcept {
  steps_ = steps;
  look_ = {.bytes = bytes};
  tried_ = 0;
  found_at_ = found_size_ = 0;
  is_growing_ = true;
  missing_ = kNone;
  present_ = 0;
  resume_ = resume;
  is_open_ = was_open_ = false;
  return run(0, 0) == Answer::yes;
}

// A content is not behind `searched_from`. `waits`: no place of it where it was found comes into question.
Evaluator::Answer Evaluator::not_found(const Content& content, std::size_t step, std::size_t searched_from,
                                       bool waits) noexcept {
  const Answer failed = content.is_relative() ? Answer::no : Answer::never;
  if (!is_growing_) return failed;
  if (steps_[step].settled && waits) {
    missing_ = step;
    return Answer::never;
  }
  return is_missing(content, step, searched_from) ? Answer::never : failed;
}

// Whether it is not before that place either.
bool Evaluator::is_missing(const Content& content, std::size_t step, std::size_t searched_from) noexcept {
  if (content.has_depth || content.has_within || content.at_end) return false;
  if (step >= 64 || (present_ >> step & 1) != 0) return false;
  const std::size_t end = std::min(searched_from + content.finder.size() - 1, look_.bytes.size());
  if (content.finder.find(look_.bytes.first(end), 0) != pattern::Finder::kNone) {
    present_ |= std::uint64_t{1} << step;
    return false;
  }
  missing_ = step;
  return true;
}

std::int64_t Evaluator::value_of(const Amount& amount) const noexcept {
  return amount.variable == Amount::kConstant ? amount.value
                                              : static_cast<std::int64_t>(variables_[amount.variable]);
}

Evaluator::Answer Evaluator::run(std::size_t step, std::size_t at) noexcept {
  if (step == steps_.size()) return Answer::yes;
  if (++tried_ > kMaxSteps) {
    limit_reached_ = true;
    return Answer::never;
  }
  const StepKind& kind = steps_[step].kind;
  // Of contents, expressions and isdataat it is known what more bytes change.
  is_open_ |= kind.index() > 2;
  switch (kind.index()) {
    case 0:
      return try_content(*std::get_if<Content>(&kind), step, at);
    case 1:
      return try_expression(*std::get_if<Expression>(&kind), step, at);
    case 2:
      return has_data_at(*std::get_if<DataAt>(&kind), at) ? next(step, at) : Answer::no;
    case 3:
      return std::get_if<BufferSize>(&kind)->size.contains(look_.bytes.size()) ? next(step, at)
                                                                               : Answer::never;
    case 4:
      return try_test(*std::get_if<NumberTest>(&kind), step, at);
    case 5:
      return try_jump(*std::get_if<NumberJump>(&kind), step, at);
    case 6:
      return try_extract(*std::get_if<NumberExtract>(&kind), step, at);
    case 7:
      return try_math(*std::get_if<NumberMath>(&kind), step, at);
    case 8:
      return try_decode(*std::get_if<Base64Decode>(&kind), step, at);
    default:
      return std::get_if<OwnTest>(&kind)->test->holds(look_.bytes, at) ? next(step, at) : Answer::no;
  }
}

Evaluator::Answer Evaluator::next(std::size_t step, std::size_t at) noexcept { return run(step + 1, at); }

// Depth counts from the offset (content "offset" and "depth"), within from the end of the match before.
// In a stream both count from its first byte, of which the look may begin later.
Evaluator::Window Evaluator::window_of(const Content& content, std::size_t at) const noexcept {
  const auto size = static_cast<std::int64_t>(look_.bytes.size());
  const auto base =
      content.is_relative() ? static_cast<std::int64_t>(at) : -static_cast<std::int64_t>(look_.start);
  std::int64_t first = content.is_relative() ? base : 0;
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
  if (content.has_distance) first = base + value_of(content.distance);
  if (content.has_within)
    last = std::min(
        last, base + (content.has_distance ? value_of(content.distance) : 0) + value_of(content.within));
  if (content.has_offset) first = std::max(first, base + value_of(content.offset));
  if (content.has_depth)
    last =
        std::min(last, base + (content.has_offset ? value_of(content.offset) : 0) + value_of(content.depth));
  first = std::max<std::int64_t>(first, 0);
  const bool grows = last > size;
  last = std::min(last, size);
  const auto needed = static_cast<std::int64_t>(content.finder.size());
  if (first + needed > last) return {0, 0, false, grows};
  return {static_cast<std::size_t>(first), static_cast<std::size_t>(last), true, grows};
}

Evaluator::Answer Evaluator::try_content(const Content& content, std::size_t step, std::size_t at) noexcept {
  const Answer failed = content.is_relative() ? Answer::no : Answer::never;
  const Window window = window_of(content, at);
  is_open_ |= content.at_end;
  if (!window.possible) {
    if (content.negated) return next(step, at);
    is_open_ |= window.grows;
    return not_found(content, step, look_.bytes.size(), true);
  }
  const Bytes part = look_.bytes.first(window.last);
  const std::size_t size = content.finder.size();
  std::size_t from = window.first;
  if (content.at_end) {
    if (window.last != look_.bytes.size()) return content.negated ? next(step, at) : failed;
    from = std::max(from, window.last - size);
  }
  const bool resumes = is_growing_ && steps_[step].resumes;
  if (resumes) from = std::max(from, resume_);
  bool waits = true;  // no place so far may still come into question
  for (;;) {
    const std::size_t place = content.finder.find(part, from);
    if (content.negated) return place == pattern::Finder::kNone ? next(step, at) : failed;
    if (place == pattern::Finder::kNone) {
      is_open_ |= window.grows;
      if (resumes && waits) resume_ = std::max(resume_, look_.bytes.size() + 1 - size);
      return not_found(content, step, from, waits);
    }
    if (resumes) was_open_ |= std::exchange(is_open_, false);
    const Answer rest = next(step, place + size);
    if (rest == Answer::yes && found_size_ == 0) {
      found_at_ = place;
      found_size_ = size;
    }
    if (rest != Answer::no) return rest;
    if (!steps_[step].retry) return failed;
    from = place + 1;
    waits &= resumes && !is_open_;
    if (waits) resume_ = from;
  }
}

pattern::Regex::Found Evaluator::search(const Expression& expression, Bytes part, std::size_t from) noexcept {
  if (is_growing_ && expression.relative)
    if (const auto settled = expression.regex->settled_search(part, from, regexes_)) return *settled;
  is_open_ = true;
  return expression.regex->search(part, from, regexes_);
}

Evaluator::Answer Evaluator::try_expression(const Expression& expression, std::size_t step,
                                            std::size_t at) noexcept {
  using Outcome = pattern::Regex::Outcome;
  const std::size_t base = expression.relative ? at : 0;
  if (base > look_.bytes.size()) return expression.negated ? next(step, at) : Answer::no;
  const Bytes part = look_.bytes.subspan(base);
  const Answer failed = expression.relative ? Answer::no : Answer::never;
  std::size_t from = 0;
  while (from <= part.size()) {
    const auto found = search(expression, part, from);
    if (found.outcome == Outcome::limit) regex_limit_ = true;
    if (expression.negated) return found.outcome == Outcome::found ? failed : next(step, at);
    if (found.outcome != Outcome::found) return failed;
    const Answer rest = next(step, base + found.end);
    if (rest == Answer::yes && found_size_ == 0) {
      found_at_ = base + found.begin;
      found_size_ = found.end - found.begin;
    }
    if (rest != Answer::no) return rest;
    if (!steps_[step].retry || ++tried_ > kMaxSteps) return Answer::no;
    from = found.begin + 1;
  }
  return failed;
}

bool Evaluator::has_data_at(const DataAt& data, std::size_t at) noexcept {
  const auto size = static_cast<std::int64_t>(look_.bytes.size());
  const std::int64_t wanted = value_of(data.at);
  const bool there = data.relative ? static_cast<std::int64_t>(at) + wanted <= size : wanted < size;
  is_open_ |= !there && !data.negated;
  return there != data.negated;
}

}  // namespace bansoko::detect
