// SPDX-License-Identifier: Apache-2.0
// Each cap of inspection that no other test reaches, reached: what is beyond it is counted, and the rest goes
// on.
#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "shield/engine/siege.h"
#include "tests/cases.h"

namespace bansoko::engine {
namespace {

constexpr std::string_view kEvil =
    "drop tcp any any -> any any (msg:\"evil\"; flow:established,to_server; content:\"EVIL\"; sid:1;)\n";

/// `count` rules about any datagram that says "x", each with options of its own.
std::string many(std::size_t count, std::string_view options = "") {
  std::string rules(kEvil);
  for (std::size_t i = 0; i < count; ++i)
    rules += "alert udp any any -> any any (msg:\"many\"; content:\"x\"; " + std::string(options) +
             "sid:" + std::to_string(100 + i) + ";)\n";
  return rules;
}

ShieldSettings with(const std::function<void(ShieldSettings&)>& change) {
  ShieldSettings settings = tight_settings();
  change(settings);
  return settings;
}

traffic::Octets datagram(std::size_t number, std::string_view payload = "x") {
  return traffic::udp_frame(attacker(number), 9, traffic::kServer, 53, payload);
}

struct Cap {
  std::string_view name;
  ShieldSettings settings;
  std::string rules;
  std::string payload;
  std::function<std::uint64_t(Pipeline&)> reached;
};

class Caps : public testing::TestWithParam<Cap> {};

TEST_P(Caps, IsCountedAndTheRestGoesOn) {
  Siege siege(GetParam().settings, GetParam().rules);
  EXPECT_EQ(GetParam().reached(siege.pipeline()), 0U);
  for (std::size_t i = 0; i < 64; ++i) siege.send(datagram(i, GetParam().payload));
  EXPECT_GT(GetParam().reached(siege.pipeline()), 0U);
  EXPECT_TRUE(siege.goes_on());
  EXPECT_TRUE(siege.is_inspected());
}

INSTANTIATE_TEST_SUITE_P(
    Engine, Caps,
    testing::Values(
        Cap{"Candidates", with([](auto& s) { s.inspection.max_candidates = 16; }), many(20), "x",
            [](Pipeline& p) { return p.inspection().candidate_limit.value(); }},
        Cap{"Tracked", with([](auto& s) { s.inspection.max_tracked = 16; }),
            many(1, "detection_filter:track by_src, count 5, seconds 60; "), "x",
            [](Pipeline& p) { return p.inspection().tracked_limit.value(); }},
        Cap{"Matches", tight_settings(), many(80), "x",
            [](Pipeline& p) { return p.inspection().match_limit.value(); }},
        Cap{"Steps", tight_settings(),
            many(1,
                 "content:\"a\"; within:150; content:\"a\"; within:150; content:\"a\"; within:150; "
                 "content:\"b\"; distance:0; within:1; "),
            "x" + std::string(200, 'a'), [](Pipeline& p) { return p.inspection().step_limit.value(); }},
        Cap{"EvidenceRing", tight_settings(), many(1), "x" + std::string(1000, 'y'),
            [](Pipeline& p) { return p.evidence_lost(); }}),
    by_name);

TEST(Caps, OneFlowbitTooManyIsAFaultyRule) {
  TemporaryFolder folder;
  std::string rules;
  for (const std::string_view bit : {"one", "two", "three"})
    rules += "alert udp any any -> any any (msg:\"bit\"; content:\"x\"; flowbits:set," + std::string(bit) +
             "; sid:" + std::to_string(bit.size()) + std::to_string(bit[0]) + ";)\n";
  put_file(folder / "test.rules", rules);
  ShieldSettings settings = tight_settings();
  settings.rule_files = {folder / "test.rules"};
  Loader loader(keyword::all_keywords(), proto::all_protocols(), 2);
  const auto loaded = loader.load(settings);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->rules, 2U);
  EXPECT_EQ(count_errors(loaded->diagnostics), 1U);
}

}  // namespace
}  // namespace bansoko::engine
