// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// named.conf of BIND 9 (its manual, "Configuration File Grammar"): statements of words and blocks, ended by
/// ";". Those of options are "named:recursion"; those of views and zones are kept apart, all their values
/// together: "named:zone:allow-transfer". Of a list in braces the value is "any; localhost". Keys are secret
/// and not kept.
namespace bansoko::inventory::named_conf {
namespace {

struct Token {
  std::string_view text = {};  // "{", "}", ";" stand alone
  std::uint32_t line = 0;
  bool quoted = false;

  bool is(char c) const noexcept { return !quoted && text.size() == 1 && text.front() == c; }
};

class Tokens {
 public:
  explicit Tokens(std::string_view text) noexcept : rest_(text) {}

  /// False: the end.
  bool next() noexcept {
    skip_blank();
    if (rest_.empty()) return false;
    token_ = {.line = line_};
    if (rest_.front() == '"') {
      token_.quoted = true;
      rest_.remove_prefix(1);
      token_.text = rest_.substr(0, rest_.find('"'));
      take(token_.text.size());
      if (!rest_.empty()) rest_.remove_prefix(1);
      return true;
    }
    constexpr std::string_view kAlone = "{};";
    const std::size_t size = kAlone.find(rest_.front()) != std::string_view::npos
                                 ? 1
                                 : std::min(rest_.find_first_of("{}; \t\r\n\""), rest_.size());
    token_.text = rest_.substr(0, size);
    take(size);
    return true;
  }
  const Token& token() const noexcept { return token_; }

 private:
  void take(std::size_t size) noexcept {
    for (const char c : rest_.substr(0, size)) line_ += c == '\n' ? 1 : 0;
    rest_.remove_prefix(std::min(size, rest_.size()));
  }

  void skip_blank() noexcept {
    while (!rest_.empty()) {
      const auto blank = std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size());
      take(blank);
      if (rest_.starts_with('#') || rest_.starts_with("//")) {
        take(std::min(rest_.find('\n'), rest_.size()));
      } else if (rest_.starts_with("/*")) {
        const auto end = rest_.find("*/", 2);
        take(end == std::string_view::npos ? rest_.size() : end + 2);
      } else {
        return;
      }
    }
  }

  std::string_view rest_;
  Token token_;
  std::uint32_t line_ = 1;
};

/// The words of a statement as they were written, a list in braces with "; " between.
class Statement {
 public:
  void add(const Token& token) {
    if (words_.empty()) line_ = token.line;
    words_.push_back(token.text);
  }
  void add_to_list(const Token& token, std::size_t max_text) {
    const bool first = list_.empty() || list_.ends_with("; ") || list_.ends_with("{ ");
    if (list_.size() + token.text.size() + 2 > max_text) return;
    if (token.is(';'))
      list_ += first ? "" : "; ";
    else if (token.is('{'))
      list_ += first ? "{ " : " { ";
    else if (token.is('}'))
      list_ += first ? "}" : " }";
    else
      list_ += (first ? "" : " ") + std::string(token.text);
  }

  std::string_view name() const noexcept { return words_.empty() ? std::string_view() : words_.front(); }
  std::string_view argument() const noexcept { return words_.size() < 2 ? std::string_view() : words_[1]; }
  std::uint32_t line() const noexcept { return line_; }
  std::string value() const {
    std::string value;
    for (std::size_t i = 1; i < words_.size(); ++i) value += (i == 1 ? "" : " ") + std::string(words_[i]);
    std::string_view list = list_;
    if (list.ends_with("; ")) list.remove_suffix(2);
    if (!list.empty()) value += (value.empty() ? "" : " ") + std::string(list);
    return value;
  }

 private:
  std::vector<std::string_view> words_;
  std::string list_;
  std::uint32_t line_ = 0;
};

class Reader {
 public:
  Reader(const Document& document, Config& config) noexcept
      : document_(document), config_(config), tokens_(document.bytes) {}

  void read(std::string_view scope, std::size_t depth) {
    read_block(scope, depth);
    if (open_ > 0) config_.unreadable("the file ends within a block", {document_});
  }

 private:
  static std::optional<std::string_view> scope_of(std::string_view name) noexcept {
    if (name == "options") return "";
    if (name == "view") return "view:";
    if (name == "zone") return "zone:";
    return std::nullopt;
  }

  /// Statements up to the end of the block that `scope` names, or of the file.
  void read_block(std::string_view scope, std::size_t depth) {
    Statement statement;
    while (tokens_.next()) {
      const Token token = tokens_.token();
      if (token.is('}')) {
        open_ -= open_ > 0 ? 1 : 0;
        return;
      }
      if (token.is(';')) {
        finish(statement, scope, depth);
        statement = {};
      } else if (token.is('{')) {
        ++open_;
        const auto inner = scope_of(statement.name());
        constexpr std::size_t kDeepest = 3;  // zones in views
        if (inner && depth < kDeepest) {
          read_block(*inner, depth + 1);
          statement = {};
        } else {
          read_list(statement);
        }
      } else {
        statement.add(token);
      }
    }
  }

  void read_list(Statement& statement) {
    std::size_t nested = 1;
    while (nested > 0 && tokens_.next()) {
      const Token token = tokens_.token();
      if (token.is('{')) ++nested;
      if (token.is('}') && --nested == 0) break;
      statement.add_to_list(token, config_.max_text());
    }
    open_ -= nested == 0 ? 1 : 0;
  }

  void finish(const Statement& statement, std::string_view scope, std::size_t depth) {
    const std::string_view name = statement.name();
    if (name.empty() || name == "key" || name == "secret") return;
    const Place place{document_, statement.line(), line_text(statement.line())};
    if (name == "include") {
      config_.follow(in_folder("/etc", statement.argument()), place, false,
                     [&](const Document& file) { Reader(file, config_).read(scope, depth); });
      return;
    }
    const std::string value = statement.value();
    if (depth == 1 && scope.empty())
      config_.first(name, value, place);
    else
      config_.each(std::string(scope) + std::string(name), value, place);
  }

  std::string_view line_text(std::uint32_t number) {
    while (lines_.number() < number && lines_.next()) {
    }
    return lines_.text();
  }

  const Document& document_;
  Config& config_;
  Tokens tokens_;
  Lines lines_{document_.bytes};
  std::size_t open_ = 0;
};

void read_file(const Document& document, Config& config) { Reader(document, config).read("", 0); }

constexpr ConfigFormat kFormat{"named", read_file};
constexpr std::array<std::string_view, 3> kPaths{"/etc/named.conf", "/etc/bind/named.conf",
                                                 "/var/named/chroot/etc/named.conf"};

bool recognises(const Document& document) {
  const std::string_view name = file_name(document.name);
  return name == "named.conf" || name == "named.conf.options";
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "named-conf",
                                 .title = "named.conf of BIND",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::named_conf
