// SPDX-License-Identifier: Apache-2.0
// Floods through the whole path. BANSOKO_STRESS=10 makes each ten times as long.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/keyed_hash.h"
#include "shield/engine/siege.h"
#include "tests/cases.h"
#include "tests/traffic/frames.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using packet::Action;
using std::chrono::nanoseconds;
using traffic::Octets;
using traffic::TestTcp;

constexpr std::string_view kRules =
    "drop tcp any any -> any any (msg:\"evil\"; flow:established,to_server; content:\"EVIL\"; sid:1;)\n"
    // Nested quantifiers: each further 'a' would double the work, were it not for the limits.
    "drop tcp any any -> any any (msg:\"bomb\"; flow:established,to_server; content:\"aaaa\"; "
    "pcre:\"/(a+)+(b|c+)+$/\"; sid:2;)\n"
    "drop tcp any any -> any any (msg:\"bomb\"; flow:established,to_server; content:\"aaaa\"; "
    "pcre:\"/(x+x+)*y|((a|a)*)*b/\"; pcre:\"/^.*.*.*z$/Rs\"; sid:3;)\n";

std::size_t length() {
  const char* const factor = std::getenv("BANSOKO_STRESS");  // NOLINT(concurrency-mt-unsafe): one thread
  return factor == nullptr ? 1 : std::max<std::size_t>(1, std::strtoul(factor, nullptr, 10));
}

Octets syn(std::size_t number) {
  return traffic::ethernet(traffic::tcp_packet(
      {.source = attacker(number)},
      {.source_port = static_cast<std::uint16_t>(1024 + number % 60000), .flags = packet::TcpFlag::syn}));
}

Octets datagram(std::size_t number) {
  return traffic::udp_frame(attacker(number), static_cast<std::uint16_t>(number), traffic::kServer, 53, "?");
}

/// The first piece of a datagram that never becomes whole.
Octets piece(std::size_t number) {
  const traffic::IpFields ip{.source = attacker(number), .id = static_cast<std::uint32_t>(number)};
  static const Octets whole = traffic::udp_datagram(ip, {}, std::string(1400, 'x'));
  return traffic::ethernet(traffic::fragment(ip, packet::Protocol::udp, whole, 0, 800));
}

/// Of 700 connections each in turn opens, then sends one byte after another, each behind a gap.
Octets drip(std::size_t number) {
  const auto turn = static_cast<std::uint32_t>(number / 700);
  traffic::IpFields ip{.source = attacker(number % 700)};
  traffic::TcpFields tcp{.source_port = 2000, .acknowledgement = 5001};
  if (turn == 1) {
    std::swap(ip.source, ip.dest);
    std::swap(tcp.source_port, tcp.dest_port);
    tcp.sequence = 5000;
    tcp.acknowledgement = 1001;
    tcp.flags = packet::TcpFlag::syn | packet::TcpFlag::ack;
    return traffic::ethernet(traffic::tcp_packet(ip, tcp));
  }
  if (turn == 0) tcp.flags = packet::TcpFlag::syn;
  if (turn > 1) tcp.sequence = 1001 + 2 * (turn - 1);
  return traffic::ethernet(traffic::tcp_packet(ip, tcp, turn > 1 ? "x" : ""));
}

struct Flood {
  std::string_view name;
  std::size_t frames;
  Octets (*frame)(std::size_t);
  std::function<std::uint64_t(Pipeline&)> limit;  // a counter that shows that a cap was reached
};

class UnderFlood : public testing::TestWithParam<Flood> {};

