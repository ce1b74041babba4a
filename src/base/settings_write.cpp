// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/settings.h"
#include "base/settings_units.h"
#include "base/text.h"

namespace bansoko::settings {

namespace {

constexpr std::size_t kWidth = 100;

/// Words that YAML readers, ours or an operator's, would take for something else.
bool has_other_meaning(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 10> kWords{"",    "~",  "null", "true", "false",
                                                    "yes", "no", "on",   "off",  "-"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return same_text(text, word); });
}

std::string in_quotes(std::string_view text) {
  const bool is_word = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '/' || c == '.' || c == '-';
  });
  if (is_word && !has_other_meaning(text)) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class Writer final : public Section {
 public:
  Writer(std::string& out, Comments comments, std::size_t depth)
      : out_(out), comments_(comments), indent_(2 * depth, ' ') {}

  void text(std::string_view key, std::string& value, std::string_view help) override {
    line(key, in_quotes(value), help, "");
  }
  void flag(std::string_view key, bool& value, std::string_view help) override {
    line(key, value ? "yes" : "no", help, "yes or no");
  }
  void list(std::string_view key, std::vector<std::string>& value, std::string_view help) override {
    line(key, value.empty() ? "[]" : "", help, "");
    for (const std::string& item : value) out_ += fmt::format("{}  - {}\n", indent_, in_quotes(item));
  }
  void map(std::string_view key, Words& value, std::string_view help) override {
    line(key, value.empty() ? "{}" : "", help, "");
    for (const auto& [name, word] : value)
      out_ += fmt::format("{}  {}: {}\n", indent_, in_quotes(name), in_quotes(word));
  }
  void sub(std::string_view key, std::string_view help, const Bind& bind) override {
    line(key, "", help, "");
    Writer inner(out_, comments_, indent_.size() / 2 + 1);
    const std::size_t before = out_.size();
    bind(inner);
    if (out_.size() == before) out_.insert(before - 1, " {}");
  }
  void require(std::string_view /*key*/, bool /*met*/, std::string_view /*message*/) override {}

 private:
  void whole_number(std::string_view key, std::uint64_t& value, const Allowed& allowed,
                    std::string_view help) override {
    line(key, format_amount(value, allowed.unit), help, describe(allowed));
  }
  void one_of(std::string_view key, std::size_t& chosen, std::span<const std::string_view> names,
              std::string_view help) override {
    line(key, std::string(names[chosen]), help, fmt::format("{}", fmt::join(names, ", ")));
  }

  void named_groups(std::string_view key, std::span<const std::string> names, std::string_view help,
                    const BindNamed& bind) override {
    line(key, names.empty() ? "{}" : "", help, "");
    for (const std::string& name : names) {
      Writer inner(out_, comments_, indent_.size() / 2 + 1);
      inner.sub(name, "", [&](Section& group) { bind(name, group); });
    }
  }

  void line(std::string_view key, const std::string& value, std::string_view help, std::string_view valid) {
    if (comments_ == Comments::all) {
      if (!out_.ends_with(":\n")) out_ += '\n';
      std::string comment(help);
      if (!valid.empty()) comment += fmt::format(" ({})", valid);
      wrap(comment);
    }
    out_ += fmt::format("{}{}:{}{}\n", indent_, in_quotes(key), value.empty() ? "" : " ", value);
  }

  void wrap(std::string_view comment) {
    std::size_t column = 0;
    while (!comment.empty()) {
      const std::string_view word = comment.substr(0, comment.find(' '));
      comment.remove_prefix(std::min(comment.size(), word.size() + 1));
      const bool fits = column != 0 && column + 1 + word.size() <= kWidth;
      if (!fits) {
        if (column != 0) out_ += '\n';
        out_ += indent_ + "#";
        column = indent_.size() + 1;
      }
      out_ += fmt::format(" {}", word);
      column += 1 + word.size();
    }
    if (column != 0) out_ += '\n';
  }

  std::string& out_;
  Comments comments_;
  std::string indent_;
};

}  // namespace

std::string write(const Part& part, Comments comments) {
  std::string out;
  Writer top(out, comments, 0);
  top.sub(part.name, part.help, part.bind);
  if (out.starts_with('\n')) out.erase(0, 1);
  return out;
}

}  // namespace bansoko::settings
