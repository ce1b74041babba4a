// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/quarantine.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/own_addresses.h"
#include "tests/cases.h"

namespace bansoko::engine {
namespace {

using packet::Address;
using std::chrono::nanoseconds;
using std::chrono::seconds;

struct DecideCase {
  std::string name;
  IsolationFacts facts;
  Isolation expected;
  bool require_handshake = true;
  Mode mode = Mode::enforce;
};

class Decides : public testing::TestWithParam<DecideCase> {};

TEST_P(Decides, WhoIsShutOut) {
  EXPECT_EQ(decide(GetParam().facts, GetParam().require_handshake, GetParam().mode), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Quarantine, Decides,
    testing::Values(
        DecideCase{"NotWanted", {.wanted = false, .proven = true}, Isolation::none},
        DecideCase{"Wanted", {.wanted = true, .proven = true}, Isolation::done},
        DecideCase{"Observe", {.wanted = true, .proven = true}, Isolation::observed, true, Mode::observe},
        DecideCase{"Forged", {.wanted = true}, Isolation::unproven},
        DecideCase{"ForgedInObserve", {.wanted = true}, Isolation::unproven, true, Mode::observe},
        DecideCase{"ForgedAndNobodyMinds", {.wanted = true}, Isolation::done, false},
        DecideCase{"Exempt", {.wanted = true, .exempt = true, .proven = true}, Isolation::exempt, false},
        DecideCase{"Full", {.wanted = true, .proven = true, .full = true}, Isolation::full}),
    by_name);

struct NobodyCase {
  std::string name;
  std::string address;
  bool nobody;
};

class Nobody : public testing::TestWithParam<NobodyCase> {};

TEST_P(Nobody, IsNeverShutOut) {
  EXPECT_EQ(is_nobody(packet::parse_address(GetParam().address).value()), GetParam().nobody);
}

INSTANTIATE_TEST_SUITE_P(
    Quarantine, Nobody,
    testing::Values(NobodyCase{"Host", "203.0.113.1", false}, NobodyCase{"Loopback", "127.0.0.53", true},
                    NobodyCase{"Unspecified", "0.0.0.0", true}, NobodyCase{"Multicast", "224.0.0.1", true},
                    NobodyCase{"BelowMulticast", "223.255.255.255", false},
                    NobodyCase{"Broadcast", "255.255.255.255", true},
                    NobodyCase{"Host6", "2001:db8::1", false}, NobodyCase{"Loopback6", "::1", true},
                    NobodyCase{"Unspecified6", "::", true}, NobodyCase{"Multicast6", "ff02::1", true},
                    NobodyCase{"LinkLocal6", "fe80::1", false}),
    by_name);

/// A quarantine whose gate writes down what it is asked: "+203.0.113.1/600 -203.0.113.1".
class Gated {
 public:
  explicit Gated(const ShieldSettings& settings) : quarantine(settings, gate()) {}

  Isolation found(std::uint8_t last_byte, nanoseconds now = seconds(1000), bool proven = true) {
    recon::Finding finding{.shape = recon::Shape::fan_out, .proven = proven};
    finding.last.source = address(last_byte);
    finding.last.time = now;
    return quarantine.consider(finding);
  }
  static Address address(std::uint8_t last_byte) { return Address::v4(203, 0, 113, last_byte); }

  std::string asked;
  bool refuses = false;
  Quarantine quarantine;

 private:
  Quarantine::Gate gate() {
    return {.shut_out = [this](const Address& who, Shut shut, seconds time) -> Result<> {
              if (refuses) return fail(Errc::io, "no");
              asked += (shut == Shut::all ? "+" : "+egress:") + packet::to_text(who) + "/" +
                       std::to_string(time.count()) + " ";
              return {};
            },
            .let_in = [this](const Address& who, Shut shut) -> Result<> {
              if (refuses) return fail(Errc::unsupported, "not there");
              asked += (shut == Shut::all ? "-" : "-egress:") + packet::to_text(who) + " ";
              return {};
            },
            .is_ours = [](const Address& who) { return who == address(254); }};
  }
};

ShieldSettings enforcing() {
  ShieldSettings settings;
  settings.mode = Mode::enforce;
  settings.recon.action = ReconAction::quarantine;
  settings.recon.quarantine_time = seconds(600);
  settings.recon.max_quarantined = 2;
  settings.recon.except = {"203.0.113.128/26"};
  return settings;
}

TEST(Quarantine, AsksTheGateOnceForEachSource) {
  Gated gated(enforcing());
  EXPECT_EQ(gated.found(1), Isolation::done);
  EXPECT_EQ(gated.found(1, seconds(1599)), Isolation::done);
  EXPECT_EQ(gated.asked, "+203.0.113.1/600 ");
  EXPECT_EQ(gated.found(1, seconds(1600)), Isolation::done) << "its time was up";
  EXPECT_EQ(gated.asked, "+203.0.113.1/600 +203.0.113.1/600 ");
  EXPECT_EQ(gated.found(130), Isolation::exempt);
  EXPECT_EQ(gated.found(254), Isolation::exempt);
  EXPECT_EQ(gated.found(2, seconds(1600), false), Isolation::unproven);
  EXPECT_EQ(gated.found(2, seconds(1600)), Isolation::done);
  EXPECT_EQ(gated.found(3, seconds(1600)), Isolation::full);
  EXPECT_EQ(gated.found(2, seconds(1600)), Isolation::done) << "who is shut out already needs no room";
  EXPECT_EQ(gated.found(3, seconds(2200)), Isolation::done);
  EXPECT_EQ(gated.quarantine.count_of(Isolation::full), 1U);
}

TEST(Quarantine, SaysWhenTheGateRefuses) {
  Gated gated(enforcing());
  gated.refuses = true;
  EXPECT_EQ(gated.found(1), Isolation::failed);
  EXPECT_TRUE(gated.quarantine.list(seconds(1000)).empty());
}

TEST(Quarantine, ObserveAsksNobody) {
  ShieldSettings settings = enforcing();
  settings.mode = Mode::observe;
  Gated gated(settings);
  EXPECT_EQ(gated.found(1), Isolation::observed);
  EXPECT_FALSE(gated.quarantine.add(Gated::address(2), seconds(1000)));
  EXPECT_EQ(gated.asked, "");
}

TEST(Quarantine, IsListedReleasedAndRestored) {
  Gated gated(enforcing());
  gated.found(1);
  ASSERT_TRUE(gated.quarantine.add(Gated::address(2), seconds(1100)));
  EXPECT_FALSE(gated.quarantine.add(Gated::address(3), seconds(1100))) << "full";
  EXPECT_FALSE(gated.quarantine.add(Gated::address(254), seconds(1100))) << "our own";
  const auto list = gated.quarantine.list(seconds(1100));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].why, "recon.fan_out");
  EXPECT_EQ(list[0].until, seconds(1600));
  EXPECT_EQ(list[1].why, "by hand");
  gated.asked.clear();
  EXPECT_TRUE(gated.quarantine.restore(seconds(1200)));
  EXPECT_EQ(gated.asked, "+203.0.113.1/400 +203.0.113.2/500 ");
  EXPECT_TRUE(gated.quarantine.release(Gated::address(1), seconds(1200)));
  EXPECT_FALSE(gated.quarantine.release(Gated::address(1), seconds(1200)));
  gated.refuses = true;
  EXPECT_TRUE(gated.quarantine.release(Gated::address(2), seconds(1200))) << "the kernel was first";
  EXPECT_TRUE(gated.quarantine.list(seconds(1200)).empty());
}

TEST(Quarantine, ConfinesAnInfectedHost) {
  ShieldSettings settings = enforcing();
  settings.infection.quarantine_time = seconds(300);
  Gated gated(settings);
  const auto confine = [&gated](std::uint8_t last_byte, bool proven) {
    return gated.quarantine.confine(Gated::address(last_byte), proven, seconds(1000));
  };
  EXPECT_EQ(confine(1, false), Isolation::unproven);
  EXPECT_EQ(confine(1, true), Isolation::done);
  EXPECT_EQ(confine(1, true), Isolation::done);
  EXPECT_EQ(confine(130, true), Isolation::exempt);
  EXPECT_EQ(gated.found(1), Isolation::done) << "another way to be shut out";
  EXPECT_EQ(confine(254, true), Isolation::full);
  EXPECT_EQ(gated.asked, "+egress:203.0.113.1/300 +203.0.113.1/600 ");
  const auto list = gated.quarantine.list(seconds(1000));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[1].why, "host.infected");
  gated.asked.clear();
  EXPECT_TRUE(gated.quarantine.restore(seconds(1200)));
  EXPECT_EQ(gated.asked, "+203.0.113.1/400 +egress:203.0.113.1/100 ");
  gated.asked.clear();
  EXPECT_TRUE(gated.quarantine.release(Gated::address(1), seconds(1200)));
  EXPECT_EQ(gated.asked, "-203.0.113.1 -egress:203.0.113.1 ");
  EXPECT_EQ(confine(254, true), Isolation::done) << "one of our own addresses may be infected";
}

TEST(OwnAddresses, HoldLoopbackAndNoStranger) {
  EXPECT_TRUE(is_own_address(Address::v4(127, 0, 0, 1)));
  EXPECT_FALSE(is_own_address(Address::v4(203, 0, 113, 77)));
}

}  // namespace
}  // namespace bansoko::engine
