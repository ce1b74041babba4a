// SPDX-License-Identifier: Apache-2.0
// Reconnaissance as it is found in packets: through a pipeline, its ring and the lookout.
#include "shield/engine/lookout.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/loader.h"
#include "shield/engine/pipeline.h"
#include "shield/keyword/keywords.h"
#include "shield/packet/packet.h"
#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using packet::Address;
using packet::TcpFlag;
using traffic::Octets;

constexpr Address kScanner = Address::v4(203, 0, 113, 5);

ShieldSettings small_settings() {
  ShieldSettings settings = default_settings(proto::all_protocols());
  settings.flows.max_flows = 512;
  settings.inspection.max_flows = 512;
  settings.inspection.max_transactions = 256;
  settings.inspection.max_tracked = 256;
  settings.streams.memory = 8U << 20U;
  settings.defrag.max_datagrams = 16;
  settings.rule_files = {};
  settings.recon.port_scan = 10;
  settings.recon.host_scan = 12;
  settings.recon.fan_out = 15;
  settings.recon.max_tracked = 64;
  settings.recon.action = ReconAction::quarantine;
  settings.variables.addresses["HOME_NET"] = "10.0.0.0/8";
  return settings;
}

/// Pipelines as several workers have them, and one lookout.
class Post {
 public:
  explicit Post(const ShieldSettings& settings = small_settings(), unsigned workers = 1,
                std::size_t ring = 4096)
      : lookout_(settings, {}, 1),
        loader_(keyword::all_keywords(), proto::all_protocols(), settings.inspection.max_flowbits),
        rules_(loader_.load(settings).value()) {
    for (unsigned i = 0; i < workers; ++i) {
      records_.push_back(std::make_unique<Ring<Record>>(64));
      attempts_.push_back(std::make_unique<Ring<recon::Attempt>>(ring));
      pipelines_.push_back(std::make_unique<Pipeline>(settings, proto::all_protocols(), 1 + i, i,
                                                      *records_.back(), nullptr, attempts_.back().get()));
      EXPECT_TRUE(pipelines_.back()->use(*rules_.set));
    }
  }

  Post& send(const Octets& frame, std::size_t worker = 0) {
    now_ += std::chrono::milliseconds(1);
    pipelines_[worker % pipelines_.size()]->inspect(
        {.bytes = frame, .arrived = now_, .wire_size = static_cast<std::uint32_t>(frame.size())});
    pipelines_[worker % pipelines_.size()]->tick(now_);
    return *this;
  }
  Post& talk(const Address& from, const Address& to, std::uint16_t port, std::size_t worker = 0) {
    traffic::TestTcp talk(from, 40000, to, port);
    talk.handshake().client("hello").server("hello").fin();
    for (const Octets& frame : talk.frames()) send(frame, worker);
    return *this;
  }
  Post& knock(const Address& from, const Address& to, std::uint16_t port, bool refused,
              std::size_t worker = 0) {
    using namespace traffic;
    const IpFields there{.source = from, .dest = to};
    const IpFields back{.source = to, .dest = from};
    send(ethernet(tcp_packet(there, {.source_port = 41000, .dest_port = port, .flags = TcpFlag::syn})),
         worker);
    if (!refused) return *this;
    constexpr std::uint8_t kResetAck = TcpFlag::rst | TcpFlag::ack;
    return send(ethernet(tcp_packet(back, {.source_port = port,
                                           .dest_port = 41000,
                                           .sequence = 0,
                                           .acknowledgement = 1001,
                                           .flags = kResetAck})),
                worker);
  }
  Post& wait(std::chrono::seconds time) {
    now_ += time;
    for (const auto& pipeline : pipelines_) pipeline->tick(now_);
    return *this;
  }
  std::vector<event::Event> events() {
    std::vector<event::Event> all;
    for (const auto& ring : attempts_)
      lookout_.take(*ring, 7, [&](const event::Event& event, bool) { all.push_back(event); });
    return all;
  }
  /// "port_scan/inbound/observed", one for each event.
  std::string told() {
    std::string text;
    for (const event::Event& event : events()) {
      if (!text.empty()) text += ' ';
      text += event.name.substr(6) + "/" + event.recon->direction + "/" + event.recon->quarantine;
    }
    return text;
  }
  Pipeline& pipeline() { return *pipelines_.front(); }
  const Lookout& lookout() const { return lookout_; }

