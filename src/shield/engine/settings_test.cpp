// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/settings.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/cases.h"
#include "tests/source_folder.h"
#include "tests/temporary_folder.h"

namespace bansoko::engine {
namespace {

constexpr std::array kLimits{
    proto::Limit{.name = "message_size",
                 .help = "Size.",
                 .value = 65536,
                 .least = 1024,
                 .most = 1U << 20U,
                 .is_size = true},
    proto::Limit{.name = "layers", .help = "Layers.", .value = 2, .least = 0, .most = 4}};

const proto::Protocol& sample_protocol() {
  static constexpr proto::Protocol protocol{
      .name = "sample", .help = "A protocol.", .probe = nullptr, .make_parser = nullptr, .limits = kLimits};
  return protocol;
}

class Settings : public testing::Test {
 protected:
  Result<ShieldSettings> parse(std::string_view text) {
    faults_.clear();
    return parse_settings(text, "f", protocols_, faults_);
  }

  std::array<const proto::Protocol*, 1> protocols_{&sample_protocol()};
  settings::Faults faults_;
};

/// After a deliberate change of the defaults: build/dev/bin/bansoko config show --defaults > etc/bansoko.yaml
/// The parts of other programs follow.
TEST(ShippedSettings, BeginWithTheDefaults) {
  const std::string source = source_folder();
  if (source.empty()) GTEST_SKIP() << "the sources are not here";
  const std::string defaults = default_settings_yaml(proto::all_protocols());
  const std::string path = source + "/etc/bansoko.yaml";
  EXPECT_EQ(contents_of(path).substr(0, defaults.size()), defaults);

  settings::Faults faults;
  const auto loaded = load_settings(path, proto::all_protocols(), faults);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(settings_yaml(*loaded, proto::all_protocols()),
            settings_yaml(default_settings(proto::all_protocols()), proto::all_protocols()));
}

TEST_F(Settings, HostsAreKnownByNetwork) {
  const auto parsed = parse(
      "shield: {hosts: {systems: {192.0.2.0/24: windows-2003}, web_servers: {192.0.2.7: iis-6}, hops: "
      "{0.0.0.0/0: 3}}}");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const packet::HostView view = parsed->flows.hosts->of(packet::Address::v4(192, 0, 2, 7));
  EXPECT_EQ(view.system, packet::System::windows_2003);
  EXPECT_EQ(view.web_server, packet::WebServer::iis6);
  EXPECT_EQ(view.hops, 3);
}

TEST_F(Settings, AnEmptyFileGivesTheDefaults) {
  const auto parsed = parse("");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(settings_yaml(*parsed, protocols_),
            settings_yaml(ShieldSettings(default_settings(protocols_)), protocols_));
  EXPECT_EQ(parsed->mode, Mode::observe);
  EXPECT_TRUE(parsed->capture.observe);
  EXPECT_EQ(parsed->protocol_limits.at("sample").at("message_size"), 65536u);
  EXPECT_EQ(parsed->inspection.max_flows, parsed->flows.max_flows);
}

TEST_F(Settings, TheSettingsInForceReadBack) {
  auto changed = parse(
      "shield:\n"
      "  mode: enforce\n"
      "  workers: 4\n"
      "  interfaces: []\n"
      "  capture: {place: bridge, interfaces: [eth0, eth1]}\n"
      "  on_failure: {crash: closed, overload: open, hang: closed, hang_time: 3 s}\n"
      "  flows: {max_flows: 100, on_limit: drop, udp: 5 min}\n"
      "  vars: {addresses: {HOME_NET: \"[10.0.0.0/8,!10.1.0.0/16]\"}, ports: {HTTP_PORTS: '[80,8080]'}}\n");
  EXPECT_FALSE(changed);  // interfaces belong to capture
  changed = parse(
      "shield:\n"
      "  mode: enforce\n"
      "  workers: 4\n"
      "  capture: {place: bridge, interfaces: [eth0, eth1]}\n"
      "  on_failure: {crash: closed, overload: open, hang: closed, hang_time: 3 s}\n"
      "  flows: {max_flows: 100, on_limit: drop, udp: 5 min}\n"
      "  vars: {addresses: {HOME_NET: \"[10.0.0.0/8,!10.1.0.0/16]\"}, ports: {HTTP_PORTS: '[80,8080]'}}\n"
      "  protocols: {sample: {message_size: 2 KiB, layers: 4}}\n"
      "  evidence: {payload: packets}\n");
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(changed->mode, Mode::enforce);
  EXPECT_FALSE(changed->capture.observe);
  EXPECT_EQ(changed->workers, 4u);
  EXPECT_EQ(changed->capture.place, capture::Place::bridge);
  EXPECT_EQ(changed->interfaces, (std::vector<std::string>{"eth0", "eth1"}));
  EXPECT_EQ(changed->capture.on_crash, capture::OnFailure::closed);
  EXPECT_EQ(changed->capture.on_overload, capture::OnFailure::open);
  EXPECT_EQ(changed->on_failure.hang, capture::OnFailure::closed);
  EXPECT_EQ(changed->on_failure.hang_time, std::chrono::seconds(3));
  EXPECT_EQ(changed->on_flow_limit, flow::OnLimit::drop);
  EXPECT_EQ(changed->flows.udp, std::chrono::seconds(300));
  EXPECT_EQ(changed->inspection.max_flows, 100u);
  EXPECT_EQ(changed->variables.addresses.at("HOME_NET"), "[10.0.0.0/8,!10.1.0.0/16]");
  EXPECT_EQ(changed->variables.addresses.at("HTTP_SERVERS"), "any");
  EXPECT_EQ(changed->protocol_limits.at("sample").at("message_size"), 2048u);
  EXPECT_EQ(changed->protocol_limits.at("sample").at("layers"), 4u);
  EXPECT_EQ(changed->evidence.payload, Payload::packets);

  const std::string shown = settings_yaml(*changed, protocols_);
  const auto again = parse(shown);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(settings_yaml(*again, protocols_), shown);
}

struct Case {
  std::string_view name;
  std::string_view text;
  std::string_view want;
};

TEST_F(Settings, PortsOfTunnels) {
  const auto parsed = parse("shield: {inspection: {vxlan_ports: [4789, 8472], geneve_ports: []}}");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_TRUE(parsed->tunnels.vxlan.has(4789) && parsed->tunnels.vxlan.has(8472));
  EXPECT_FALSE(parsed->tunnels.geneve.has(6081));
  EXPECT_TRUE(parsed->tunnels.teredo.has(3544));
}

class SettingsRefuse : public Settings, public testing::WithParamInterface<Case> {};

TEST_P(SettingsRefuse, WithTheReason) {
  const auto parsed = parse(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, SettingsRefuse,
    testing::Values(
        Case{"Mode", "shield: {mode: enfoce}",
             "f:1:16: shield.mode: unknown word 'enfoce', did you mean 'enforce'? (valid: observe, enforce)"},
        Case{"Memory", "shield:\n  streams:\n    memory: 8 GiB\n",
             "f:3:13: shield.streams.memory: '8 GiB' is more than 4095 MiB (valid: a size from 1 MiB to 4095 "
             "MiB)"},
        Case{"WindowOverMemory", "shield: {streams: {memory: 1 MiB, window: 2 MiB}}",
             "f:1:43: shield.streams.window: must not be more than memory"},
        Case{"WindowOverMemoryByDefault", "shield: {streams: {window: 65 MiB}}",
             "f:1:28: shield.streams.window: must not be more than memory"},
        Case{"HistoryOverWindow", "shield: {streams: {window: 4 KiB, history: 5 KiB}}",
             "f:1:44: shield.streams.history: must not be more than window"},
        Case{"HostSystem", "shield: {hosts: {systems: {192.0.2.0/24: vista}}}",
             "f:1:42: shield.hosts.systems.192.0.2.0/24: 'vista' is none of: first, last, linux, windows, "
             "windows-2003, bsd, solaris"},
        Case{"HostNetwork", "shield: {hosts: {hops: {192.0.2.7/24: 1}}}",
             "f:1:39: shield.hosts.hops.192.0.2.7/24: '192.0.2.7/24' has bits set behind its prefix, the "
             "network "
             "is 192.0.2.0/24"},
        Case{"HostHops", "shield: {hosts: {hops: {192.0.2.7: 256}}}",
             "f:1:36: shield.hosts.hops.192.0.2.7: '256' is no number from 0 to 255"},
        Case{"TunnelPort", "shield: {inspection: {vxlan_ports: [4789, 65536]}}",
             "f:1:36: shield.inspection.vxlan_ports: '65536' is no port"},
        Case{"TunnelPortZero", "shield: {inspection: {teredo_ports: [0]}}",
             "f:1:37: shield.inspection.teredo_ports: '0' is no port"},
        Case{"TooManyTunnelPorts", "shield: {inspection: {geneve_ports: [1, 2, 3, 4, 5, 6, 7, 8, 9]}}",
             "f:1:37: shield.inspection.geneve_ports: more than 8 ports"},
        Case{"TooManyTunnels", "shield: {inspection: {max_tunnels: 9}}",
             "f:1:36: shield.inspection.max_tunnels: '9' is more than 8 (valid: a number from 0 to 8)"},
        Case{"ProtocolLimit", "shield: {protocols: {sample: {layers: 5}}}",
             "f:1:39: shield.protocols.sample.layers: '5' is more than 4 (valid: a number from 0 to 4)"},
        Case{"UnknownProtocol", "shield: {protocols: {smaple: {layers: 5}}}",
             "f:1:22: shield.protocols: unknown setting 'smaple', did you mean 'sample'? (valid: sample)"},
        Case{"QueuesBeyondTheLast", "shield: {workers: 2, capture: {first_queue: 65535}}",
             "f:1:45: shield.capture.first_queue: first_queue and workers lead past queue 65535"},
        Case{"GroupsBeyondTheLast", "shield: {workers: 2, capture: {first_group: 65535}}",
             "f:1:45: shield.capture.first_group: first_group and workers lead past group 65535"},
        Case{"ObserveBy", "shield: {capture: {observe_by: copy}}",
             "f:1:32: shield.capture.observe_by: unknown word 'copy' (valid: copies, queue)"},
        Case{"SegmentOverSpool", "shield: {spool: {max_bytes: 16 MiB}}",
             "f:1:29: shield.spool.max_bytes: must be at least twice segment_bytes"},
        Case{"Workers", "shield: {workers: 65}",
             "f:1:19: shield.workers: '65' is more than 64 (valid: a number from 1 to 64)"},
        Case{"NoDays", "shield: {evidence: {max_days: 0}}",
             "f:1:31: shield.evidence.max_days: '0' is less than 1 (valid: a number from 1 to 3650)"},
        Case{"Variable", "shield: {vars: {addresses: {HOME_NET: 10.0.0.0/33}}}",
             "f:1:39: shield.vars.addresses.HOME_NET: '33' is not a network length (valid: 0 to 32)"},
        Case{"Driver", "shield: {driver: nfqueu}",
             "f:1:18: shield.driver: unknown driver 'nfqueu', built in are: nflog, nfqueue, pcapfile"},
        Case{"Several", "shield: {mode: x, workers: 0, spool: 1}",
             "f:1:16: shield.mode: unknown word 'x' (valid: observe, enforce) (and 2 more)"}),
    by_name);

TEST_F(Settings, WhatIsApartIsNamed) {
  const auto one = parse("shield: {mode: enforce, capture: {interfaces: [eth0]}}");
  const auto other = parse(
      "shield:\n"
      "  mode: observe\n"
      "  rule_files: [/tmp/*.rules]\n"
      "  capture: {interfaces: [eth0, eth1]}\n"
      "  streams: {depth: 2 MiB}\n"
      "  protocols: {sample: {layers: 3}}\n"
      "  vars: {addresses: {DMZ: 10.0.0.0/8}}\n");
  ASSERT_TRUE(one && other);
  using Names = std::vector<std::string>;
  EXPECT_EQ(settings_apart(*one, *one, protocols_), Names{});
  const Names apart = settings_apart(*one, *other, protocols_);
  EXPECT_EQ(apart, (Names{"capture.interfaces", "mode", "protocols.sample.layers", "rule_files",
                          "streams.depth", "vars.addresses.DMZ"}));
  EXPECT_EQ(settings_apart(*other, *one, protocols_), apart);
  EXPECT_EQ(std::ranges::count_if(apart, takes_effect_on_reload), 2);
}

TEST_F(Settings, OtherProgramsAreLeftAlone) {
  EXPECT_TRUE(parse("lockdown: {mode: 7}\nassess: []\nconsole: x\nshield: {}\n"));
  EXPECT_FALSE(parse("shields: {}\n"));
}

TEST_F(Settings, AFileThatIsNotThereSaysSo) {
  const auto loaded = load_settings("/absent/bansoko.yaml", protocols_, faults_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Errc::not_found);
  EXPECT_TRUE(faults_.empty());
}

}  // namespace
}  // namespace bansoko::engine
