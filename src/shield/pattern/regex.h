// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::pattern {

struct RegexOptions {
  bool nocase = false;               // i
  bool dot_all = false;              // s
  bool multi_line = false;           // m
  bool extended = false;             // x
  bool anchored = false;             // A
  bool dollar_end_only = false;      // E
  bool ungreedy = false;             // G
  std::uint32_t match_limit = 3500;  // work per search; PCRE2 match_limit
  std::uint32_t depth_limit = 1500;  // PCRE2 depth_limit (interpreter only)
};

/// A Perl-compatible expression over bytes, compiled to machine code (PCRE2 JIT). Immutable and shared by
/// workers.
class Regex {
 public:
  static Result<Regex> compile(std::string_view expression, const RegexOptions& options);
  /// The same without its machine code, which takes most of the time: that is to be made before any search.
  static Result<Regex> read(std::string_view expression, const RegexOptions& options);
  void make_machine_code() noexcept;
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  enum class Outcome : std::uint8_t { none, found, limit };
  struct Found {
    Outcome outcome = Outcome::none;
    std::size_t begin = 0;  // of the match, in bytes from the start of the subject
    std::size_t end = 0;
  };

  class Workspace;
  /// The first match that begins at `from` or after it.
  Found search(Bytes subject, std::size_t from, Workspace& workspace) const noexcept;
  /// The first match's first group; `none` where the group took no part in it.
  Found first_group(Bytes subject, Workspace& workspace) const noexcept;
  /// How many groups the expression has.
  std::size_t groups() const noexcept;

 private:
  struct Code;
  explicit Regex(std::unique_ptr<Code> code);
  std::unique_ptr<Code> code_;
};

/// The working memory of one thread for every Regex.
class Regex::Workspace {
 public:
  Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;
  ~Workspace();

 private:
  friend class Regex;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::pattern
