// SPDX-License-Identifier: Apache-2.0
#include "shield/recon/detector.h"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/packet/packet.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::recon {
namespace {

using packet::Address;
using packet::Protocol;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr Address kScanner = Address::v4(203, 0, 113, 5);

Address host(unsigned number) {
  return Address::v4(10, 0, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number));
}

Settings small_settings() {
  Settings settings;
  settings.window = seconds(100);
  settings.port_scan = 10;
  settings.host_scan = 12;
  settings.fan_out = 15;
  settings.fan_out_ports = {{445, Protocol::tcp}, {1434, Protocol::udp}};
  settings.except = rule::AddressSet({{Address::v4(192, 0, 2, 0), Address::v4(192, 0, 2, 255)}});
  settings.max_tracked = 64;
  return settings;
}

/// A detector, and the findings as text: "port_scan host_scan!" with a ! for a proven source.
class Watch {
 public:
  explicit Watch(const Settings& settings = small_settings()) : detector_(settings, 7) {}

  Watch& at(nanoseconds time) {
    now_ = seconds(1'000'000) + time;
    return *this;
  }
  Watch& attempt(const Address& source, const Address& dest, std::uint16_t port,
                 Outcome outcome = Outcome::failed, std::uint8_t protocol = Protocol::tcp) {
    findings_.clear();
    detector_.take({.source = source,
                    .dest = dest,
                    .source_port = 40000,
                    .dest_port = port,
                    .protocol = protocol,
                    .outcome = outcome,
                    .time = now_},
                   findings_);
    for (const Finding& finding : findings_) {
      if (!text_.empty()) text_ += ' ';
      text_ += name_of(finding.shape).substr(6);
      if (finding.proven) text_ += '!';
      if (finding.again) text_ += '+';
      last_ = finding;
    }
    return *this;
  }
  Watch& ports(unsigned count, const Address& source = kScanner, unsigned first = 1,
               Outcome outcome = Outcome::failed) {
    for (unsigned i = 0; i < count; ++i)
      attempt(source, host(1), static_cast<std::uint16_t>(first + i), outcome);
    return *this;
  }
  Watch& hosts(unsigned count, std::uint16_t port, Outcome outcome = Outcome::failed, unsigned first = 1,
               std::uint8_t protocol = Protocol::tcp) {
    for (unsigned i = 0; i < count; ++i) attempt(kScanner, host(first + i), port, outcome, protocol);
    return *this;
  }
  const std::string& text() const { return text_; }
  const Finding& last() const { return last_; }
  Detector& detector() { return detector_; }

 private:
  Detector detector_;
  nanoseconds now_ = seconds(1'000'000);
  std::vector<Finding> findings_;
  std::string text_;
  Finding last_;
};

struct Case {
  std::string name;
  std::function<void(Watch&)> traffic;
  std::string found;
};

class Shapes : public testing::TestWithParam<Case> {};

TEST_P(Shapes, AreFound) {
  Watch watch;
  GetParam().traffic(watch);
  EXPECT_EQ(watch.text(), GetParam().found);
}

const auto kSweep445 = [](Watch& watch, unsigned hosts) { watch.hosts(hosts, 445, Outcome::answered); };

