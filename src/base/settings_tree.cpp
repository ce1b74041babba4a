// SPDX-License-Identifier: Apache-2.0
#include "base/settings_tree.h"

#include <exception>
#include <set>
#include <sstream>
#include <utility>

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace bansoko::settings {

namespace {

class FaultList {
 public:
  FaultList(std::string_view file, Faults& faults) : file_(file), faults_(faults) {}

  void add(std::uint32_t line, std::uint32_t column, std::string message, std::string valid = {}) {
    faults_.push_back({std::string(file_), line, column, {}, std::move(message), std::move(valid)});
  }
  void add(const YAML::Mark& mark, std::string message, std::string valid = {}) {
    add(static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1),
        std::move(message), std::move(valid));
  }
  std::size_t count() const noexcept { return faults_.size(); }

 private:
  std::string_view file_;
  Faults& faults_;
};

/// yaml-cpp reports a tab as some other mistake further down, or takes it; and NUL ends its input.
bool check_characters(std::string_view text, FaultList& faults) {
  const std::size_t before = faults.count();
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  bool in_indentation = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t' && in_indentation) faults.add(line, column, "a tab in the indentation", "spaces");
    if ((byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f)
      faults.add(line, column, fmt::format("control character 0x{:02x}", byte));
    in_indentation = c == '\n' || (in_indentation && c == ' ');
    ++column;
    if (c == '\n') {
      ++line;
      column = 1;
    }
    if (faults.count() - before >= 20) break;
  }
  return faults.count() == before;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(FaultList& faults) : faults_(faults) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, {}, anchor);
    attach(node_at(Kind::null, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    faults_.add(mark, "aliases (*name) are not used here", "the value itself");
    attach(node_at(Kind::null, mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    Node node = node_at(Kind::scalar, mark);
    node.text = value;
    attach(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    check(mark, tag, anchor);
    open_.push_back(node_at(Kind::list, mark));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    check(mark, tag, anchor);
    open_.push_back(node_at(Kind::map, mark));
  }
  void OnMapEnd() override { close(); }

 private:
  static Node node_at(Kind kind, const YAML::Mark& mark) {
    Node node;
    node.kind = kind;
    node.line = static_cast<std::uint32_t>(mark.line + 1);
    node.column = static_cast<std::uint32_t>(mark.column + 1);
    return node;
  }

  void check(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor) {
    if (anchor != 0) faults_.add(mark, "anchors (&name) are not used here", "the value itself");
    // yaml-cpp gives plain scalars the tag "?" and quoted ones "!".
    if (!tag.empty() && tag != "?" && tag != "!") faults_.add(mark, "tags (!name) are not used here");
  }

  void attach(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Node& parent = open_.back();
    const bool is_key = parent.kind == Kind::map && parent.keys.size() == parent.items.size();
    if (parent.kind == Kind::map && !is_key && node.kind == Kind::null) {
      // Where nothing stands yaml-cpp gives the place of whatever comes next; the key's is what helps.
      node.line = parent.keys.back().line;
      node.column = parent.keys.back().column;
    }
    (is_key ? parent.keys : parent.items).push_back(std::move(node));
  }

  void close() {
    Node node = std::move(open_.back());
    open_.pop_back();
    if (node.kind == Kind::map) check_keys(node);
    attach(std::move(node));
  }

  void check_keys(const Node& map) {
    std::set<std::string_view> seen;
    for (const Node& key : map.keys) {
      if (key.kind != Kind::scalar)
        faults_.add(key.line, key.column, "a key must be a word");
      else if (!seen.insert(key.text).second)
        faults_.add(key.line, key.column, fmt::format("'{}' stands here twice", key.text));
    }
  }

  FaultList& faults_;
  std::vector<Node> open_;
  Node root_;
};

}  // namespace

std::optional<Node> parse_tree(std::string_view text, std::string_view file, Faults& all) {
  FaultList faults(file, all);
  if (text.size() > kMaxFileSize) {
    faults.add(0, 0, fmt::format("larger than {} bytes", kMaxFileSize));
    return std::nullopt;
  }
  if (!check_characters(text, faults)) return std::nullopt;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(faults);
    parser.HandleNextDocument(builder);
    Node root = builder.take();
    TreeBuilder second(faults);
    if (parser.HandleNextDocument(second)) {
      faults.add(1, 1, "holds more than one document", "one");
      return std::nullopt;
    }
    return root;
  } catch (const YAML::Exception& problem) {
    faults.add(problem.mark, problem.msg);
  } catch (const std::exception& problem) {
    faults.add(0, 0, problem.what());
  }
  return std::nullopt;
}

std::string_view name_of(Kind kind, std::string_view map) noexcept {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "a single value";
    case Kind::list:
      return "a list";
    case Kind::map:
      break;
  }
  return map;
}

}  // namespace bansoko::settings