TEST_P(UnderFlood, MemoryStaysAndEstablishedFlowsGoOn) {
  Siege siege(tight_settings(), kRules);
  for (std::size_t i = 0; i < 2000; ++i) siege.send(GetParam().frame(i));
  const std::size_t warm = siege.allocations();
  const std::size_t count = GetParam().frames * length();
  for (std::size_t i = 2000; i < count; ++i) {
    siege.send(GetParam().frame(i));
    if (i % 500 == 0) {
      ASSERT_TRUE(siege.goes_on()) << "after " << i;
    }
  }
  EXPECT_EQ(siege.allocations(), warm) << "memory was taken on the packet path";
  EXPECT_GT(GetParam().limit(siege.pipeline()), 0U) << "the flood reached no cap";
  EXPECT_LE(siege.pipeline().flows().active.value(), 1024U);
  EXPECT_LE(siege.pipeline().streams().memory_used.value(), 4U << 20U);
  EXPECT_TRUE(siege.is_inspected());
}

INSTANTIATE_TEST_SUITE_P(
    Engine, UnderFlood,
    testing::Values(
        Flood{"Syn", 30000, syn, [](Pipeline& p) { return p.flows().evicted.value(); }},
        Flood{"Udp", 30000, datagram, [](Pipeline& p) { return p.flows().evicted.value(); }},
        Flood{"Fragments", 30000, piece, [](Pipeline& p) { return p.fragments().limit_reached.value(); }},
        Flood{"SlowDrip", 100000, drip, [](Pipeline& p) { return p.streams().segment_limit.value(); }}),
    by_name);

/// What the expressions of kRules stumble over most.
std::string bomb(std::size_t size) { return std::string(size, 'a') + "!"; }

TEST(RegexBomb, OnePacketStaysWithinItsTimeAndOthersGoOn) {
  Siege siege(tight_settings(), kRules);
  for (std::size_t i = 0; i < 50 * length(); ++i) {
    TestTcp hostile(attacker(i), 3000);
    hostile.handshake().client(bomb(1400)).client(bomb(1400));
    for (const Octets& frame : hostile.frames()) siege.send(frame);
    ASSERT_TRUE(siege.goes_on());
  }
  EXPECT_GT(siege.pipeline().inspection().pcre_limit.value(), 0U);
  RecordProperty("slowest_us", static_cast<int>(siege.slowest().count() / 1000));
  // What one packet may cost at most, without optimisation and under sanitizers.
  EXPECT_LT(siege.slowest(), std::chrono::milliseconds(100));
  EXPECT_TRUE(siege.is_inspected());
}

/// A clock in which each evaluation takes as long as the test says.
nanoseconds elapsed{};  // NOLINT(*-avoid-non-const-global-variables): a clock is a plain function
nanoseconds step{};     // NOLINT(*-avoid-non-const-global-variables)
nanoseconds fake_clock() noexcept { return elapsed += step; }

class Budget : public testing::Test {
 protected:
  Budget() { elapsed = step = {}; }

  /// A connection of its own: what becomes of a packet with EVIL in it.
  Action evil(Siege& siege) {
    TestTcp hostile(attacker(++connection_), 3000);
    hostile.handshake().client("EVIL");
    Action last = Action::accept;
    for (const Octets& frame : hostile.frames()) last = siege.send(frame);
    return last;
  }

  std::size_t connection_ = 0;
};

TEST_F(Budget, SlowRuleIsSuspendedToldAndTriedAgain) {
  ShieldSettings settings = tight_settings();
  settings.inspection.suspension = std::chrono::seconds(1);
  Siege siege(settings, kRules);
  siege.pipeline().measure(fake_clock);
  EXPECT_EQ(evil(siege), Action::block) << "in time";
  step = settings.inspection.rule_budget;
  EXPECT_EQ(evil(siege), Action::block) << "just in time";
  step += nanoseconds(1);
  EXPECT_EQ(evil(siege), Action::block) << "what it found in too long a time holds";
  EXPECT_EQ(siege.told(RecordKind::rule_suspended), 1U);
  step = {};
  EXPECT_EQ(evil(siege), Action::accept) << "open: it passes unseen by this rule";
  EXPECT_EQ(siege.pipeline().inspection().suspended.value(), 1U);
  for (int i = 0; i < 10000; ++i) siege.send(datagram(1));  // a second goes by
  EXPECT_EQ(evil(siege), Action::block);
  EXPECT_EQ(siege.told(RecordKind::rule_resumed), 1U);
  EXPECT_EQ(siege.told(RecordKind::rule_suspended), 1U);
}

