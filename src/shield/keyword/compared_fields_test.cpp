// SPDX-License-Identifier: Apache-2.0
// What a match keeps of the fields that its rule compared.
#include <array>
#include <utility>

#include "shield/keyword/toy_protocol.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

/// More fields than a match keeps; each has its own number, and the last has several.
constexpr std::array<std::string_view, 8> kNames{"many.0", "many.1", "many.2", "many.3",
                                                 "many.4", "many.5", "many.6", "many.several"};

template <std::size_t i>
std::optional<std::uint64_t> number(const proto::Transaction&) noexcept {
  return 100 + i;
}

std::optional<std::uint64_t> several(const proto::Transaction&, unsigned instance) noexcept {
  return instance < 3 ? std::optional(std::uint64_t{instance}) : std::nullopt;
}

template <std::size_t... i>
constexpr auto fields(std::index_sequence<i...>) {
  auto made = std::array{proto::Field{kNames[i], "", flow::Side::client, 1, {}, number<i>}...};
  made.back().get = [](const proto::Transaction& t) noexcept { return several(t, 0); };
  made.back().more = several;
  return made;
}

std::optional<Bytes> text(proto::Transaction&, unsigned) noexcept { return as_bytes("text"); }

constexpr auto kFields = fields(std::make_index_sequence<kNames.size()>());
constexpr std::array kBuffers{proto::Buffer{"many.text", "", flow::Side::client, 1, false, text}};
constexpr proto::Protocol kMany{.name = "many",
                                .help = "",
                                .transports = proto::kOverTcp,
                                .probe = nullptr,
                                .make_parser = nullptr,
                                .buffers = kBuffers,
                                .fields = kFields};
constexpr std::array<const proto::Protocol*, 1> kProtocols{&kMany};

using Fields = std::vector<std::pair<std::string_view, std::uint64_t>>;

struct Case {
  std::string name;
  std::string options;
  Fields kept;
};

class ComparedFields : public testing::TestWithParam<Case> {};

TEST_P(ComparedFields, AreKeptOfAMatch) {
  RuleHarness harness("alert many any any -> any any (" + GetParam().options + " sid:1;)", kProtocols);
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  harness.flow.key.protocol = packet::Protocol::tcp;
  const packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
  proto::Transaction transaction;
  transaction.progress[0] = 1;
  const AllocationCounter allocations;
  harness.inspector().begin({.packet = &packet, .flow = &harness.flow, .protocol = 0});
  harness.inspector().transaction(transaction, flow::Side::client);
  harness.inspector().finish();
  EXPECT_EQ(allocations.count(), 0U);
  ASSERT_EQ(harness.inspector().matches().size(), 1U);
  Fields kept;
  for (const auto& [name, value] : harness.inspector().matches()[0].compared())
    kept.emplace_back(name, value);
  EXPECT_EQ(kept, GetParam().kept);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ComparedFields,
    testing::Values(Case{"None", "many.text; content:\"ex\";", {}},
                    Case{"One", "many.3:103;", {{"many.3", 103}}},
                    Case{"BesideAContent", "many.0:>1; many.text; content:\"ex\";", {{"many.0", 100}}},
                    Case{"AsTheRuleHasThem", "many.5:>1; many.0:<200;", {{"many.5", 105}, {"many.0", 100}}},
                    Case{"TwiceIsOnce", "many.1:>1; many.1:<200;", {{"many.1", 101}}},
                    Case{"OfSeveralTheOneThatHolds", "many.several:2;", {{"many.several", 2}}},
                    Case{"NotEqual", "many.2:!5;", {{"many.2", 102}}},
                    Case{"AsManyAsAreKept",
                         "many.0:>1; many.1:>1; many.2:>1; many.3:>1; many.4:>1; many.5:>1;",
                         {{"many.0", 100},
                          {"many.1", 101},
                          {"many.2", 102},
                          {"many.3", 103},
                          {"many.4", 104},
                          {"many.5", 105}}},
                    Case{"OneMore",
                         "many.0:>1; many.1:>1; many.2:>1; many.3:>1; many.4:>1; many.5:>1; many.6:>1;",
                         {{"many.0", 100},
                          {"many.1", 101},
                          {"many.2", 102},
                          {"many.3", 103},
                          {"many.4", 104},
                          {"many.5", 105}}}),
    by_name);

}  // namespace
}  // namespace bansoko::keyword
