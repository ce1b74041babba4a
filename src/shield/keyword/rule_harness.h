// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shield/detect/inspector.h"
#include "shield/detect/rule_files.h"
#include "shield/keyword/aliases.h"
#include "shield/keyword/keywords.h"

namespace bansoko::keyword {

/// For tests: files that rules may load, and what is known of addresses.
struct FilesBeside {
  std::map<std::string, std::string, std::less<>> files = {};
  std::string categories = {};
  std::string scores = {};
};

/// For tests: compiles rules and applies them to packets and streams made up on the spot.
class RuleHarness {
 public:
  static constexpr std::uint32_t kMaxTransactions = 64;
  static constexpr std::uint32_t kMaxFlowNumbers = 3;
  static constexpr std::uint32_t kMaxMarks = 16;

  explicit RuleHarness(std::string_view rules, std::span<const proto::Protocol* const> protocols = {},
                       std::uint64_t generation = 1, const FilesBeside& beside = {},
                       std::span<const detect::Alias> aliases = all_aliases(),
                       std::size_t max_transformed = 1U << 16U)
      : protocols_(protocols),
        bits_(64),
        inspector_({.max_flows = 8,
                    .max_transactions = kMaxTransactions,
                    .max_flowints = kMaxFlowNumbers,
                    .max_xbits = kMaxMarks,
                    .max_transformed = max_transformed},
                   protocols) {
    detect::RuleFiles files([&beside](std::string_view name, std::string_view) -> Result<std::string> {
      const auto found = beside.files.find(name);
      if (found == beside.files.end()) return fail(Errc::not_found, "{}: there is no such file", name);
      return found->second;
    });
    if (!files.reputation().add_categories(beside.categories)) return;
    if (!files.reputation().add_scores(beside.scores)) return;
    auto texts = rule::parse_rules(rules, "test.rules", rule::default_variables(), diagnostics);
    const detect::CompileSettings settings{.keywords = all_keywords(),
                                           .protocols = protocols_,
                                           .aliases = aliases,
                                           .classifications = &rule::default_classifications(),
                                           .flowbits = &bits_,
                                           .flow_numbers = &numbers_,
                                           .marks = &marks_,
                                           .files = &files,
                                           .transaction_marks = &transaction_marks_};
    auto compiled = detect::RuleSet::compile(texts, settings, generation, diagnostics);
    if (!compiled) {
      rule::Diagnostic failed;
      failed.message = compiled.error().message;
      diagnostics.push_back(std::move(failed));
      return;
    }
    set = *compiled;
    if (!inspector_.use(*set)) set.reset();
    flow.phase = flow::Phase::established;
    flow.has_stream = true;
  }

  /// The sids that match one packet of its own.
  std::vector<std::uint32_t> packet(const packet::Packet& packet, flow::Flow* of = nullptr,
                                    flow::Side side = flow::Side::client) {
    inspector_.begin({.packet = &packet, .flow = of, .side = side});
    inspector_.finish();
    return sids();
  }

  /// The sids that match when a client's next bytes arrive in a stream; the window is all of them so far.
  std::vector<std::uint32_t> stream(std::string_view bytes) {
    const std::size_t history = sent_.size();
    sent_ += bytes;
    packet::Packet packet{.payload = as_bytes(bytes), .ip_version = 4, .protocol = 6, .has_transport = true};
    packet.dest_port = 80;
    flow.key.protocol = 6;
    inspector_.begin({.packet = &packet, .flow = &flow, .side = flow::Side::client});
    inspector_.chunk(
        {.from = flow::Side::client, .offset = history, .history = history, .window = as_bytes(sent_)});
    inspector_.finish();
    return sids();
  }

  std::vector<std::uint32_t> sids() const {
    std::vector<std::uint32_t> found;
    for (const detect::Match& match : inspector_.matches())
      if (match.alert) found.push_back(set->rules()[match.rule].sid);
    return found;
  }

  detect::Inspector& inspector() { return inspector_; }

  rule::Diagnostics diagnostics;
  std::shared_ptr<const detect::RuleSet> set;
  flow::Flow flow;

 private:
  std::span<const proto::Protocol* const> protocols_;
  detect::NameTable bits_, numbers_{kMaxFlowNumbers}, marks_{kMaxMarks}, transaction_marks_{64};
  detect::Inspector inspector_;
  std::string sent_;
};

}  // namespace bansoko::keyword