TEST_F(Budget, ClosedKeepsASlowRuleInForce) {
  ShieldSettings settings = tight_settings();
  settings.on_failure.slow_rule = capture::OnFailure::closed;
  Siege siege(settings, kRules);
  siege.pipeline().measure(fake_clock);
  step = std::chrono::seconds(1);
  EXPECT_EQ(evil(siege), Action::block);
  EXPECT_EQ(evil(siege), Action::block);
  EXPECT_EQ(siege.told(RecordKind::rule_slow), 2U);
  EXPECT_EQ(siege.told(RecordKind::rule_suspended), 0U);
}

TEST_F(Budget, NewRulesAreNotSuspendedForOldOnes) {
  Siege siege(tight_settings(), kRules);
  siege.pipeline().measure(fake_clock);
  step = std::chrono::seconds(1);
  evil(siege);
  step = {};
  EXPECT_EQ(evil(siege), Action::accept);
  siege.load_again();
  EXPECT_EQ(evil(siege), Action::block);
}

TEST_F(Budget, SlowParserIsTakenOffItsFlowAlone) {
  constexpr std::string_view kUri =
      "drop http any any -> any any (msg:\"uri\"; http.uri; content:\"/evil\"; sid:1;)\n";
  Siege siege(tight_settings(), kUri);
  const auto ask = [&siege, this](nanoseconds first_feed) {
    TestTcp hostile(attacker(++connection_), 3000);
    hostile.handshake().client("GET /fine HTTP/1.1\r\nHost: a\r\n\r\n").server("HTTP/1.1 204 No\r\n\r\n");
    hostile.client("GET /evil HTTP/1.1\r\nHost: a\r\n\r\n");
    Action last = Action::accept;
    for (std::size_t i = 0; i < hostile.frames().size(); ++i) {
      step = i == 3 ? first_feed : nanoseconds{};
      last = siege.send(hostile.frames()[i]);
    }
    return last;
  };
  siege.pipeline().measure(fake_clock);
  EXPECT_EQ(ask(tight_settings().parser_budget), Action::block);
  EXPECT_EQ(siege.told(RecordKind::parser_stopped), 0U);
  EXPECT_EQ(ask(tight_settings().parser_budget + nanoseconds(1)), Action::accept)
      << "nobody parses this flow any more";
  EXPECT_EQ(siege.told(RecordKind::parser_stopped), 1U);
  EXPECT_EQ(siege.pipeline().counters().slow_parsers.value(), 1U);
  EXPECT_EQ(ask({}), Action::block) << "the next flow is parsed";
}

/// An attacker who knows the program but not its seed prepares inputs that all fall into one bucket of his
/// own table. In ours they spread as any others.
TEST(HashCollisions, CannotBePreparedWithoutTheSeed) {
  constexpr std::size_t kBuckets = 1024;
  constexpr std::size_t kInputs = 4096;
  const bansoko::KeyedHash his(1);
  std::vector<std::vector<std::uint64_t>> inputs;
  for (std::uint64_t i = 0; inputs.size() < kInputs; ++i) {
    std::vector<std::uint64_t> words{0x0a000001, i, 80, 6};
    if (his(words) % kBuckets == 7) inputs.push_back(std::move(words));
  }
  for (const std::uint64_t seed : {std::uint64_t{2}, std::uint64_t{0x5eed} << 40U, ~std::uint64_t{0}}) {
    const bansoko::KeyedHash ours(seed);
    std::vector<std::size_t> load(kBuckets);
    for (const auto& words : inputs) ++load[ours(words) % kBuckets];
    // Four on average; twenty in any of 1024 buckets has a chance below one in a million.
    EXPECT_LT(std::ranges::max(load), 20U) << seed;
  }
}

