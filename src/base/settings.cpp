// SPDX-License-Identifier: Apache-2.0
#include "base/settings.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/settings_tree.h"
#include "base/settings_units.h"
#include "base/suggest.h"
#include "base/text.h"

namespace bansoko::settings {

namespace {

constexpr std::size_t kMaxText = 4096;
constexpr std::size_t kMaxItems = 4096;

std::string unknown(std::string_view what, std::string_view wrong, std::span<const std::string_view> words) {
  const std::string_view meant = nearest(wrong, words);
  if (meant.empty()) return fmt::format("unknown {} '{}'", what, wrong);
  return fmt::format("unknown {} '{}', did you mean '{}'?", what, wrong, meant);
}

bool is_plain(std::string_view text) noexcept {
  return text.size() <= kMaxText &&
         std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

/// Gives the fields it is bound to what one mapping of a file says, and notes what is wrong with it.
class Reader final : public Section {
 public:
  Reader(const Node& node, std::string path, std::string_view file, Faults& faults)
      : node_(node), path_(std::move(path)), file_(file), faults_(faults) {}

  void text(std::string_view key, std::string& value, std::string_view /*help*/) override {
    const Node* const found = find(key, Kind::scalar, "text");
    if (found == nullptr) return;
    if (is_plain(found->text))
      value = found->text;
    else
      blame(*found, key, "too long, or with control characters");
  }

  void flag(std::string_view key, bool& value, std::string_view /*help*/) override {
    const Node* const found = find(key, Kind::scalar, "yes or no");
    if (found == nullptr) return;
    const auto is = [&](std::string_view word) { return same_text(found->text, word); };
    if (is("yes") || is("true") || is("on"))
      value = true;
    else if (is("no") || is("false") || is("off"))
      value = false;
    else
      blame(*found, key, fmt::format("'{}' is neither yes nor no", found->text), "yes or no");
  }

  void list(std::string_view key, std::vector<std::string>& value, std::string_view /*help*/) override {
    const Node* const found = find(key, Kind::list, "a list: [one, two]");
    if (found == nullptr) return;
    if (found->items.size() > kMaxItems) return blame(*found, key, "too many items");
    std::vector<std::string> words;
    for (const Node& item : found->items)
      if (item.kind == Kind::scalar && is_plain(item.text))
        words.push_back(item.text);
      else
        blame(item, key, "an item must be a single value");
    value = std::move(words);
  }

  void map(std::string_view key, Words& value, std::string_view /*help*/) override {
    const Node* const found = find(key, Kind::map, "names with a value each");
    if (found == nullptr) return;
    if (found->items.size() > kMaxItems) return blame(*found, key, "too many items");
    for (std::size_t i = 0; i < found->items.size(); ++i) {
      const Node& item = found->items[i];
      if (item.kind == Kind::scalar && is_plain(item.text) && is_plain(found->keys[i].text))
        value[found->keys[i].text] = item.text;
      else
        blame(item, key, fmt::format("'{}' must have a single value", found->keys[i].text));
    }
  }

  void sub(std::string_view key, std::string_view /*help*/, const Bind& bind) override {
    known_.emplace_back(key);
    const Node* const found = lookup(key);
    // A group whose settings are all commented out is null.
    if (found == nullptr || found->kind == Kind::null) return;
    if (found->kind != Kind::map) return blame_kind(*found, key, "a group of settings");
    Reader inner(*found, path_of(key), file_, faults_);
    bind(inner);
    inner.finish();
  }

  void require(std::string_view key, bool met, std::string_view message) override {
    if (met) return;
    const auto dot = key.find('.');
    const Node* found = lookup(key.substr(0, dot));
    if (found != nullptr && dot != std::string_view::npos) {
      const Node* const item = lookup(*found, key.substr(dot + 1));
      found = item != nullptr ? item : found;
    }
    blame(found != nullptr ? *found : node_, key, std::string(message));
  }

  /// After binding: what nobody asked for is unknown.
  void finish() {
    const std::vector<std::string_view> known(known_.begin(), known_.end());
    for (const Node& key : node_.keys)
      if (key.kind == Kind::scalar && std::ranges::find(known, key.text) == known.end())
        add(key, path_, unknown("setting", key.text, known), fmt::format("{}", fmt::join(known, ", ")));
  }

  void ignore(std::span<const std::string_view> keys) {
    known_.insert(known_.end(), keys.begin(), keys.end());
  }

 private:
  void whole_number(std::string_view key, std::uint64_t& value, const Allowed& allowed,
                    std::string_view /*help*/) override {
    const Node* const found = find(key, Kind::scalar, describe(allowed));
    if (found == nullptr) return;
    const auto amount = parse_amount(found->text, allowed.unit);
    if (!amount) return blame(*found, key, amount.error().message, describe(allowed));
    const auto bound = [&](std::uint64_t limit) { return format_amount(limit, allowed.unit); };
    if (*amount < allowed.least)
      blame(*found, key, fmt::format("'{}' is less than {}", found->text, bound(allowed.least)),
            describe(allowed));
    else if (*amount > allowed.most)
      blame(*found, key, fmt::format("'{}' is more than {}", found->text, bound(allowed.most)),
            describe(allowed));
    else if (*amount % allowed.step != 0)
      blame(*found, key, fmt::format("'{}' is not a multiple of {}", found->text, bound(allowed.step)),
            describe(allowed));
    else
      value = *amount;
  }

  void one_of(std::string_view key, std::size_t& chosen, std::span<const std::string_view> names,
              std::string_view /*help*/) override {
    const std::string valid = fmt::format("{}", fmt::join(names, ", "));
    const Node* const found = find(key, Kind::scalar, valid);
    if (found == nullptr) return;
    const auto at = std::ranges::find(names, found->text);
    if (at == names.end()) return blame(*found, key, unknown("word", found->text, names), valid);
    chosen = static_cast<std::size_t>(at - names.begin());
  }

  void named_groups(std::string_view key, std::span<const std::string> /*names*/, std::string_view /*help*/,
                    const BindNamed& bind) override {
    const Node* const found = find(key, Kind::map, "names with a group of settings each");
    if (found == nullptr) return;
    if (found->items.size() > kMaxItems) return blame(*found, key, "too many items");
    for (std::size_t i = 0; i < found->items.size(); ++i) {
      const std::string& name = found->keys[i].text;
      const std::string path = fmt::format("{}.{}", key, name);
      if (!is_plain(name))
        blame(found->keys[i], key, "too long, or with control characters");
      else if (found->items[i].kind != Kind::map)
        blame_kind(found->items[i], path, "a group of settings");
      else
        bind_named(found->items[i], path, name, bind);
    }
  }

  void bind_named(const Node& node, std::string_view path, const std::string& name, const BindNamed& bind) {
    Reader inner(node, path_of(path), file_, faults_);
    bind(name, inner);
    inner.finish();
  }

  static const Node* lookup(const Node& map, std::string_view key) {
    for (std::size_t i = 0; i < map.keys.size() && i < map.items.size(); ++i)
      if (map.keys[i].text == key) return &map.items[i];
    return nullptr;
  }
  const Node* lookup(std::string_view key) const { return lookup(node_, key); }

  const Node* find(std::string_view key, Kind kind, std::string_view valid) {
    known_.emplace_back(key);
    const Node* const found = lookup(key);
    if (found == nullptr || found->kind == kind) return found;
    blame_kind(*found, key, valid);
    return nullptr;
  }

  void blame_kind(const Node& at, std::string_view key, std::string_view valid) {
    if (at.kind == Kind::null)
      blame(at, key, "has no value; leave the line out to have the default", std::string(valid));
    else
      blame(at, key, fmt::format("cannot be {}", name_of(at.kind, "a group of settings")),
            std::string(valid));
  }

  void blame(const Node& at, std::string_view key, std::string message, std::string valid = {}) {
    add(at, path_of(key), std::move(message), std::move(valid));
  }
  void add(const Node& at, std::string path, std::string message, std::string valid) {
    faults_.push_back(
        {std::string(file_), at.line, at.column, std::move(path), std::move(message), std::move(valid)});
  }
  std::string path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  }

  const Node& node_;
  std::string path_;
  std::string_view file_;
  Faults& faults_;
  std::vector<std::string> known_;
};

}  // namespace

std::string to_text(const Fault& fault) {
  std::string text = fault.file;
  if (fault.line != 0) text += fmt::format(":{}:{}", fault.line, fault.column);
  if (!fault.key.empty()) text += fmt::format(": {}", fault.key);
  text += fmt::format(": {}", fault.message);
  if (!fault.valid.empty()) text += fmt::format(" (valid: {})", fault.valid);
  return text;
}

bool read(std::string_view text, std::string_view file, const Part& part,
          std::span<const std::string_view> others, Faults& faults) {
  const std::size_t before = faults.size();
  const auto root = parse_tree(text, file, faults);
  if (!root) return false;
  if (root->kind == Kind::map) {
    Reader top(*root, "", file, faults);
    top.sub(part.name, part.help, part.bind);
    top.ignore(others);
    top.finish();
  } else if (root->kind != Kind::null) {
    faults.push_back({std::string(file),
                      root->line,
                      root->column,
                      {},
                      fmt::format("cannot be {}", name_of(root->kind, "a group of settings")),
                      fmt::format("'{}:'", part.name)});
  }
  return faults.size() == before;
}

}  // namespace bansoko::settings
