// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/firewall.h"

#include <random>

#include <net/if.h>

#include <linux/netfilter.h>

#include "shield/capture/ruleset.h"
#include "shield/capture/sysctls.h"

namespace bansoko::capture {
namespace {

constexpr std::uint16_t kMaxQueues = 64;  // each is a rule that packets of later queues pass first

Result<> check(const FirewallSettings& settings) {
  if (settings.queues < 1 || settings.queues > kMaxQueues)
    return fail(Errc::invalid, "{} queues: between 1 and {} are possible", settings.queues, kMaxQueues);
  if (settings.first_queue + settings.queues > 65536)
    return fail(Errc::invalid, "queue {} and {} more: the last possible is 65535", settings.first_queue,
                settings.queues - 1);
  if (settings.lead == Lead::none || (settings.lead == Lead::log_group && !settings.observe))
    return fail(Errc::invalid, "packets that are not held cannot be refused: only mode observe takes copies");
  for (const std::string& name : settings.interfaces)
    if (name.empty() || name.size() >= IFNAMSIZ || name.find('\0') != std::string::npos)
      return fail(Errc::invalid, "'{}' is not the name of an interface", name);
  return {};
}

Result<> commit_rules(const FirewallSettings& settings) {
  const std::uint32_t seed = std::random_device{}();
  auto native = ruleset(settings, LeadBy::expression, seed).commit();
  if (native || native.error().code != Errc::unsupported) return native;
  auto compatible = ruleset(settings, LeadBy::target, seed).commit();
  if (compatible) return compatible;
  return fail(compatible.error().code, "{} (and without iptables targets: {})", compatible.error().message,
              native.error().message);
}

}  // namespace

Result<> Firewall::install(const FirewallSettings& settings) {
  BANSOKO_CHECK(check(settings));
  // An instance that crashed as a bridge may come back as something else.
  if (settings.place != Place::bridge) {
    BANSOKO_CHECK(restore_sysctls(settings.state_file));
    return commit_rules(settings);
  }
  // The rules come first: they see nothing of the bridge until the sysctls show it to them, and when these
  // cannot be set nothing has happened to anybody's packets.
  BANSOKO_CHECK(commit_rules(settings));
  if (auto shown = show_bridged_packets(settings.state_file); !shown) {
    BANSOKO_CHECK(remove(settings.state_file));
    return shown;
  }
  return {};
}

Result<bool> Firewall::is_installed() {
  for (const std::uint8_t family : {NFPROTO_IPV4, NFPROTO_IPV6}) {
    BANSOKO_TRY(const bool there, has_table(family, kTable));
    if (!there) return false;
  }
  return true;
}

Result<std::uint64_t> Firewall::refused_packets() {
  std::uint64_t sum = 0;
  for (const std::uint8_t family : {NFPROTO_IPV4, NFPROTO_IPV6}) {
    BANSOKO_TRY(const auto packets, counted_packets(family, kTable, kRefusedCounter));
    sum += packets.value_or(0);
  }
  return sum;
}

Result<> Firewall::remove(const std::string& state_file) {
  // Connections keep our marks in conntrack: without our tables nobody reads them, and they end with the
  // connection.
  BANSOKO_CHECK(no_ruleset().commit());
  return restore_sysctls(state_file);
}

}  // namespace bansoko::capture
