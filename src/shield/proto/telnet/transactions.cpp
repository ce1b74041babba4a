// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/telnet/transactions.h"

#include "shield/proto/telnet/codes.h"

namespace bansoko::proto::telnet {
namespace {

constexpr std::size_t kFixed = 64;

// RFC 1572 section 2.
constexpr std::uint8_t kIs = 0, kInfo = 2;
constexpr std::uint8_t kVariable = 0, kValue = 1, kEscape = 2, kUserVariable = 3;

bool is_mark(std::uint8_t byte) noexcept { return byte <= kUserVariable && byte != kEscape; }

}  // namespace

Negotiation::Negotiation(const Limits& limits, MemoryBudget& budget)
    : TelnetTransaction(true),
      most_size_(limits.subnegotiation),
      content_(budget, kFixed),
      variables_(budget, kFixed),
      ends_(limits.variables) {}

void Negotiation::begin(std::uint8_t code) noexcept {
  progress = {};
  notes = {};
  command = code;
  option.reset();
  length = 0;
  count_ = 0;
  content_.clear();
  variables_.clear();
}

void Negotiation::release() {
  begin(0);
  content_.release();
  variables_.release();
}

bool Negotiation::append(std::uint8_t byte) {
  ++length;
  return content_.append({&byte, 1}, most_size_);
}

bool Negotiation::read_variables() {
  if (option != Option::environment && option != Option::new_environment) return true;
  ByteReader in(content());
  const std::uint8_t kind = in.u8();
  if (!in.ok() || (kind != kIs && kind != kInfo)) return true;
  // RFC 1571: of the older option implementations have two of the marks the other way round.
  const bool is_swapped = option == Option::environment && !in.rest().empty() && in.rest().front() == kValue;
  const std::uint8_t variable_mark = is_swapped ? kValue : kVariable;
  const std::uint8_t value_mark = is_swapped ? kVariable : kValue;
  while (!in.rest().empty()) {
    const std::uint8_t mark = in.u8();
    if (mark != variable_mark && mark != kUserVariable) continue;
    if (count_ == ends_.size()) return false;
    if (!add_variable(in, value_mark)) break;
    ends_[count_++] = static_cast<std::uint32_t>(variables_.size());
  }
  return true;
}

bool Negotiation::add_variable(ByteReader& in, std::uint8_t value_mark) {
  bool has_value = false;
  while (!in.rest().empty()) {
    std::uint8_t byte = in.rest().front();
    const bool begins_value = byte == value_mark && !has_value;
    if (is_mark(byte) && !begins_value) break;
    in.skip(1);
    if (byte == kEscape && !in.rest().empty()) byte = in.u8();
    if (begins_value) {
      has_value = true;
      byte = '=';
    }
    if (!variables_.append({&byte, 1}, most_size_)) return false;
  }
  return true;
}

std::optional<Bytes> Negotiation::variable(std::size_t place) const noexcept {
  if (place >= count_) return {};
  const std::size_t begin = place == 0 ? 0 : ends_[place - 1];
  return variables_.bytes().subspan(begin, ends_[place] - begin);
}

}  // namespace bansoko::proto::telnet
