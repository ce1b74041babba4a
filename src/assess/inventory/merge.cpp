// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/text.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

using assess::Gap;
using assess::Host;
using assess::OperatingSystem;

bool same_value(const std::string& a, const std::string& b) { return same_text(a, b); }

template <class T>
bool same_value(const T& a, const T& b) {
  return a == b;
}

std::string in_words(const std::string& value) { return shown(value); }
std::string in_words(std::uint32_t value) { return std::to_string(value); }
std::string in_words(std::optional<std::uint32_t> value) { return std::to_string(value.value_or(0)); }
std::string in_words(assess::Arch value) {
  constexpr const char* kNames[] = {"unknown", "x86", "x64", "ia64", "arm64", "other"};
  return kNames[static_cast<std::size_t>(value)];
}

/// Fills what the first does not know from the second. Where both know and differ, the first stays, and the
/// difference is a gap.
template <class T>
void take(Host& host, const char* what, T& mine, T& other, const assess::Evidence& seen) {
  if (same_value(other, T{}) || same_value(mine, other)) return;
  if (same_value(mine, T{})) {
    mine = std::move(other);
    return;
  }
  add_gap(host, Gap::contradiction, fmt::format("{}: {} and {}", what, in_words(mine), in_words(other)),
          seen);
}

void merge_os(Host& host, OperatingSystem&& other) {
  OperatingSystem& os = host.os;
  const bool known = !os.product.empty(), other_known = !other.product.empty();
  // A guess of how a host answers says nothing against what the host says of itself.
  if (known && other_known && other.accuracy != os.accuracy) {
    if (other.accuracy > os.accuracy) os = std::move(other);
    return;
  }
  const bool differs = known && other_known && os.product != other.product;
  const assess::Evidence seen = other.evidence;
  take(host, "system", os.product, other.product, seen);
  if (differs) return;
  if (!known && other_known) os.accuracy = other.accuracy;
  if (os.evidence.source.empty() || (!known && other_known)) os.evidence = other.evidence;
  // "7" and "7.9.2009" are the same, one told in full.
  if (other.version.starts_with(os.version + ".")) os.version = other.version;
  if (!os.version.starts_with(other.version + ".")) take(host, "version", os.version, other.version, seen);
  take(host, "edition", os.edition, other.edition, seen);
  take(host, "service pack", os.service_pack, other.service_pack, seen);
  take(host, "build", os.build, other.build, seen);
  take(host, "architecture", os.arch, other.arch, seen);
  os.revision = std::max(os.revision, other.revision);
  os.r2 = os.r2 || other.r2;
  // Sources call the same system by different names, and a list of locales is no proof of a language.
  if (os.name.empty()) os.name = std::move(other.name);
  if (os.language.empty()) os.language = std::move(other.language);
}

auto identity(const assess::Component& one) {
  return std::tie(one.kind, one.ecosystem, one.name, one.version, one.arch);
}

void merge_components(std::vector<assess::Component>& mine, std::vector<assess::Component>&& other) {
  using Key = std::tuple<assess::ComponentKind, assess::Ecosystem, std::string, std::string, std::string>;
  std::map<Key, std::size_t> known;
  for (std::size_t i = 0; i < mine.size(); ++i) known.emplace(identity(mine[i]), i);
  for (assess::Component& one : other) {
    const auto [at, added] = known.emplace(identity(one), mine.size());
    if (added) {
      mine.push_back(std::move(one));
      continue;
    }
    assess::Component& same = mine[at->second];
    if (!same.running) same.running = one.running;
    if (same.product.empty()) same.product = std::move(one.product);
  }
}

void merge_updates(std::vector<assess::Update>& mine, std::vector<assess::Update>&& other) {
  std::map<std::string, std::size_t, std::less<>> known;
  for (std::size_t i = 0; i < mine.size(); ++i) known.emplace(mine[i].kb, i);
  for (assess::Update& one : other) {
    const auto [at, added] = known.emplace(one.kb, mine.size());
    if (added)
      mine.push_back(std::move(one));
    else if (!mine[at->second].installed)
      mine[at->second].installed = one.installed;
  }
}

