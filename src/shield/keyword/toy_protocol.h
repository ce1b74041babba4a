// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/keyword/rule_harness.h"

/// For tests: a protocol made up for the purpose, and rules about its transactions.
namespace bansoko::keyword {

struct Toy final : proto::Transaction {
  std::string head, body;
  std::vector<std::string> items;
  std::uint64_t kind = 0;
  std::vector<std::uint64_t> numbers;
};

inline const Toy& toy(const proto::Transaction& transaction) { return static_cast<const Toy&>(transaction); }

inline std::optional<Bytes> toy_head(proto::Transaction& t, unsigned) noexcept {
  return as_bytes(toy(t).head);
}
inline std::optional<Bytes> toy_body(proto::Transaction& t, unsigned) noexcept {
  return as_bytes(toy(t).body);
}
inline std::optional<Bytes> toy_item(proto::Transaction& t, unsigned i) noexcept {
  return i < toy(t).items.size() ? std::optional(as_bytes(toy(t).items[i])) : std::nullopt;
}

inline std::optional<std::uint64_t> toy_number(const proto::Transaction& t, unsigned i) noexcept {
  return i < toy(t).numbers.size() ? std::optional(toy(t).numbers[i]) : std::nullopt;
}

inline constexpr std::array kToyBuffers{
    proto::Buffer{"toy.head", "", flow::Side::client, 1, false, toy_head},
    proto::Buffer{"toy.body", "", flow::Side::client, 2, true, toy_body},
    proto::Buffer{"toy.item", "", flow::Side::client, 1, false, toy_item, true},
    proto::Buffer{"toy.reading", "", flow::Side::client, 1, false, toy_item, true, true},
    proto::Buffer{"toy.head", "", flow::Side::server, 1, false, toy_head}};
inline constexpr std::array kToyNames{proto::NamedValue{"hello", 7}};
inline constexpr std::array kToyFields{
    proto::Field{"toy.kind", "", flow::Side::client, 1, kToyNames,
                 [](const proto::Transaction& t) noexcept { return std::optional(toy(t).kind); }},
    proto::Field{"toy.number",
                 "",
                 flow::Side::client,
                 1,
                 {},
                 [](const proto::Transaction& t) noexcept { return toy_number(t, 0); },
                 toy_number}};
inline constexpr proto::Protocol kToy{.name = "toy",
                                      .help = "",
                                      .transports = proto::kOverTcp,
                                      .probe = nullptr,
                                      .make_parser = nullptr,
                                      .buffers = kToyBuffers,
                                      .fields = kToyFields};
inline constexpr std::array<const proto::Protocol*, 1> kToyProtocols{&kToy};

/// Rules, and one transaction that comes about step by step.
class ToyTransactions {
 public:
  explicit ToyTransactions(std::string_view rules, std::span<const detect::Alias> aliases = all_aliases())
      : harness(rules, kToyProtocols, 1, {}, aliases) {
    harness.flow.key.protocol = packet::Protocol::tcp;
  }

  std::vector<std::uint32_t> at(std::uint8_t progress, flow::Side side = flow::Side::client) {
    packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
    harness.inspector().begin({.packet = &packet, .flow = &harness.flow, .side = side, .protocol = 0});
    transaction.progress[flow::index(side)] = progress;
    harness.inspector().transaction(transaction, side);
    harness.inspector().finish();
    return harness.sids();
  }

  std::string problems() const {
    std::string text;
    for (const auto& diagnostic : harness.diagnostics) text += rule::to_text(diagnostic) + "\n";
    return text;
  }

  RuleHarness harness;
  Toy transaction;
};

}  // namespace bansoko::keyword
