// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/evasion/transform.h"

namespace bansoko::evasion {

void cut(Plan& plan, std::size_t size) {
  plan.segments.clear();
  for (std::size_t at = 0; at < plan.stream.size(); at += size)
    plan.segments.push_back({.at = static_cast<std::int64_t>(at), .bytes = plan.stream.substr(at, size)});
}

namespace {

using packet::TcpFlag;

constexpr std::size_t kSmall = 24;

std::size_t as_size(int variant) { return static_cast<std::size_t>(variant); }

std::string garbage(std::size_t size) { return std::string(size, '#'); }

void segments(Plan& plan, int size) { cut(plan, as_size(size)); }

void random_sizes(Plan& plan, int seed) {
  Random random(as_size(seed));
  plan.segments.clear();
  for (std::size_t at = 0; at < plan.stream.size();) {
    const std::size_t size = 1 + random.below(60);
    plan.segments.push_back({.at = static_cast<std::int64_t>(at), .bytes = plan.stream.substr(at, size)});
    at += size;
  }
}

void reverse(Plan& plan, int size) {
  cut(plan, as_size(size));
  std::ranges::reverse(plan.segments);
}

void reverse_in_fours(Plan& plan, int size) {
  cut(plan, as_size(size));
  for (auto at = plan.segments.begin(); plan.segments.end() - at >= 4; at += 4) std::reverse(at, at + 4);
}

void shuffled(Plan& plan, int seed) {
  cut(plan, kSmall);
  Random(as_size(seed)).shuffle(plan.segments);
}

void odd_then_even(Plan& plan, int size) {
  cut(plan, as_size(size));
  std::vector<Segment> odd, even;
  for (std::size_t i = 0; i < plan.segments.size(); ++i)
    (i % 2 == 0 ? even : odd).push_back(plan.segments[i]);
  plan.segments = std::move(odd);
  plan.segments.insert(plan.segments.end(), even.begin(), even.end());
}

void first_byte_last(Plan& plan, int size) {
  cut(plan, as_size(size));
  Segment first = plan.segments.front();
  plan.segments.front().at = 1;
  plan.segments.front().bytes.erase(0, 1);
  std::erase_if(plan.segments, [](const Segment& segment) { return segment.bytes.empty(); });
  first.bytes.resize(1);
  plan.segments.push_back(first);
}

void each_twice(Plan& plan, int size) {
  cut(plan, as_size(size));
  std::vector<Segment> twice;
  for (const Segment& segment : plan.segments) twice.insert(twice.end(), 2, segment);
  plan.segments = std::move(twice);
}

void all_twice(Plan& plan, int size) {
  cut(plan, as_size(size));
  const std::vector<Segment> once = plan.segments;
  plan.segments.insert(plan.segments.end() - 1, once.begin(), once.end());
}

/// Each begins with bytes that the one before it had, too.
void overlap_behind(Plan& plan, int bytes) {
  cut(plan, kSmall);
  for (Segment& segment : plan.segments) {
    const std::int64_t from = std::max<std::int64_t>(0, segment.at - bytes);
    segment.bytes =
        plan.stream.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(segment.end() - from));
    segment.at = from;
  }
}

/// Out of order, and each goes on into the next.
void overlap_ahead(Plan& plan, int bytes) {
  cut(plan, kSmall);
  for (Segment& segment : plan.segments)
    segment.bytes =
        plan.stream.substr(static_cast<std::size_t>(segment.at), segment.bytes.size() + as_size(bytes));
  std::ranges::reverse(plan.segments);
}

/// All but the first byte, then a differing copy of `variant` bytes in the middle, then the first byte.
void differing_copy_after(Plan& plan, int bytes) {
  first_byte_last(plan, kSmall);
  const auto middle = static_cast<std::int64_t>(plan.stream.size() / 2);
  plan.segments.insert(plan.segments.end() - 1,
                       {.at = middle, .bytes = garbage(as_size(bytes)), .decoy = true});
}

/// The same with the differing copy ahead of the true one, near the beginning.
void differing_copy_before(Plan& plan, int bytes) {
  first_byte_last(plan, kSmall);
  constexpr std::int64_t kEarly = 8;  // of a request, what is asked for
  plan.segments.insert(plan.segments.begin(),
                       {.at = kEarly, .bytes = garbage(as_size(bytes)), .decoy = true});
}

/// The differing copy begins before, or reaches behind, segments that are there already.
void differing_copy_around(Plan& plan, int shift) {
  first_byte_last(plan, kSmall);
  const std::size_t middle = plan.segments.size() / 2;
  Segment decoy{.at = plan.segments[middle].at + shift, .bytes = garbage(kSmall), .decoy = true};
  plan.segments.insert(plan.segments.begin() + static_cast<std::ptrdiff_t>(middle), decoy);
}

/// What is delivered already comes again, changed.
void changed_retransmission(Plan& plan, int size) {
  cut(plan, as_size(size));
  std::vector<Segment> with;
  for (const Segment& segment : plan.segments) {
    with.push_back(segment);
    with.push_back({.at = segment.at, .bytes = garbage(segment.bytes.size()), .decoy = true});
  }
  plan.segments = std::move(with);
}

void delays(Plan& plan, int seconds) {
  cut(plan, plan.stream.size() / 4 + 1);
  for (Segment& segment : plan.segments) segment.pause = std::chrono::seconds(seconds);
}

void sequence_wrap(Plan& plan, int before) {
  cut(plan, kSmall);
  plan.first_sequence = 0U - static_cast<std::uint32_t>(before);
}

void data_in_syn(Plan& plan, int bytes) {
  cut(plan, kSmall);
  plan.syn_data = plan.stream.substr(0, as_size(bytes));
}

void garbage_in_syn(Plan& plan, int bytes) {
  cut(plan, kSmall);
  plan.syn_data = garbage(as_size(bytes));
}

void odd_flags(Plan& plan, int flags) {
  cut(plan, kSmall);
  for (Segment& segment : plan.segments) segment.flags = static_cast<std::uint8_t>(TcpFlag::ack | flags);
}

void option_padding(Plan& plan, int kind) {
  cut(plan, kSmall);
  const Octets nothing(20, 1);
  const Octets unknown{253, 8, 1, 2, 3, 4, 5, 6, 254, 4, 1, 2};
  for (Segment& segment : plan.segments) segment.options = kind == 0 ? nothing : unknown;
}

/// A keep-alive: a byte the peer has, with another value.
void keep_alives(Plan& plan, int size) {
  cut(plan, as_size(size));
  std::vector<Segment> with;
  for (const Segment& segment : plan.segments) {
    if (segment.at > 0)
      with.push_back({.at = segment.at - 1, .bytes = garbage(1), .flags = TcpFlag::ack, .decoy = true});
    with.push_back(segment);
  }
  plan.segments = std::move(with);
}

/// A byte that the urgent pointer takes out of what the application reads.
void urgent_byte(Plan& plan, int size) {
  cut(plan, as_size(size));
  const std::size_t middle = plan.segments.size() / 2;
  Segment& urgent = plan.segments[middle];
  urgent.bytes += '!';
  urgent.flags |= TcpFlag::urg;
  urgent.urgent = static_cast<std::uint16_t>(urgent.bytes.size());
  for (std::size_t i = middle + 1; i < plan.segments.size(); ++i) ++plan.segments[i].at;
}

/// Urgent data is announced and never comes.
void urgent_pointer_ahead(Plan& plan, int ahead) {
  cut(plan, kSmall);
  for (Segment& segment : plan.segments) {
    segment.flags |= TcpFlag::urg;
    segment.urgent = static_cast<std::uint16_t>(ahead);
  }
}

void last_with_fin(Plan& plan, int size) {
  cut(plan, as_size(size));
  plan.segments.back().flags |= TcpFlag::fin;
}

/// The FIN comes before what it follows.
void fin_first(Plan& plan, int size) {
  cut(plan, as_size(size));
  plan.segments.back().flags |= TcpFlag::fin;
  std::ranges::reverse(plan.segments);
}

void empty_segments(Plan& plan, int count) {
  cut(plan, kSmall);
  std::vector<Segment> with;
  for (const Segment& segment : plan.segments) {
    for (int i = 0; i < count; ++i) with.push_back({.at = segment.at, .flags = TcpFlag::ack});
    with.push_back(segment);
  }
  plan.segments = std::move(with);
}

void with_timestamps(Plan& plan, int size) {
  plan.timestamps = true;
  cut(plan, as_size(size));
}

}  // namespace