TEST(ClockJumps, AgeNothingWhereFramesAreLive) {
  using std::chrono::hours;
  Siege siege(tight_settings(), kRules);
  auto steady = std::chrono::seconds(0);
  for (const auto jump : {hours(0), hours(5), hours(-9), hours(100000)}) {
    siege.jump(jump, steady += std::chrono::seconds(1));
    ASSERT_TRUE(siege.goes_on());
    EXPECT_EQ(siege.pipeline().flows().timed_out.value(), 0U) << jump.count();
    EXPECT_EQ(siege.pipeline().flows().created.value(), 1U) << jump.count();
  }
  EXPECT_EQ(siege.told(RecordKind::clock_jumped), 3U);
  EXPECT_TRUE(siege.is_inspected());
}

TEST(ClockJumps, BackInACaptureAgeNothingAndTimeoutsGoOn) {
  ShieldSettings settings = tight_settings();
  settings.flows.udp = std::chrono::seconds(1);
  Siege siege(settings, kRules);
  siege.jump_in_capture(-std::chrono::minutes(50));
  ASSERT_TRUE(siege.goes_on());
  EXPECT_EQ(siege.pipeline().flows().created.value(), 1U);
  EXPECT_EQ(siege.pipeline().flows().timed_out.value(), 0U);
  for (std::size_t i = 0; i < 500; ++i) siege.send(datagram(i));
  for (std::size_t i = 0; i < 20000; ++i) siege.send(datagram(1));  // two seconds
  EXPECT_EQ(siege.pipeline().flows().timed_out.value(), 499U);
  EXPECT_TRUE(siege.is_inspected());
}

TEST(ClockJumps, ThresholdsGoOn) {
  constexpr std::string_view kCounted =
      "drop udp any any -> any 53 (msg:\"third\"; content:\"?\"; "
      "detection_filter:track by_src, count 2, seconds 10; sid:1;)\n";
  Siege siege(tight_settings(), kCounted);
  siege.jump(std::chrono::hours(0), std::chrono::seconds(1));
  EXPECT_EQ(siege.send(datagram(1)), Action::accept);
  siege.jump(std::chrono::hours(-5), std::chrono::seconds(2));
  EXPECT_EQ(siege.send(datagram(1)), Action::accept);
  siege.jump(std::chrono::hours(7), std::chrono::seconds(3));
  EXPECT_EQ(siege.send(datagram(1)), Action::block) << "the third within ten seconds";
}

TEST(SpoolClosed, RefusesOnlyFlowsThatBeginMeanwhile) {
  constexpr auto kOld = 3001;
  Siege siege(tight_settings(), kRules);
  std::atomic<bool> cannot_record{false};
  siege.pipeline().heed(cannot_record);
  TestTcp fresh(attacker(1), kOld);
  fresh.handshake().client("hello");
  cannot_record = true;
  EXPECT_TRUE(siege.goes_on());
  EXPECT_EQ(siege.send(fresh.frames()[0]), Action::drop);
  EXPECT_EQ(siege.send(fresh.frames()[0]), Action::drop) << "and its retransmission";
  EXPECT_EQ(siege.pipeline().counters().reasons[static_cast<std::size_t>(Reason::cannot_record)].value(), 2U);
  cannot_record = false;
  for (const Octets& frame : fresh.frames()) EXPECT_EQ(siege.send(frame), Action::accept);
  cannot_record = true;
  EXPECT_EQ(siege.send(fresh.frames().back()), Action::accept) << "it is an old one by now";
  EXPECT_TRUE(siege.is_inspected());
}

TEST(SpoolClosed, ObservePasses) {
  ShieldSettings settings = tight_settings();
  settings.mode = Mode::observe;
  Siege siege(settings, kRules);
  const std::atomic<bool> cannot_record{true};
  siege.pipeline().heed(cannot_record);
  EXPECT_EQ(siege.send(syn(1)), Action::accept);
}

}  // namespace
}  // namespace bansoko::engine
