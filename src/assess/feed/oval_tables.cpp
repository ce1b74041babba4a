// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/oval_tables.h"

namespace bansoko::feed {
namespace {

constexpr std::size_t kEntryCost = 200;  // of the table's node and its empty texts

/// "libstdc++6" of "^libstdc\+\+6(?::\w+|)\s+(.*)$", as Ubuntu looks for packages in a manifest; a plain name
/// is itself.
std::string package_of(std::string_view pattern) {
  if (!pattern.starts_with('^')) return std::string(pattern);
  pattern.remove_prefix(1);
  std::string name;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size() &&
        std::string_view("swdbS").find(pattern[i + 1]) == std::string_view::npos)
      name += pattern[++i];
    else if (std::string_view("\\([$*?|").find(pattern[i]) != std::string_view::npos)
      break;
    else
      name += pattern[i];
  }
  return name;
}

std::string without_epoch_of_zero(std::string_view version) {
  if (version.starts_with("0:")) version.remove_prefix(2);
  return std::string(version);
}

}  // namespace

Result<> OvalBudget::spend(std::size_t bytes) {
  if (bytes > rest_) return fail(Errc::limit, "more definitions and tests than are kept in memory");
  rest_ -= bytes;
  return {};
}

Result<> OvalTables::add(std::string_view section, const xml::Node& entry) {
  std::string id(entry.attribute("id"));
  if (id.empty()) return fail(Errc::invalid, "an OVAL {} without id", entry.name);
  BANSOKO_CHECK(budget_.spend(id.size() + kEntryCost));
  if (section == "tests") return add_test(std::move(id), entry);
  if (section == "objects") return add_object(std::move(id), entry);
  if (section == "states") return add_state(std::move(id), entry);
  return add_variable(std::move(id), entry);
}

Result<> OvalTables::add_test(std::string id, const xml::Node& entry) {
  Test test;
  // Ubuntu's documents for containers search the packages' manifest as a text file.
  test.of_packages =
      entry.name == "rpminfo_test" || entry.name == "dpkginfo_test" || entry.name == "textfilecontent54_test";
  test.negated =
      entry.attribute("check_existence") == "none_exist" || entry.attribute("check").starts_with("none");
  std::size_t bytes = 0;
  for (const xml::Node& child : entry.children) {
    if (child.name == "object") test.object = child.attribute("object_ref");
    if (child.name == "state") bytes += test.states.emplace_back(child.attribute("state_ref")).size() + 32;
  }
  BANSOKO_CHECK(budget_.spend(bytes + test.object.size()));
  tests_.insert_or_assign(std::move(id), std::move(test));
  return {};
}

Result<> OvalTables::add_object(std::string id, const xml::Node& entry) {
  Object object;
  const bool manifest = entry.name == "textfilecontent54_object";
  if (const xml::Node* const name = entry.child(manifest ? "pattern" : "name")) {
    object.variable = name->attribute("var_ref");
    if (!manifest && name->attribute("operation").find("pattern") == std::string_view::npos)
      object.name = name->text;
  }
  BANSOKO_CHECK(budget_.spend(object.name.size() + object.variable.size()));
  objects_.insert_or_assign(std::move(id), std::move(object));
  return {};
}

Result<> OvalTables::add_state(std::string id, const xml::Node& entry) {
  State state;
  const bool manifest = entry.name == "textfilecontent54_state";
  for (const xml::Node& child : entry.children) {
    if (child.name == (manifest ? "subexpression" : "evr")) {
      state.evr = child.text;
      state.operation = child.attribute("operation");
    } else if (child.name == "arch") {
      state.arch = child.text.find_first_of("|(*.") == std::string::npos ? child.text : std::string();
    } else {
      state.other = true;
    }
  }
  BANSOKO_CHECK(budget_.spend(state.evr.size() + state.operation.size() + state.arch.size()));
  states_.insert_or_assign(std::move(id), std::move(state));
  return {};
}

Result<> OvalTables::add_variable(std::string id, const xml::Node& entry) {
  std::vector<std::string> names;
  std::size_t bytes = 0;
  for (const xml::Node& child : entry.children)
    if (child.name == "value") bytes += names.emplace_back(package_of(child.text)).size() + 32;
  BANSOKO_CHECK(budget_.spend(bytes));
  variables_.insert_or_assign(std::move(id), std::move(names));
  return {};
}

std::vector<std::string> OvalTables::packages(const std::string& object) const {
  const auto found = objects_.find(object);
  if (found == objects_.end()) return {};
  if (!found->second.name.empty()) return {found->second.name};
  const auto variable = variables_.find(found->second.variable);
  return variable == variables_.end() ? std::vector<std::string>() : variable->second;
}

OvalCheck OvalTables::check(const std::string& test) const {
  const auto found = tests_.find(test);
  if (found == tests_.end()) return {.kind = OvalCheck::Kind::unknown};
  if (!found->second.of_packages || found->second.negated) return {.kind = OvalCheck::Kind::condition};
  OvalCheck check{.kind = OvalCheck::Kind::installed, .packages = packages(found->second.object)};
  if (check.packages.empty()) return {.kind = OvalCheck::Kind::condition};
  for (const std::string& id : found->second.states) {
    const auto state = states_.find(id);
    if (state == states_.end()) return {.kind = OvalCheck::Kind::unknown};
    if (!state->second.arch.empty()) check.arch = state->second.arch;
    if (!state->second.evr.empty()) {
      check.version = without_epoch_of_zero(state->second.evr);
      check.kind =
          state->second.operation == "less than" ? OvalCheck::Kind::earlier : OvalCheck::Kind::version;
    } else if (state->second.other) {
      return {.kind = OvalCheck::Kind::condition};
    }
  }
  return check;
}

}  // namespace bansoko::feed
