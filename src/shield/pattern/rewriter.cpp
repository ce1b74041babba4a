// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/rewriter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace bansoko::pattern {
namespace {

// Of one search: an operator's expression may be slow, a hopeless one shall not hang an import.
constexpr std::uint32_t kMatchLimit = 1000000;

struct Free {
  void operator()(pcre2_code* code) const noexcept { pcre2_code_free(code); }
  void operator()(pcre2_match_context* context) const noexcept { pcre2_match_context_free(context); }
};

std::string message_of(int error) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(error, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

PCRE2_SPTR units(std::string_view text) noexcept {
  static constexpr PCRE2_UCHAR kNothing = 0;  // PCRE2 refuses a null subject, even an empty one
  return text.empty() ? &kNothing : reinterpret_cast<PCRE2_SPTR>(text.data());
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Turns Python's template into PCRE2's.
class TemplateReader {
 public:
  TemplateReader(std::string_view text, const pcre2_code* code) : rest_(text), code_(code) {}

  Result<std::string> read() {
    while (!rest_.empty()) {
      const char c = take();
      if (c == '$') {
        into_ += "$$";
      } else if (c == '\\') {
        BANSOKO_CHECK(read_escape());
      } else {
        into_ += c;
      }
    }
    return std::move(into_);
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  Result<> read_escape() {
    if (rest_.empty()) return fail(Errc::invalid, "the replacement ends in a backslash");
    // Python's \0 is a NUL byte, which no text of ours may have.
    if (rest_.front() == '0') return fail(Errc::invalid, "the replacement has '\\0'");
    if (is_digit(rest_.front())) {
      const std::size_t size = rest_.size() > 1 && is_digit(rest_[1]) ? 2 : 1;
      const auto group = rest_.substr(0, size);
      rest_.remove_prefix(size);
      return add_group(group);
    }
    const char c = take();
    if (c == 'g') return read_named_group();
    static constexpr std::string_view kLetters = "nrt\\";
    static constexpr std::string_view kSigns = "\n\r\t\\";
    if (const auto at = kLetters.find(c); at != std::string_view::npos) {
      into_ += kSigns[at];
      return {};
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
      return fail(Errc::invalid, "the replacement has '\\{}', which means nothing", c);
    into_ += '\\';
    if (c == '$') into_ += '$';
    into_ += c;
    return {};
  }

  Result<> read_named_group() {
    const auto end = rest_.find('>');
    if (!rest_.starts_with('<') || end == std::string_view::npos || end == 1)
      return fail(Errc::invalid, "the replacement has '\\g' without '<group>'");
    const auto name = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return add_group(name);
  }

  Result<> add_group(std::string_view name) {
    if (!has_group(name)) return fail(Errc::invalid, "the expression has no group '{}'", name);
    into_ += "${" + std::string(name) + "}";
    return {};
  }

  bool has_group(std::string_view name) const {
    if (!std::ranges::all_of(name, is_digit))
      return pcre2_substring_number_from_name(code_, units(std::string(name))) > 0;
    std::uint32_t number = 0;
    std::uint32_t groups = 0;
    pcre2_pattern_info(code_, PCRE2_INFO_CAPTURECOUNT, &groups);
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc() && number <= groups;
  }

  std::string_view rest_;
  const pcre2_code* code_;
  std::string into_;
};

}  // namespace

struct Rewriter::Code {
  std::unique_ptr<pcre2_code, Free> expression;
  std::unique_ptr<pcre2_match_context, Free> context;
  std::string replacement;
};

Rewriter::Rewriter(std::unique_ptr<Code> code) : code_(std::move(code)) {}
Rewriter::Rewriter(Rewriter&&) noexcept = default;
Rewriter& Rewriter::operator=(Rewriter&&) noexcept = default;
Rewriter::~Rewriter() = default;

Result<Rewriter> Rewriter::compile(std::string_view expression, std::string_view replacement) {
  int error = 0;
  PCRE2_SIZE at = 0;
  auto code = std::make_unique<Code>();
  code->expression.reset(pcre2_compile(units(expression), expression.size(), 0, &error, &at, nullptr));
  if (code->expression == nullptr)
    return fail(Errc::invalid, "the expression is wrong at its byte {}: {}", at, message_of(error));
  code->context.reset(pcre2_match_context_create(nullptr));
  if (code->context == nullptr) return fail(Errc::limit, "no memory for an expression");
  pcre2_set_match_limit(code->context.get(), kMatchLimit);
  BANSOKO_TRY(code->replacement, TemplateReader(replacement, code->expression.get()).read());
  return Rewriter(std::move(code));
}

Result<std::string> Rewriter::apply(std::string_view text) const {
  static constexpr std::uint32_t kOptions =
      PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNSET_EMPTY | PCRE2_SUBSTITUTE_OVERFLOW_LENGTH;
  std::string result(text.size() + 256, '\0');
  for (;;) {
    PCRE2_SIZE size = result.size();
    const int got =
        pcre2_substitute(code_->expression.get(), units(text), text.size(), 0, kOptions, nullptr,
                         code_->context.get(), units(code_->replacement), code_->replacement.size(),
                         reinterpret_cast<PCRE2_UCHAR*>(result.data()), &size);
    if (got >= 0) {
      result.resize(size);
      return result;
    }
    if (got != PCRE2_ERROR_NOMEMORY) return fail(Errc::limit, "the expression gave up: {}", message_of(got));
    if (size > kMostBytes + 1) return fail(Errc::limit, "the result is longer than {} bytes", kMostBytes);
    result.resize(size);
  }
}

}  // namespace bansoko::pattern