INSTANTIATE_TEST_SUITE_P(
    Detector, Shapes,
    testing::Values(
        Case{"OnePortMissing", [](Watch& w) { w.ports(9); }, ""},
        Case{"Ports", [](Watch& w) { w.ports(10); }, "port_scan"},
        Case{"TheSamePortsAgain", [](Watch& w) { w.ports(9).ports(9).ports(9); }, ""},
        Case{"TcpAndUdpPortsAreDifferent",
             [](Watch& w) { w.ports(9).attempt(kScanner, host(1), 1, Outcome::failed, Protocol::udp); },
             "port_scan"},
        Case{"ToldOnce", [](Watch& w) { w.ports(500); }, "port_scan"},
        Case{"ToldAgainInTheNextWindow",
             [](Watch& w) { w.ports(10).at(seconds(100)).ports(10, kScanner, 50); }, "port_scan port_scan"},
        Case{"NotToldAgainBefore",
             [](Watch& w) { w.ports(10).at(milliseconds(99999)).ports(10, kScanner, 50); }, "port_scan"},
        Case{"TwoSources",
             [](Watch& w) { w.ports(9).ports(9, host(9)).ports(1, host(9), 99).ports(1, kScanner, 99); },
             "port_scan port_scan"},
        Case{"SlowPortsJustWithinTheWindow",
             [](Watch& w) {
               for (unsigned i = 0; i < 10; ++i) w.at(seconds(11) * i).ports(1, kScanner, 1 + i);
             },
             "port_scan"},
        Case{"TooSlowPorts",
             [](Watch& w) {
               for (unsigned i = 0; i < 100; ++i) w.at(milliseconds(11112) * i).ports(1, kScanner, 1 + i);
             },
             ""},
        Case{"PortsThatAnswer", [](Watch& w) { w.ports(500, kScanner, 1, Outcome::answered); }, ""},
        Case{"AsManyPortsAnswered",
             [](Watch& w) { w.ports(1).ports(10, kScanner, 100, Outcome::answered).ports(9, kScanner, 2); },
             ""},
        Case{"FewerPortsAnswered",
             [](Watch& w) { w.ports(1).ports(9, kScanner, 100, Outcome::answered).ports(9, kScanner, 2); },
             "port_scan"},
        // One open port does not excuse a scan, however often it is used.
        Case{"OnePortAnsweredOften",
             [](Watch& w) {
               for (unsigned i = 0; i < 100; ++i) w.ports(1).ports(1, kScanner, 80, Outcome::answered);
               w.ports(9, kScanner, 2);
             },
             "port_scan"},
        Case{"AnswersOutOfDate",
             [](Watch& w) {
               w.ports(1).ports(20, kScanner, 100, Outcome::answered).at(seconds(100)).ports(10);
             },
             "port_scan"},
        Case{"OneHostMissing", [](Watch& w) { w.hosts(11, 80); }, ""},
        Case{"Hosts", [](Watch& w) { w.hosts(12, 80); }, "host_scan"},
        Case{"HostsOnDifferentPorts", [](Watch& w) { w.hosts(11, 80).hosts(11, 81).hosts(11, 82); }, ""},
        Case{"HostsThatMostlyAnswer",
             [](Watch& w) { w.hosts(1, 443).hosts(200, 443, Outcome::answered, 1000).hosts(100, 443); }, ""},
        Case{"DatagramsToHosts", [](Watch& w) { w.hosts(12, 161, Outcome::failed, 1, Protocol::udp); },
             "host_scan"},
        Case{"FanOutOneMissing", [](Watch& w) { kSweep445(w, 14); }, ""},
        Case{"FanOut", [](Watch& w) { kSweep445(w, 15); }, "fan_out"},
        Case{"FanOutProven", [](Watch& w) { w.hosts(15, 445, Outcome::proven); }, "fan_out!"},
        Case{"FanOutOnAnotherPort", [](Watch& w) { w.hosts(500, 443, Outcome::answered); }, ""},
        Case{"FanOutIsOfOneProtocol",
             [](Watch& w) { w.hosts(500, 445, Outcome::answered, 1, Protocol::udp); }, ""},
        Case{"FanOutByUdp", [](Watch& w) { w.hosts(15, 1434, Outcome::failed, 1, Protocol::udp); },
             "host_scan fan_out"},
        Case{"FanOutOverMoreThanAMinute",
             [](Watch& w) {
               for (unsigned i = 0; i < 100; ++i)
                 w.at(milliseconds(4286) * i).hosts(1, 445, Outcome::answered, 1 + i);
             },
             ""},
        Case{"ProvenBefore", [](Watch& w) { w.attempt(kScanner, host(1), 80, Outcome::proven).ports(10); },
             "port_scan!"},
        Case{"ProvenTooLongAgo",
             [](Watch& w) { w.attempt(kScanner, host(1), 80, Outcome::proven).at(seconds(100)).ports(10); },
             "port_scan"},
        Case{"SomebodyElseProven",
             [](Watch& w) { w.attempt(host(7), host(1), 80, Outcome::proven).ports(10); }, "port_scan"},
        Case{"ProvenAfterwardsAndNobodyAsks",
             [](Watch& w) { w.ports(10).attempt(kScanner, host(1), 80, Outcome::proven); }, "port_scan"},
        Case{"AnException", [](Watch& w) { w.ports(500, Address::v4(192, 0, 2, 77)); }, ""},
        Case{"ClockSetBack",
             [](Watch& w) { w.at(seconds(500)).ports(9).at(seconds(0)).ports(9, kScanner, 50); }, ""},
        Case{"ALittleOutOfOrder",
             [](Watch& w) { w.at(seconds(50)).ports(9).at(seconds(49)).ports(1, kScanner, 50); },
             "port_scan"}),
    by_name);