 private:
  Lookout lookout_;
  Loader loader_;
  LoadedRules rules_;
  std::vector<std::unique_ptr<Ring<Record>>> records_;
  std::vector<std::unique_ptr<Ring<recon::Attempt>>> attempts_;
  std::vector<std::unique_ptr<Pipeline>> pipelines_;
  std::chrono::nanoseconds now_ = std::chrono::seconds(1'700'000'000);
};

Address inside(unsigned host) { return Address::v4(10, 0, 1, static_cast<std::uint8_t>(host)); }

struct Case {
  std::string name;
  void (*traffic)(Post&);
  std::string told;
};

class FromPackets : public testing::TestWithParam<Case> {};

TEST_P(FromPackets, IsFound) {
  Post post(small_settings(), 2);
  GetParam().traffic(post);
  EXPECT_EQ(post.told(), GetParam().told);
}

void knock_ports(Post& post, unsigned ports, bool refused) {
  for (unsigned i = 1; i <= ports; ++i)
    post.knock(kScanner, inside(1), static_cast<std::uint16_t>(i), refused, i % 2);
}

INSTANTIATE_TEST_SUITE_P(Lookout, FromPackets,
                         testing::Values(
                             // The flows of one source are spread over workers, and judged together.
                             Case{"RefusedPortsOverTwoWorkers", [](Post& p) { knock_ports(p, 10, true); },
                                  "port_scan/inbound/unproven"},
                             Case{"OneRefusedPortMissing", [](Post& p) { knock_ports(p, 9, true); }, ""},
                             Case{"UnansweredPorts",
                                  [](Post& p) {
                                    knock_ports(p, 10, false);
                                    p.wait(std::chrono::seconds(3));
                                  },
                                  "port_scan/inbound/unproven"},
                             Case{"NotYetUnansweredPorts",
                                  [](Post& p) {
                                    knock_ports(p, 10, false);
                                    p.wait(std::chrono::seconds(2));
                                  },
                                  ""},
                             Case{"ProvenByAHandshake",
                                  [](Post& p) {
                                    p.talk(kScanner, inside(1), 80);
                                    knock_ports(p, 10, true);
                                  },
                                  "port_scan/inbound/observed"},
                             Case{"ProvenByAHandshakeOverIpv6",
                                  [](Post& p) {
                                    p.talk(traffic::v6(9), traffic::v6(1), 80);
                                    for (std::uint16_t i = 1; i <= 10; ++i)
                                      p.knock(traffic::v6(9), traffic::v6(1), i, true);
                                  },
                                  "port_scan/external/observed"},
                             Case{"ProvenLater",
                                  [](Post& p) {
                                    knock_ports(p, 10, true);
                                    p.talk(kScanner, inside(1), 80, 1);
                                  },
                                  "port_scan/inbound/unproven port_scan/inbound/observed"},
                             Case{"AHostBeginsToSpread",
                                  [](Post& p) {
                                    for (unsigned i = 1; i <= 15; ++i)
                                      p.talk(inside(9),
                                             Address::v4(198, 51, 100, static_cast<std::uint8_t>(i)), 445);
                                  },
                                  "fan_out/outbound/observed"},
                             Case{"Within",
                                  [](Post& p) {
                                    for (unsigned i = 1; i <= 15; ++i)
                                      p.talk(inside(9), inside(100 + i), 445);
                                  },
                                  "fan_out/internal/observed"},
                             Case{"Browsing",
                                  [](Post& p) {
                                    for (unsigned i = 1; i <= 100; ++i)
                                      p.talk(inside(9),
                                             Address::v4(198, 51, 100, static_cast<std::uint8_t>(i)), 443);
                                  },
                                  ""},
                             Case{"DatagramsToDeadHosts",
                                  [](Post& p) {
                                    for (unsigned i = 1; i <= 12; ++i)
                                      p.send(traffic::udp_frame(kScanner, 4000, inside(i), 161, "?"));
                                    p.wait(std::chrono::seconds(3));
                                  },
                                  "host_scan/inbound/unproven"}),
                         by_name);

TEST(Lookout, TellsAsEveDoes) {
  Post post;
  knock_ports(post, 10, true);
  const auto events = post.events();
  ASSERT_EQ(events.size(), 1U);
  const event::Event& event = events.front();
  EXPECT_EQ(event.type, "alert");
  ASSERT_TRUE(event.alert);
  EXPECT_EQ(event.alert->gid, kReconGid);
  EXPECT_EQ(event.alert->signature_id, 1U);
  EXPECT_EQ(event.alert->action, "allowed");
  EXPECT_EQ(event.source.address, "203.0.113.5");
  EXPECT_EQ(event.recon->hosts, std::vector<std::string>{"10.0.1.1"});
  EXPECT_EQ(event.recon->ports, (std::vector<std::uint16_t>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(event.recon->count, 10U);
  EXPECT_EQ(event.recon->window, 300U);
  EXPECT_EQ(event.verdict->action, "accept");
  EXPECT_EQ(event.rule_generation, 7U);
  const auto again = event::from_json(event::to_json(event));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(event::to_json(*again), event::to_json(event));
}

// More than the ring holds is lost and counted, and nothing is allocated on the packet path.
TEST(Lookout, CountsWhatDoesNotFitTheRing) {
  Post post(small_settings(), 1, 8);
  knock_ports(post, 10, true);
  EXPECT_EQ(post.pipeline().counters().attempts_lost.value(), 2U);
  using namespace traffic;
  std::vector<Octets> frames;
  for (std::uint16_t port = 100; port < 120; ++port)
    frames.push_back(ethernet(tcp_packet({.source = kScanner}, {.dest_port = port, .flags = TcpFlag::syn})));
  const AllocationCounter allocations;
  for (const Octets& frame : frames) post.send(frame);
  post.wait(std::chrono::seconds(3));
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(post.pipeline().counters().attempts_lost.value(), 22U);
}

TEST(Lookout, CountsWhatItFinds) {
  Post post;
  knock_ports(post, 10, true);
  post.talk(kScanner, inside(1), 80);
  EXPECT_EQ(post.events().size(), 2U);
  Totals totals;
  post.lookout().add_to(totals);
  EXPECT_EQ(totals.recon, (Named{{"attempts", 11},
                                 {"failed", 10},
                                 {"port_scan", 1},
                                 {"quarantine_observed", 1},
                                 {"quarantine_unproven", 1}}));
}

struct SettingsCase {
  std::string name;
  std::string text;
  std::string fault;  // empty: none
};

class ReconTexts : public testing::TestWithParam<SettingsCase> {};

TEST_P(ReconTexts, AreReadOrRefused) {
  settings::Faults faults;
  const std::string text = "shield: {recon: {" + GetParam().text + "}}";
  const auto read = parse_settings(text, "x.yaml", proto::all_protocols(), faults);
  EXPECT_EQ(read.has_value(), GetParam().fault.empty());
  const std::string said = read ? "" : read.error().message;
  EXPECT_NE(said.find(GetParam().fault), std::string::npos) << said;
}

INSTANTIATE_TEST_SUITE_P(
    Lookout, ReconTexts,
    testing::Values(SettingsCase{"Ports", "ports: [445, 1434/udp, 80/tcp]", ""},
                    SettingsCase{"NoPorts", "ports: []", ""},
                    SettingsCase{"PortZero", "ports: [0]", "is no port"},
                    SettingsCase{"PortTooLarge", "ports: [65536]", "is no port"},
                    SettingsCase{"PortProtocol", "ports: [445/sctp]", "tcp or udp"},
                    SettingsCase{"PortWord", "ports: [smb]", "is no port"},
                    SettingsCase{"Except", "except: ['10.0.0.0/8', '$HOME_NET', '2001:db8::/32']", ""},
                    SettingsCase{"ExceptFault", "except: ['10.0.0.0/33']", "shield.recon.except"},
                    SettingsCase{"TooFewPorts", "port_scan: 1", "port_scan"},
                    SettingsCase{"TooMany", "fan_out: 1025", "fan_out"},
                    SettingsCase{"TooMuchMemory", "max_tracked: 65536, fan_out: 65", "max_tracked"},
                    SettingsCase{"Action", "action: drop", "action"}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
