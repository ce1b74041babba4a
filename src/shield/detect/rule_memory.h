// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "shield/rule/address_set.h"

/// What rules ask of things that outlive a packet, beside flowbits, and what they change there once they have
/// matched. Names have become numbers; a name keeps its number over reloads.
namespace bansoko::detect {

/// `flowint`: numbers that a flow keeps. One that was never assigned is not there.
struct FlowNumberOperand {
  std::uint32_t value = 0;  // or a variable's number
  bool is_variable = false;
};
struct FlowNumberTest {
  enum class Relation : std::uint8_t {
    is_set,
    not_set,
    equal,
    unequal,
    less,
    less_or_equal,
    greater,
    greater_or_equal
  };
  std::uint32_t variable = 0;
  Relation relation = Relation::is_set;
  FlowNumberOperand with;
};
struct FlowNumberChange {
  enum class Kind : std::uint8_t { assign, add, subtract } kind = Kind::assign;
  std::uint32_t variable = 0;
  FlowNumberOperand by;
};

/// `xbits`: marks on addresses, on pairs of them, or on transactions.
struct MarkTest {
  enum class On : std::uint8_t { source, dest, pair, transaction };
  On on = On::source;
  std::uint32_t mark = 0;
  bool wanted = true;
};
struct MarkChange {
  enum class Kind : std::uint8_t { set, unset, toggle } kind = Kind::set;
  MarkTest::On on = MarkTest::On::source;
  std::uint32_t mark = 0;
  std::uint32_t seconds = 30;
  bool after_filter = false;  // only once the rule's detection_filter lets it speak
};

/// `iprep`: a set of addresses that one end, or either, or both must be in.
struct AddressTest {
  enum class Ends : std::uint8_t { source, dest, any, both } ends = Ends::any;
  std::shared_ptr<const rule::AddressSet> addresses;
};

/// How many names there may be for marks on transactions.
inline constexpr std::uint32_t kMaxTransactionMarks = 64;

struct RuleMemory {
  std::vector<FlowNumberTest> number_tests;
  std::vector<FlowNumberChange> number_changes;
  std::vector<MarkTest> mark_tests;
  std::vector<MarkChange> mark_changes;
  std::vector<AddressTest> address_tests;
};

}  // namespace bansoko::detect
