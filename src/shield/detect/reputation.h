// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/range.h"
#include "base/result.h"
#include "shield/rule/address_set.h"

namespace bansoko::detect {

/// What lists say of addresses: a score from 1 to 127 for each of some categories.
class Reputation {
 public:
  /// Lines "number,short name,description", numbers 1 to 60.
  Result<> add_categories(std::string_view text);
  /// Lines "address or network,category's number,score". Of what is said of an address the narrowest network
  /// counts, and of equal ones what was said last. A score of 0 takes back.
  Result<> add_scores(std::string_view text);

  /// Those with a score in that range. Fails if nobody said what the category is.
  Result<rule::AddressSet> addresses(std::string_view category, const Range& scores) const;

 private:
  struct Score {
    packet::Address first, last;
    std::uint8_t score = 0;
  };
  std::map<std::string, std::uint8_t, std::less<>> categories_;
  std::map<std::uint8_t, std::vector<Score>> scores_;  // by category
};

}  // namespace bansoko::detect
