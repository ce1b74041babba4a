// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/settings_hosts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "shield/engine/judge.h"

namespace bansoko::engine {
namespace {

using settings::Choice;
using settings::Section;

constexpr std::array<Choice<packet::System>, 7> kSystems{{{"first", packet::System::first},
                                                          {"last", packet::System::last},
                                                          {"linux", packet::System::linux},
                                                          {"windows", packet::System::windows},
                                                          {"windows-2003", packet::System::windows_2003},
                                                          {"bsd", packet::System::bsd},
                                                          {"solaris", packet::System::solaris}}};
constexpr std::array<Choice<packet::WebServer>, 4> kWebServers{{{"generic", packet::WebServer::generic},
                                                                {"apache", packet::WebServer::apache},
                                                                {"iis-6", packet::WebServer::iis6},
                                                                {"iis", packet::WebServer::iis}}};

constexpr std::array<Choice<Mode>, 2> kHostModes{{{"enforce", Mode::enforce}, {"observe", Mode::observe}}};

template <class E, std::size_t N>
Result<E> chosen(std::string_view word, const std::array<Choice<E>, N>& choices) {
  std::vector<std::string_view> names;
  for (const Choice<E>& choice : choices) {
    if (choice.name == word) return choice.value;
    names.push_back(choice.name);
  }
  return fail(Errc::invalid, "'{}' is none of: {}", word, fmt::join(names, ", "));
}

Result<std::uint8_t> hops_of(std::string_view text) {
  unsigned hops = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hops);
  if (error != std::errc() || end != text.data() + text.size() || hops > 255)
    return fail(Errc::invalid, "'{}' is no number from 0 to 255", text);
  return static_cast<std::uint8_t>(hops);
}

Result<rule::AddressSet::Range> network_of(std::string_view text) {
  std::size_t offset = 0;
  const bool is_one = text.find_first_not_of("0123456789abcdefABCDEF.:/") == std::string_view::npos;
  auto addresses =
      is_one ? rule::parse_addresses(text, {}, offset) : fail(Errc::invalid, "'{}' is no network", text);
  if (!addresses) return tl::unexpected<Error>(addresses.error());
  return addresses->ranges().front();
}

/// Binds one property of hosts: what the file says of each network goes into the table through `set`.
template <class Read, class Set>
void bind_property(Section& section, std::string_view key, settings::Words& words, std::string_view help,
                   Read read, Set set) {
  section.map(key, words, help);
  for (const auto& entry : words) {
    const Result<> done = [&]() -> Result<> {
      BANSOKO_TRY(const auto value, read(entry.second));
      return set(entry.first, value);
    }();
    section.require(fmt::format("{}.{}", key, entry.first), done.has_value(),
                    done ? "" : done.error().message);
  }
}

}  // namespace

void bind_hosts(Section& section, ShieldSettings& s) {
  auto table = std::make_shared<packet::HostTable>();
  bind_property(
      section, "systems", s.hosts.systems,
      "Which copy of a byte they believe when fragments or segments overlap (first, last, linux, windows "
      "from "
      "Vista on, windows-2003 up to that, bsd, solaris). All others: first.",
      [](std::string_view word) { return chosen(word, kSystems); },
      [&](std::string_view network, packet::System system) { return table->set_system(network, system); });
  bind_property(
      section, "web_servers", s.hosts.web_servers,
      "How they read HTTP requests (generic, apache, iis-6 up to IIS 6, iis from IIS 7). All others: "
      "generic.",
      [](std::string_view word) { return chosen(word, kWebServers); },
      [&](std::string_view network, packet::WebServer server) {
        return table->set_web_server(network, server);
      });
  bind_property(
      section, "hops", s.hosts.hops,
      "Routers between this machine and them: a packet whose TTL is used up on the way is dropped and not "
      "inspected; traceroute no longer sees those routers. All others: 0, nothing is dropped.",
      hops_of, [&](std::string_view network, std::uint8_t hops) { return table->set_hops(network, hops); });
  bind_property(
      section, "modes", s.hosts.modes,
      "observe: what rules would drop from or to these hosts is told, and passes. All others: enforce, that "
      "is what shield.mode and the patch say. Of both ends of a packet observe wins.",
      [](std::string_view word) { return chosen(word, kHostModes); },
      [](std::string_view network, Mode) -> Result<> {
        BANSOKO_CHECK(network_of(network));
        return {};
      });
  s.flows.hosts = std::move(table);
}

Result<rule::AddressSet> observed_hosts(const HostSettings& hosts) {
  using Range = rule::AddressSet::Range;
  std::vector<std::pair<Range, bool>> networks;
  for (const auto& [text, mode] : hosts.modes) {
    BANSOKO_TRY(const Range network, network_of(text));
    networks.emplace_back(network, mode == name_of(Mode::observe));
  }
  // The outer ones first.
  std::ranges::sort(networks, [](const auto& a, const auto& b) {
    return a.first.first != b.first.first ? a.first.first < b.first.first : b.first.last < a.first.last;
  });
  rule::AddressSet observed{std::vector<Range>()};
  for (const auto& [network, is_observed] : networks) {
    observed = observed.without(rule::AddressSet({network}));
    if (!is_observed) continue;
    std::vector<Range> with(observed.ranges().begin(), observed.ranges().end());
    with.push_back(network);
    observed = rule::AddressSet(std::move(with));
  }
  return observed;
}

}  // namespace bansoko::engine