TEST(Detector, TellsOfProofThatComesLater) {
  Settings settings = small_settings();
  settings.tell_proof = true;
  Watch watch(settings);
  watch.ports(10).attempt(kScanner, host(1), 80, Outcome::answered);
  EXPECT_EQ(watch.text(), "port_scan");
  watch.attempt(kScanner, host(1), 80, Outcome::proven).attempt(kScanner, host(1), 80, Outcome::proven);
  EXPECT_EQ(watch.text(), "port_scan port_scan!+");
  watch.at(seconds(100)).ports(10, kScanner, 50);
  EXPECT_EQ(watch.text(), "port_scan port_scan!+ port_scan") << "a proof holds for one window";
  watch.at(seconds(200)).attempt(kScanner, host(1), 80, Outcome::proven);
  EXPECT_EQ(watch.text(), "port_scan port_scan!+ port_scan") << "and so does what was found out";
}

TEST(Detector, GivesExamples) {
  Watch watch;
  watch.ports(10);
  EXPECT_EQ(watch.last().count, 10U);
  EXPECT_EQ(watch.last().hosts[0], host(1));
  ASSERT_EQ(watch.last().examples, Finding::kExamples);
  EXPECT_EQ(watch.last().ports[7], 8);
  watch.hosts(12, 25);
  EXPECT_EQ(watch.last().ports[0], 25);
  EXPECT_EQ(watch.last().hosts[3], host(4));
}

// A flood of forged sources fills the table many times over. Who has tried twice is kept before who tried
// once; nothing grows.
TEST(Detector, KeepsTheMoreActiveWhenFull) {
  Watch watch;
  watch.ports(2);
  const AllocationCounter allocations;
  for (unsigned i = 0; i < 5000; ++i) {
    watch.attempt(Address::v4(198, 18, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)),
                  host(1), 80);
    if (i % 500 == 499) watch.ports(1, kScanner, 3 + i / 500);
  }
  EXPECT_GT(watch.detector().given_up(), 1000U);
  EXPECT_EQ(watch.text(), "port_scan");
  EXPECT_EQ(watch.detector().counters().failed.value(), 5012U);
  EXPECT_LE(allocations.count(), 2U) << "the list of findings and the text of this test alone";
}

// As many with the same weight as there are places: the one longest silent gives way, so the limit is exact.
TEST(Detector, GivesUpTheLongestSilentOfEquals) {
  KeyedTable<std::uint64_t> table(8, 1);
  ASSERT_EQ(table.size(), 8U);
  const auto weight = [](std::uint64_t used) { return used; };
  for (std::uint64_t key = 1; key <= 8; ++key) table[table.claim({key}, weight)] = 100 + key;
  EXPECT_EQ(table.given_up(), 0U);
  table[table.claim({9}, weight)] = 200;
  EXPECT_EQ(table.given_up(), 1U);
  EXPECT_EQ(table.find({1}), KeyedTable<std::uint64_t>::kNone);
  for (std::uint64_t key = 2; key <= 9; ++key) EXPECT_NE(table.find({key}), KeyedTable<std::uint64_t>::kNone);
}

}  // namespace
}  // namespace bansoko::recon
