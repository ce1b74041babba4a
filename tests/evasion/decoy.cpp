// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/evasion/transform.h"

namespace bansoko::evasion {
namespace {

using packet::TcpFlag;

constexpr std::uint8_t kUsedUp = 2;  // lasts to the engine, not to the host behind it

/// Puts a copy of each segment that has bytes before it, with other bytes, spoilt by `spoil`.
template <class Spoil>
void before_each(Plan& plan, Spoil spoil) {
  std::vector<Segment> with;
  for (const Segment& segment : plan.segments) {
    Segment decoy = segment;
    decoy.decoy = true;
    std::ranges::fill(decoy.bytes, '#');
    decoy.flags = static_cast<std::uint8_t>(decoy.flags & ~TcpFlag::fin);
    spoil(decoy);
    if (!decoy.bytes.empty()) with.push_back(decoy);
    with.push_back(segment);
  }
  plan.segments = std::move(with);
}

/// Puts one segment into the middle of the stream's.
void into_middle(Plan& plan, Segment decoy) {
  std::size_t middle = plan.segments.size() / 2;
  if (middle == 0) middle = plan.segments.size();
  decoy.decoy = true;
  if (decoy.at == 0) decoy.at = middle < plan.segments.size() ? plan.segments[middle].at : 0;
  plan.segments.insert(plan.segments.begin() + static_cast<std::ptrdiff_t>(middle), decoy);
}

void bad_checksum(Plan& plan, int) {
  before_each(plan, [](Segment& decoy) { decoy.bad_checksum = true; });
}
void low_ttl(Plan& plan, int) {
  before_each(plan, [](Segment& decoy) { decoy.ttl = kUsedUp; });
}
void old_timestamp(Plan& plan, int ticks) {
  plan.timestamps = true;
  before_each(plan, [ticks](Segment& decoy) { decoy.timestamp_shift = -ticks; });
}
void without_ack(Plan& plan, int flags) {
  before_each(plan, [flags](Segment& decoy) { decoy.flags = static_cast<std::uint8_t>(flags); });
}
void wrong_acknowledgement(Plan& plan, int shift) {
  before_each(plan, [shift](Segment& decoy) { decoy.acknowledgement_shift = std::int64_t{shift} * 100000; });
}
void short_header(Plan& plan, int words) {
  before_each(plan, [words](Segment& decoy) { decoy.header_words = static_cast<std::uint8_t>(words); });
}
void signed_segment(Plan& plan, int) {
  // RFC 2385: a receiver without a key for this peer throws a signed segment away.
  Octets signature{19, 18};
  signature.resize(20, 0x5a);
  before_each(plan, [&](Segment& decoy) { decoy.options = signature; });
}

void reset_bad_checksum(Plan& plan, int flags) {
  into_middle(plan, {.flags = static_cast<std::uint8_t>(flags), .bad_checksum = true});
}
void reset_low_ttl(Plan& plan, int flags) {
  into_middle(plan, {.flags = static_cast<std::uint8_t>(flags), .ttl = kUsedUp});
}
void reset_beside(Plan& plan, int bytes) {
  Segment reset{.flags = TcpFlag::rst | TcpFlag::ack};
  into_middle(plan, reset);
  for (Segment& segment : plan.segments)
    if (segment.decoy) segment.at += bytes;
}
void end_out_of_window(Plan& plan, int flags) {
  into_middle(plan, {.at = 100 << 20, .flags = static_cast<std::uint8_t>(flags)});
}
void fin_without_ack(Plan& plan, int) { into_middle(plan, {.flags = TcpFlag::fin}); }
void fin_bad_checksum(Plan& plan, int flags) {
  into_middle(plan, {.flags = static_cast<std::uint8_t>(flags), .bad_checksum = true});
}
void syn_in_stream(Plan& plan, int shift) {
  into_middle(plan, {.flags = TcpFlag::syn});
  for (Segment& segment : plan.segments)
    if (segment.decoy) segment.at += shift;
}
void syn_ack_in_stream(Plan& plan, int) { into_middle(plan, {.flags = TcpFlag::syn | TcpFlag::ack}); }
void fin_old_timestamp(Plan& plan, int ticks) {
  plan.timestamps = true;
  into_middle(plan, {.flags = TcpFlag::fin | TcpFlag::ack, .timestamp_shift = -ticks});
}

}  // namespace

std::vector<Transform> decoy_transforms() {
  std::vector<Transform> all;
  const auto add = [&](std::string_view kind, OnPlan apply, std::initializer_list<int> variants,
                       Defence defence) {
    for (const int variant : variants)
      all.push_back({.kind = kind,
                     .variant = variant,
                     .defence = defence,
                     .apply = apply,
                     .layer = Layer::decoy,
                     .hostile = true});
  };
  constexpr int kReset = TcpFlag::rst;
  constexpr int kAck = TcpFlag::ack;
  constexpr int kFin = TcpFlag::fin;
  add("decoy.bad_checksum", bad_checksum, {0}, Defence::validation);
  add("decoy.low_ttl", low_ttl, {0}, Defence::validation);
  add("decoy.old_timestamp", old_timestamp, {10000, 1 << 30}, Defence::validation);
  add("decoy.without_ack", without_ack, {0, TcpFlag::psh, TcpFlag::urg}, Defence::validation);
  add("decoy.wrong_acknowledgement", wrong_acknowledgement, {1, -10000}, Defence::validation);
  add("decoy.short_header", short_header, {0, 4}, Defence::validation);
  add("decoy.signed_segment", signed_segment, {0}, Defence::validation);
  add("decoy.reset_bad_checksum", reset_bad_checksum, {kReset, kReset | kAck}, Defence::connection);
  add("decoy.reset_low_ttl", reset_low_ttl, {kReset, kReset | kAck}, Defence::connection);
  add("decoy.reset_beside", reset_beside, {-1, 1, 100}, Defence::connection);
  add("decoy.end_out_of_window", end_out_of_window, {kReset, kFin | kAck}, Defence::connection);
  add("decoy.fin_without_ack", fin_without_ack, {0}, Defence::connection);
  add("decoy.fin_bad_checksum", fin_bad_checksum, {kFin, kFin | kAck}, Defence::connection);
  add("decoy.syn_in_stream", syn_in_stream, {0, 1000, -1000}, Defence::connection);
  add("decoy.syn_ack_in_stream", syn_ack_in_stream, {0}, Defence::connection);
  add("decoy.fin_old_timestamp", fin_old_timestamp, {10000}, Defence::connection);
  return all;
}

}  // namespace bansoko::evasion
