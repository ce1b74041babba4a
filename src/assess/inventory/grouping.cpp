// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/grouping.h"

#include <algorithm>
#include <set>

#include "assess/inventory/inventory.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

using assess::Host;

std::string_view folder_of(std::string_view path) noexcept {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view last_name(std::string_view path) noexcept {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view stem(std::string_view path) noexcept {
  const std::string_view name = last_name(path);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

/// What our own script puts before the host's name.
std::string_view without_prefix(std::string_view folder) noexcept {
  constexpr std::string_view kPrefix = "bansoko-";
  return same_text(folder.substr(0, kPrefix.size()), kPrefix) && folder.size() > kPrefix.size()
             ? folder.substr(kPrefix.size())
             : folder;
}

/// Addresses that many hosts have alike.
bool is_everyones(std::string_view address) noexcept {
  return address.starts_with("127.") || address.starts_with("169.254.") || address.starts_with("fe80:") ||
         address == "::1";
}

/// Hosts by name and by address.
class Hosts {
 public:
  void add(Host&& host) {
    const std::size_t index = find(host);
    if (index == hosts_.size())
      hosts_.push_back(std::move(host));
    else
      merge(hosts_[index], std::move(host));
    note(index);
  }
  std::vector<Host> finish() && {
    std::sort(hosts_.begin(), hosts_.end(), [](const Host& a, const Host& b) { return a.name < b.name; });
    return std::move(hosts_);
  }

 private:
  /// By name; "WEB01" is "web01.example.jp" if that is the only host of that name. A host without a name is
  /// the only one with one of its addresses.
  std::size_t find(const Host& host) const {
    if (host.name.empty()) return by_address(host);
    const std::string name = lowered(host.name);
    if (const auto at = names_.find(name); at != names_.end()) return at->second;
    const std::string first = name.substr(0, name.find('.'));
    const auto at = first_labels_.find(first);
    if (at == first_labels_.end() || at->second.size() != 1) return hosts_.size();
    const std::size_t other = *at->second.begin();
    const bool short_name = first == name || hosts_[other].name.find('.') == std::string::npos;
    return short_name ? other : hosts_.size();
  }

  std::size_t by_address(const Host& host) const {
    for (const std::string& one : host.addresses) {
      const auto at = is_everyones(one) ? addresses_.end() : addresses_.find(one);
      if (at != addresses_.end() && at->second.size() == 1) return *at->second.begin();
    }
    return hosts_.size();
  }

  void note(std::size_t index) {
    const Host& host = hosts_[index];
    if (!host.name.empty()) {
      const std::string name = lowered(host.name);
      names_.emplace(name, index);
      first_labels_[name.substr(0, name.find('.'))].insert(index);
    }
    for (const std::string& one : host.addresses) addresses_[one].insert(index);
  }

  std::vector<Host> hosts_;
  std::map<std::string, std::size_t, std::less<>> names_;
  std::map<std::string, std::set<std::size_t>, std::less<>> first_labels_, addresses_;
};

/// A name that an address makes is none.
bool is_named(const Finding& one) { return !one.host.name.empty(); }

/// The names that the documents of one folder say, by how they are in lower case.
using Names = std::map<std::string, std::map<std::string, std::string>, std::less<>>;

Names names_by_folder(const std::vector<Finding>& findings) {
  Names names;
  for (const Finding& one : findings)
    if (one.alone && is_named(one))
      names[std::string(folder_of(one.path))].emplace(lowered(one.host.name), one.host.name);
  return names;
}

std::string name_for(const Finding& one, const Names& names, std::string_view top) {
  const std::string_view folder = folder_of(one.path);
  const auto said = names.find(folder);
  const std::size_t hosts = said == names.end() ? 0 : said->second.size();
  if (hosts == 1) return said->second.begin()->second;
  const std::string_view own = folder.empty() ? top : last_name(folder);
  return std::string(hosts > 1 || own.empty() ? stem(one.path) : without_prefix(own));
}

}  // namespace

std::vector<Host> group(std::vector<Finding> findings, std::string_view top) {
  const Names names = names_by_folder(findings);
  for (Finding& one : findings)
    if (one.alone && !is_named(one) && one.host.addresses.empty()) one.host.name = name_for(one, names, top);
  // Names first, so that what has only an address finds its host.
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return is_named(a) > is_named(b); });
  Hosts hosts;
  for (Finding& one : findings) hosts.add(std::move(one.host));
  std::vector<Host> made = std::move(hosts).finish();
  for (Host& host : made)
    if (host.name.empty() && !host.addresses.empty()) host.name = host.addresses.front();
  return made;
}

}  // namespace bansoko::inventory