std::vector<Transform> split_transforms() {
  std::vector<Transform> all;
  const auto add = [&](std::string_view kind, OnPlan apply, std::initializer_list<int> variants,
                       Defence defence = Defence::reassembly, bool hostile = false) {
    for (const int variant : variants)
      all.push_back({.kind = kind,
                     .variant = variant,
                     .defence = defence,
                     .apply = apply,
                     .layer = Layer::split,
                     .hostile = hostile});
  };
  add("tcp.segments", segments, {1, 2, 3, 5, 8, 16, 32, 64});
  add("tcp.random_sizes", random_sizes, {1, 2, 3, 4});
  add("tcp.reverse", reverse, {1, 8, 24});
  add("tcp.reverse_in_fours", reverse_in_fours, {4, 24});
  add("tcp.shuffled", shuffled, {1, 2, 3, 4});
  add("tcp.odd_then_even", odd_then_even, {7, 24});
  add("tcp.first_byte_last", first_byte_last, {24, 1400});
  add("tcp.each_twice", each_twice, {5, 24});
  add("tcp.all_twice", all_twice, {24});
  add("tcp.overlap_behind", overlap_behind, {1, 4, 20});
  add("tcp.overlap_ahead", overlap_ahead, {1, 8, 30});
  add("tcp.differing_copy_after", differing_copy_after, {1, 16, 40, 120}, Defence::conflicts, true);
  add("tcp.differing_copy_before", differing_copy_before, {1, 16, 40}, Defence::conflicts, true);
  add("tcp.differing_copy_around", differing_copy_around, {-12, -1, 1, 12}, Defence::conflicts, true);
  add("tcp.changed_retransmission", changed_retransmission, {24, 100}, Defence::reassembly, true);
  add("tcp.delays", delays, {1, 20});
  add("tcp.sequence_wrap", sequence_wrap, {2, 50, 200});
  add("tcp.data_in_syn", data_in_syn, {1, 16});
  add("tcp.garbage_in_syn", garbage_in_syn, {16, 100}, Defence::reassembly, true);
  add("tcp.odd_flags", odd_flags, {0, TcpFlag::psh | TcpFlag::ece, TcpFlag::cwr | TcpFlag::ece});
  add("tcp.option_padding", option_padding, {0, 1});
  add("tcp.keep_alives", keep_alives, {24, 100});
  add("tcp.urgent_byte", urgent_byte, {24, 100}, Defence::reassembly, true);
  add("tcp.urgent_pointer_ahead", urgent_pointer_ahead, {1000}, Defence::reassembly, true);
  add("tcp.last_with_fin", last_with_fin, {24});
  add("tcp.fin_first", fin_first, {24});
  add("tcp.empty_segments", empty_segments, {1, 3});
  add("tcp.timestamps", with_timestamps, {24});
  return all;
}

}  // namespace bansoko::evasion
