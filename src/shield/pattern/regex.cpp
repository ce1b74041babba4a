// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/regex.h"

#include <array>
#include <new>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace bansoko::pattern {

struct Regex::Code {
  struct Free {
    void operator()(pcre2_code* code) const noexcept { pcre2_code_free(code); }
  };
  std::unique_ptr<pcre2_code, Free> handle;
  std::uint32_t match_limit = 0;
  std::uint32_t depth_limit = 0;
};

struct Regex::Workspace::State {
  // Larger than any expression of the rules needs, small enough to stay in the cache.
  static constexpr std::size_t kJitStackStart = 32U << 10U;
  static constexpr std::size_t kJitStackMost = 512U << 10U;

  State()
      : context(pcre2_match_context_create(nullptr)),
        stack(pcre2_jit_stack_create(kJitStackStart, kJitStackMost, nullptr)),
        data(pcre2_match_data_create(1, nullptr)),
        group_data(pcre2_match_data_create(2, nullptr)) {
    if (context == nullptr || stack == nullptr || data == nullptr || group_data == nullptr)
      throw std::bad_alloc();
    pcre2_jit_stack_assign(context, nullptr, stack);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    pcre2_match_data_free(group_data);
    pcre2_match_data_free(data);
    pcre2_jit_stack_free(stack);
    pcre2_match_context_free(context);
  }

  pcre2_match_context* context;
  pcre2_jit_stack* stack;
  pcre2_match_data* data;
  pcre2_match_data* group_data;  // with room for one group
};

namespace {

std::uint32_t flags_of(const RegexOptions& options) noexcept {
  std::uint32_t flags = 0;
  if (options.nocase) flags |= PCRE2_CASELESS;
  if (options.dot_all) flags |= PCRE2_DOTALL;
  if (options.multi_line) flags |= PCRE2_MULTILINE;
  if (options.extended) flags |= PCRE2_EXTENDED;
  if (options.anchored) flags |= PCRE2_ANCHORED;
  if (options.dollar_end_only) flags |= PCRE2_DOLLAR_ENDONLY;
  if (options.ungreedy) flags |= PCRE2_UNGREEDY;
  return flags;
}

}  // namespace

Regex::Regex(std::unique_ptr<Code> code) : code_(std::move(code)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(std::string_view expression, const RegexOptions& options) {
  auto regex = read(expression, options);
  if (regex) regex->make_machine_code();
  return regex;
}

Result<Regex> Regex::read(std::string_view expression, const RegexOptions& options) {
  int error = 0;
  PCRE2_SIZE at = 0;
  auto code = std::make_unique<Code>();
  code->handle.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                                   flags_of(options), &error, &at, nullptr));
  if (code->handle == nullptr) {
    std::array<PCRE2_UCHAR, 256> reason{};
    pcre2_get_error_message(error, reason.data(), reason.size());
    return fail(Errc::invalid, "the expression is wrong at its byte {}: {}", at,
                reinterpret_cast<const char*>(reason.data()));
  }
  code->match_limit = options.match_limit;
  code->depth_limit = options.depth_limit;
  return Regex(std::move(code));
}

// An expression the JIT cannot take still runs in the interpreter.
void Regex::make_machine_code() noexcept { pcre2_jit_compile(code_->handle.get(), PCRE2_JIT_COMPLETE); }

Regex::Found Regex::search(Bytes subject, std::size_t from, Workspace& workspace) const noexcept {
  auto& work = *workspace.state_;
  pcre2_set_match_limit(work.context, code_->match_limit);
  pcre2_set_depth_limit(work.context, code_->depth_limit);
  static constexpr std::uint8_t kNothing = 0;  // PCRE2 refuses a null subject, even an empty one
  const std::uint8_t* data = subject.empty() ? &kNothing : subject.data();
  const int got = pcre2_match(code_->handle.get(), data, subject.size(), from, PCRE2_NO_UTF_CHECK, work.data,
                              work.context);
  if (got == PCRE2_ERROR_NOMATCH) return {};
  if (got < 0) return {.outcome = Outcome::limit};
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(work.data);
  return {.outcome = Outcome::found, .begin = ends[0], .end = ends[1]};
}

Regex::Found Regex::first_group(Bytes subject, Workspace& workspace) const noexcept {
  auto& work = *workspace.state_;
  pcre2_set_match_limit(work.context, code_->match_limit);
  pcre2_set_depth_limit(work.context, code_->depth_limit);
  static constexpr std::uint8_t kNothing = 0;
  const std::uint8_t* data = subject.empty() ? &kNothing : subject.data();
  const int got = pcre2_match(code_->handle.get(), data, subject.size(), 0, PCRE2_NO_UTF_CHECK,
                              work.group_data, work.context);
  if (got == PCRE2_ERROR_NOMATCH) return {};
  if (got < 0) return {.outcome = Outcome::limit};
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(work.group_data);
  // Of more groups than there is room for, the first is there all the same (0).
  if (got == 1 || ends[2] == PCRE2_UNSET || ends[2] > ends[3]) return {};
  return {.outcome = Outcome::found, .begin = ends[2], .end = ends[3]};
}

std::size_t Regex::groups() const noexcept {
  std::uint32_t count = 0;
  pcre2_pattern_info(code_->handle.get(), PCRE2_INFO_CAPTURECOUNT, &count);
  return count;
}

Regex::Workspace::Workspace() : state_(std::make_unique<State>()) {}
Regex::Workspace::Workspace(Workspace&&) noexcept = default;
Regex::Workspace& Regex::Workspace::operator=(Workspace&&) noexcept = default;
Regex::Workspace::~Workspace() = default;

}  // namespace bansoko::pattern
