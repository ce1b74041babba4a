// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "shield/packet/address.h"
#include "shield/rule/address_set.h"

namespace bansoko::detect {

/// Rule numbers, both ends included.
struct SidRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

using SidRanges = std::vector<SidRange>;
bool contains(const SidRanges& ranges, std::uint32_t sid) noexcept;

/// Hits that an operator wants neither acted upon nor told as attacks. Each condition that says nothing holds
/// of everything.
struct Exception {
  std::string name = {};
  std::string about = {};  // what it says, for people
  std::string reason = {};
  SidRanges sids = {};
  /// Of the packet, or of its connection: who opened it, and to whom.
  rule::AddressSet source = {};
  rule::AddressSet dest = {};
  std::string host = {};                // of an HTTP request, lower case; "*.example.jp": what is below it
  std::string uri = {};                 // what http.uri begins with, in each way to read it
  std::chrono::nanoseconds until = {};  // wall clock: from then on it has no effect

  bool asks_request() const noexcept { return !host.empty() || !uri.empty(); }
};

/// What operators say about the hits of rules, beside the rules themselves.
struct HitPolicy {
  SidRanges off = {};       // these rules are left out
  SidRanges observed = {};  // what these would drop is told, and passes
  rule::AddressSet observed_hosts =
      rule::AddressSet(std::vector<rule::AddressSet::Range>());  // the same of what goes from or to these
  std::vector<Exception> exceptions = {};                        // what lasts longest comes first

  /// Whether a drop by this rule, of what goes between these ends, is only told.
  bool is_observed(std::uint32_t sid, const packet::Address& source,
                   const packet::Address& dest) const noexcept;
};

}  // namespace bansoko::detect
