// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/threshold_table.h"

#include <algorithm>
#include <bit>

namespace bansoko::detect {
namespace {

constexpr std::size_t kProbes = 8;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) noexcept {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  return hash ^ hash >> 32U;
}

std::uint64_t mix(std::uint64_t hash, const packet::Address& address) noexcept {
  ByteReader bytes(address.bytes);
  hash = mix(hash, bytes.u64());
  return mix(hash, bytes.u64());
}

}  // namespace

ThresholdTable::ThresholdTable(std::uint32_t capacity)
    : entries_(std::bit_ceil(std::max<std::size_t>(capacity, kProbes))) {}

ThresholdTable::Entry& ThresholdTable::entry_for(const Entry& wanted, std::chrono::nanoseconds period,
                                                 Counter& limit_reached) noexcept {
  const std::uint64_t hash = mix(mix(mix(mix(0, wanted.rule), wanted.flow), wanted.a), wanted.b);
  Entry* oldest = nullptr;
  for (std::size_t i = 0; i < kProbes; ++i) {
    Entry& entry = entries_[(hash + i) & (entries_.size() - 1)];
    if (entry.count != 0 && entry.rule == wanted.rule && entry.flow == wanted.flow && entry.a == wanted.a &&
        entry.b == wanted.b)
      return entry;
    if (oldest == nullptr || entry.count == 0 || (oldest->count != 0 && entry.seen < oldest->seen))
      oldest = &entry;
  }
  if (oldest->count != 0 && wanted.seen - oldest->seen < period) limit_reached.add();
  *oldest = wanted;
  return *oldest;
}

ThresholdTable::Answer ThresholdTable::count(const Threshold& threshold, std::uint64_t rule,
                                             const packet::Packet& packet, std::uint64_t flow,
                                             std::chrono::nanoseconds now, Counter& limit_reached) noexcept {
  using Track = Threshold::Track;
  const std::chrono::nanoseconds period = std::chrono::seconds(threshold.seconds);
  Entry wanted;
  wanted.rule = rule;
  wanted.begun = wanted.seen = now;
  if (threshold.track == Track::by_source || threshold.track == Track::by_both) wanted.a = packet.source;
  if (threshold.track == Track::by_dest || threshold.track == Track::by_both) wanted.b = packet.dest;
  if (threshold.track == Track::by_flow) wanted.flow = flow;
  Entry& entry = entry_for(wanted, period, limit_reached);
  if (now - entry.begun >= period && threshold.kind != Threshold::Kind::backoff) {
    entry.begun = now;
    entry.count = 0;
  }
  entry.seen = now;
  entry.count += 1;
  const std::uint32_t reached = entry.count;
  switch (threshold.kind) {
    case Threshold::Kind::limit:
      return reached <= threshold.count ? Answer::alert : Answer::silent;
    case Threshold::Kind::threshold:
      return reached % threshold.count == 0 ? Answer::alert : Answer::no;
    case Threshold::Kind::both:
      if (reached < threshold.count) return Answer::no;
      return reached == threshold.count ? Answer::alert : Answer::silent;
    case Threshold::Kind::backoff: {
      if (reached < threshold.count) return Answer::no;
      std::uint64_t next = threshold.count;
      while (next < reached) next *= threshold.multiplier;
      return next == reached ? Answer::alert : Answer::silent;
    }
    case Threshold::Kind::filter:
      return reached > threshold.count ? Answer::alert : Answer::no;
    case Threshold::Kind::none:
      break;
  }
  return Answer::alert;
}

}  // namespace bansoko::detect
