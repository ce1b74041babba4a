// SPDX-License-Identifier: Apache-2.0
#include "lockdown/policy/rules_file.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <pwd.h>

#include "base/file.h"
#include "base/map_reader.h"

namespace bansoko::policy {
namespace {

using settings::FaultSink;
using settings::MapReader;
using settings::Node;

constexpr std::size_t kMaxText = 4096;  // bytes of one field
constexpr std::array<settings::Choice<Answer>, 2> kActions{
    {{"allow", Answer::allow}, {"deny", Answer::deny}}};

std::string read_bounded(const Node& node, const FaultSink& faults) {
  std::string text = settings::read_text(node, faults);
  if (text.size() <= kMaxText) return text;
  faults.add(node, fmt::format("{} bytes are too many", text.size()), fmt::format("up to {}", kMaxText));
  return {};
}

/// A whole path, or a pattern of one.
std::string read_path(const Node& node, const FaultSink& faults) {
  std::string text = read_bounded(node, faults);
  if (!text.empty() && text.front() != '/' && text.front() != '*' && text.front() != '?')
    faults.add(node, fmt::format("'{}' can never be a whole path", text), "/usr/bin/perl, /opt/* or */perl");
  return text;
}

std::optional<identity::Sha256> read_digest(const Node& node, const FaultSink& faults) {
  const std::string text = settings::read_text(node, faults);
  const auto digest = identity::sha256_from(text);
  if (!digest && !text.empty())
    faults.add(node, fmt::format("'{}' is no SHA-256", text.substr(0, 80)), "64 of the digits 0-9 and a-f");
  return digest;
}

std::optional<std::uint32_t> read_user(const Node& node, const FaultSink& faults, const FindUser& find_user) {
  const std::string text = settings::read_text(node, faults);
  if (text.empty()) return {};
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stopped == end) return number;
  const auto found = find_user(text);
  if (!found) faults.add(node, fmt::format("no user is called '{}'", text), "a user's name or number");
  return found;
}

/// A rule that asks for nothing would speak of everything.
bool asks(const Rule& rule) noexcept {
  return !rule.path.empty() || rule.digest || !rule.package.empty() || rule.user || !rule.parent.empty();
}

Rule read_rule(const Node& node, const FaultSink& faults, const FindUser& find_user) {
  const std::size_t before = faults.count();
  Rule rule;
  rule.name = fmt::format("{}:{}", std::filesystem::path(faults.file()).filename().string(), node.line);
  MapReader map(node, faults);
  if (const Node* name = map.find("name")) rule.name = read_bounded(*name, faults);
  if (const Node* action = map.require("action")) rule.answer = read_choice(*action, faults, kActions);
  if (const Node* path = map.find("path")) rule.path = read_path(*path, faults);
  if (const Node* digest = map.find("digest")) rule.digest = read_digest(*digest, faults);
  if (const Node* package = map.find("package")) rule.package = read_bounded(*package, faults);
  if (const Node* user = map.find("user")) rule.user = read_user(*user, faults, find_user);
  if (const Node* parent = map.find("parent")) rule.parent = read_path(*parent, faults);
  if (const Node* note = map.find("note")) read_bounded(*note, faults);
  map.finish();
  if (faults.count() == before && !asks(rule))
    faults.add(node, "the rule would speak of everything",
               "one of path, digest, package, user, parent at least");
  return rule;
}

std::vector<Rule> read_all(const Node& tree, const FaultSink& faults, const FindUser& find_user) {
  std::vector<Rule> rules;
  std::set<std::string> names;
  MapReader map(tree, faults);
  const Node* const list = map.require("rules");
  map.finish();
  if (list == nullptr) return rules;
  const auto& items = settings::items_of(*list, faults);
  if (items.size() > kMaxRules) {
    faults.add(*list, fmt::format("{} rules are too many", items.size()), fmt::format("up to {}", kMaxRules));
    return rules;
  }
  for (const Node& item : items) {
    rules.push_back(read_rule(item, faults, find_user));
    if (!names.insert(rules.back().name).second)
      faults.add(item, fmt::format("another rule is called '{}', too", rules.back().name));
  }
  return rules;
}

}  // namespace

std::optional<std::uint32_t> user_of_system(const std::string& name) {
  passwd found{};
  passwd* result = nullptr;
  std::array<char, 16384> room{};
  if (::getpwnam_r(name.c_str(), &found, room.data(), room.size(), &result) != 0 || result == nullptr)
    return {};
  return found.pw_uid;
}

std::optional<std::vector<Rule>> parse_rules(std::string_view text, const std::string& file,
                                             const FindUser& find_user, settings::Faults& faults) {
  const std::size_t before = faults.size();
  const auto tree = settings::parse_tree(text, file, faults);
  if (!tree || faults.size() != before) return {};
  // A file of comments only: what an operator begins with.
  if (tree->kind == settings::Kind::null) return std::vector<Rule>();
  const FaultSink sink(file, faults);
  auto rules = read_all(*tree, sink, find_user);
  if (faults.size() != before) return {};
  return rules;
}

Result<std::vector<Rule>> load_rules(const std::string& path, settings::Faults& faults,
                                     const FindUser& find_user) {
  const auto text = read_file(path, settings::kLargestFile);
  if (!text && text.error().code == Errc::not_found) return std::vector<Rule>();
  if (!text) return tl::unexpected<Error>(text.error());
  const std::size_t before = faults.size();
  if (auto rules = parse_rules(*text, path, find_user, faults)) return std::move(*rules);
  if (faults.size() == before) return fail(Errc::invalid, "{} cannot be understood", path);
  const std::size_t more = faults.size() - before - 1;
  return fail(Errc::invalid, "{}{}", settings::to_text(faults[before]),
              more == 0 ? "" : fmt::format(" (and {} more)", more));
}

}  // namespace bansoko::policy