void merge_listeners(std::vector<assess::Listener>& mine, std::vector<assess::Listener>&& other) {
  using Key = std::tuple<std::string, std::uint16_t, std::string>;
  std::map<Key, std::size_t> known;
  for (std::size_t i = 0; i < mine.size(); ++i)
    known.emplace(Key(mine[i].address, mine[i].port, mine[i].protocol), i);
  for (assess::Listener& one : other) {
    const auto [at, added] = known.emplace(Key(one.address, one.port, one.protocol), mine.size());
    if (added)
      mine.push_back(std::move(one));
    else if (mine[at->second].program.empty())
      mine[at->second].program = std::move(one.program);
  }
}

void merge_settings(Host& host, Host& other) {
  for (auto& [name, setting] : other.settings) {
    const auto [at, added] = host.settings.emplace(name, setting);
    if (!added && at->second.value != setting.value)
      add_gap(host, Gap::contradiction,
              fmt::format("{}: {} and {}", shown(name), shown(at->second.value), shown(setting.value)),
              setting.evidence);
  }
}

bool has_packages(const Host& host) {
  return std::any_of(host.components.begin(), host.components.end(),
                     [](const assess::Component& one) { return one.kind == assess::ComponentKind::package; });
}

/// Whether a host tells in full what a gap of another is about.
bool closes(const Host& host, Gap gap) {
  switch (gap) {
    case Gap::no_os:
      return !host.os.product.empty() && host.os.accuracy == 100;
    case Gap::no_updates:
      return !host.updates.empty() || host.lacks(Gap::updates_cut);
    case Gap::updates_cut:
      return !host.updates.empty() && !host.lacks(Gap::updates_cut) && !host.lacks(Gap::no_updates);
    case Gap::no_packages:
      return has_packages(host) || host.lacks(Gap::packages_cut);
    case Gap::packages_cut:
      return has_packages(host) && !host.lacks(Gap::packages_cut) && !host.lacks(Gap::no_packages);
    case Gap::no_service_pack:
      return host.os.service_pack.has_value();
    case Gap::no_architecture:
      return host.os.arch != assess::Arch::unknown;
    case Gap::no_settings:
      return !host.settings.empty() && !host.lacks(Gap::no_settings);
    case Gap::contradiction:
    case Gap::unreadable:
      break;
  }
  return false;
}

std::vector<assess::Missing> what_stays_missing(const Host& host, const Host& other) {
  std::vector<assess::Missing> stays;
  for (const assess::Missing& one : host.missing)
    if (!closes(other, one.gap)) stays.push_back(one);
  return stays;
}

}  // namespace

void merge(Host& host, Host&& other) {
  std::vector<assess::Missing> mine = what_stays_missing(host, other);
  const std::vector<assess::Missing> others = what_stays_missing(other, host);
  host.missing = std::move(mine);
  for (const assess::Missing& one : others)
    if (!host.lacks(one.gap) || one.gap == Gap::contradiction || one.gap == Gap::unreadable ||
        one.gap == Gap::updates_cut)
      add_gap(host, one.gap, one.what, one.evidence);
  if (host.name.empty()) host.name = std::move(other.name);
  for (std::string& one : other.addresses)
    if (std::find(host.addresses.begin(), host.addresses.end(), one) == host.addresses.end())
      host.addresses.push_back(std::move(one));
  merge_os(host, std::move(other.os));
  merge_components(host.components, std::move(other.components));
  merge_updates(host.updates, std::move(other.updates));
  merge_listeners(host.listeners, std::move(other.listeners));
  merge_settings(host, other);
  if (!host.collected || (other.collected && *other.collected < *host.collected))
    host.collected = other.collected;
  for (std::string& source : other.sources) host.sources.push_back(std::move(source));
  state_gaps(host);
}

}  // namespace bansoko::inventory
