// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/lazy_array.h"
#include "shield/detect/program.h"

namespace bansoko::detect {

/// The bytes a list of steps is tried on.
struct Look {
  Bytes bytes = {};
  std::uint64_t start = 0;  // where they begin in their stream; 0 for a whole buffer
};

/// Tries steps on bytes. One per worker; between rules only begin() is needed.
class Evaluator {
 public:
  /// Steps tried for one rule and buffer before it is given up (and counted).
  static constexpr std::uint32_t kMaxSteps = 3000;
  /// Bytes that base64_decode gives at most.
  static constexpr std::size_t kMaxDecoded = std::size_t{64} << 10U;

  /// Forgets the variables of the rule before. `little_endian`: what the message says of its numbers.
  void begin(bool little_endian = false) noexcept {
    limit_reached_ = regex_limit_ = false;
    little_endian_ = little_endian;
  }

  bool matches(std::span<const Step> steps, const Look& look) noexcept;

  /// The same of bytes that more may follow: where it fails, missing() may tell what it waits for. `resume`
  /// is what resume() gave when it failed for the same steps and fewer of these bytes, or 0.
  bool matches_growing(std::span<const Step> steps, Bytes bytes, std::size_t resume = 0) noexcept;
  /// The step whose content only bytes to come can bring, and without which the steps cannot match; or kNone.
  std::size_t missing() const noexcept { return missing_; }
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  /// What begins before this place is no match of the step that resumes, whatever follows: wherever it stood,
  /// all that came behind was decided by bytes that were there. See Step::resumes.
  std::size_t resume() const noexcept { return resume_; }
  /// Whether no bytes to come can make steps match that have not.
  bool is_final() const noexcept { return !is_open_ && !was_open_ && !limit_reached_; }

  /// Of the last content or expression that matched; size 0 if there was none.
  std::size_t found_at() const noexcept { return found_at_; }
  std::size_t found_size() const noexcept { return found_size_; }

  bool limit_reached() const noexcept { return limit_reached_; }
  bool regex_limit_reached() const noexcept { return regex_limit_; }

 private:
  enum class Answer : std::uint8_t { no, never, yes };  // never: no other place of an earlier step would help
  struct Window {
    std::size_t first, last;  // a match lies in [first, last)
    bool possible;
    bool grows;  // with the bytes
  };

  Answer run(std::size_t step, std::size_t at) noexcept;
  Answer next(std::size_t step, std::size_t at) noexcept;
  Answer try_content(const Content& content, std::size_t step, std::size_t at) noexcept;
  Answer try_expression(const Expression& expression, std::size_t step, std::size_t at) noexcept;
  pattern::Regex::Found search(const Expression& expression, Bytes part, std::size_t from) noexcept;
  Answer try_test(const NumberTest& test, std::size_t step, std::size_t at) noexcept;
  Answer try_jump(const NumberJump& jump, std::size_t step, std::size_t at) noexcept;
  Answer try_extract(const NumberExtract& extract, std::size_t step, std::size_t at) noexcept;
  Answer try_math(const NumberMath& math, std::size_t step, std::size_t at) noexcept;
  Answer try_decode(const Base64Decode& decode, std::size_t step, std::size_t at) noexcept;
  Answer not_found(const Content& content, std::size_t step, std::size_t searched_from, bool waits) noexcept;
  bool is_missing(const Content& content, std::size_t step, std::size_t searched_from) noexcept;
  bool has_data_at(const DataAt& data, std::size_t at) noexcept;
  Window window_of(const Content& content, std::size_t at) const noexcept;
  std::int64_t value_of(const Amount& amount) const noexcept;
  /// Reads a number; `end` is set to the place behind it.
  bool read(const NumberForm& form, std::size_t at, std::uint64_t& value, std::size_t& end) const noexcept;

  std::span<const Step> steps_;
  Look look_;
  std::array<std::uint64_t, kMaxVariables> variables_{};
  std::uint32_t tried_ = 0;
  std::size_t found_at_ = 0;
  std::size_t found_size_ = 0;
  bool is_growing_ = false;
  std::size_t missing_ = kNone;
  std::size_t resume_ = 0;
  bool was_open_ = false;      // before that
  bool is_open_ = false;       // more bytes might have changed something since this was last set to false
  std::uint64_t present_ = 0;  // a bit for each of the first steps whose content is somewhere in the bytes
  bool little_endian_ = false;
  bool limit_reached_ = false;
  bool regex_limit_ = false;
  pattern::Regex::Workspace regexes_;
  LazyArray<std::uint8_t> decoded_{kMaxDecoded};
};

}  // namespace bansoko::detect
