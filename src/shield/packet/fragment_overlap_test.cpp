// SPDX-License-Identifier: Apache-2.0
// Fragments that contradict each other, as the destination's system puts them together.
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/packet/defragmenter.h"
#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/traffic/frames.h"

namespace bansoko::packet {
namespace {

using traffic::ip_packet;
using traffic::IpFields;
using traffic::Octets;
using traffic::v6;
using Outcome = Defragmenter::Outcome;

constexpr std::uint8_t kProtocol = 253;  // for experiments: nothing behind IP is read
constexpr std::array kSystems{System::first,        System::last, System::linux,  System::windows,
                              System::windows_2003, System::bsd,  System::solaris};

std::shared_ptr<const HostTable> all_are(System system) {
  auto table = std::make_shared<HostTable>();
  EXPECT_TRUE(table->set_system("0.0.0.0/0", system));
  EXPECT_TRUE(table->set_system("::/0", system));
  return table;
}

/// Units of 8 bytes, all of one letter.
struct Piece {
  std::uint32_t offset;
  std::string units;
  bool last = false;
};

Octets bytes_of(const Piece& piece, IpFields ip) {
  ip.fragment_offset = piece.offset * 8;
  ip.more_fragments = !piece.last;
  Octets data;
  for (const char unit : piece.units) data.insert(data.end(), 8, static_cast<std::uint8_t>(unit));
  return ip_packet(ip, kProtocol, data);
}

/// What the datagram came to, one letter for each unit; '?' and the outcome when it is not whole.
std::string seen(Defragmenter& defragmenter, const std::vector<Piece>& pieces, const IpFields& ip,
                 std::string* outcomes = nullptr) {
  std::string text = "?";
  for (const Piece& piece : pieces) {
    const Octets bytes = bytes_of(piece, ip);
    Packet packet = decode({.bytes = bytes, .link = Link::ip}, 1, {});
    const Outcome outcome = defragmenter.add(packet);
    if (outcomes != nullptr) *outcomes += "whcrC"[static_cast<std::size_t>(outcome)];
    if (outcome != Outcome::completed && outcome != Outcome::completed_refused) continue;
    text.clear();
    for (std::size_t i = 0; i < packet.payload.size(); i += 8) text += static_cast<char>(packet.payload[i]);
  }
  return text;
}

struct OverlapCase {
  std::string_view name;
  std::vector<Piece> pieces;
  std::string_view first, last, linux, windows, windows_2003, bsd, solaris;
};

class Overlapping : public testing::TestWithParam<OverlapCase> {};

TEST_P(Overlapping, AsTheSystemTakesIt) {
  const OverlapCase& row = GetParam();
  const std::array wanted{row.first,        row.last, row.linux,  row.windows,
                          row.windows_2003, row.bsd,  row.solaris};
  for (std::size_t i = 0; i < kSystems.size(); ++i)
    for (const IpFields& ip : {IpFields{.id = 7}, IpFields{.source = v6(1), .dest = v6(2), .id = 7}}) {
      Defragmenter observing({.refused_arrives = true, .hosts = all_are(kSystems[i])}, {});
      std::string outcomes;
      EXPECT_EQ(seen(observing, row.pieces, ip, &outcomes), wanted[i]);
      EXPECT_EQ(outcomes.back(), 'C') << "reported as refused";

      Defragmenter passing({.on_overlap = OnFault::pass, .hosts = all_are(kSystems[i])}, {});
      const bool gives_up = !ip.dest.is_v4() || kSystems[i] == System::linux;
      EXPECT_EQ(seen(passing, row.pieces, ip), gives_up ? "?" : wanted[i]);

      Defragmenter refusing({.hosts = all_are(kSystems[i])}, {});
      EXPECT_EQ(seen(refusing, row.pieces, ip), "?");
    }
}

INSTANTIATE_TEST_SUITE_P(Defragmenter, Overlapping,
                         testing::Values(
                             // In order: first, last, linux, windows, windows-2003, bsd, solaris.
                             OverlapCase{"later_begins_before",
                                         {{3, "aaa"}, {1, "bbb"}, {0, "_"}, {6, "$", true}},
                                         "_bbaaa$",
                                         "_bbbaa$",
                                         "_bbbaa$",
                                         "_bbaaa$",
                                         "_bbaaa$",
                                         "_bbbaa$",
                                         "_bbaaa$"},
                             OverlapCase{"later_begins_behind",
                                         {{1, "aaa"}, {3, "bbb"}, {0, "_"}, {6, "$", true}},
                                         "_aaabb$",
                                         "_aabbb$",
                                         "_aaabb$",
                                         "_aaabb$",
                                         "_aaabb$",
                                         "_aaabb$",
                                         "_aaabb$"},
                             OverlapCase{"same_place",
                                         {{1, "aa"}, {1, "bb"}, {0, "_"}, {3, "$", true}},
                                         "_aa$",
                                         "_bb$",
                                         "_bb$",
                                         "_aa$",
                                         "_aa$",
                                         "_aa$",
                                         "_aa$"},
                             OverlapCase{"later_covers",
                                         {{2, "a"}, {1, "bbb"}, {0, "_"}, {4, "$", true}},
                                         "_bab$",
                                         "_bbb$",
                                         "_bbb$",
                                         "_bbb$",
                                         "_bbb$",
                                         "_bbb$",
                                         "_bbb$"},
                             OverlapCase{"later_covers_to_the_same_end",
                                         {{2, "aa"}, {1, "bbb"}, {0, "_"}, {4, "$", true}},
                                         "_baa$",
                                         "_bbb$",
                                         "_bbb$",
                                         "_baa$",
                                         "_baa$",
                                         "_bbb$",
                                         "_bbb$"},
                             OverlapCase{"later_is_inside",
                                         {{1, "aaa"}, {2, "b"}, {0, "_"}, {4, "$", true}},
                                         "_aaa$",
                                         "_aba$",
                                         "_aaa$",
                                         "_aaa$",
                                         "_aaa$",
                                         "_aaa$",
                                         "_aaa$"},
                             OverlapCase{"across_two",
                                         {{1, "aa"}, {3, "cc"}, {2, "bb"}, {0, "_"}, {5, "$", true}},
                                         "_aacc$",
                                         "_abbc$",
                                         "_aabc$",
                                         "_aacc$",
                                         "_aacc$",
                                         "_aabc$",
                                         "_aacc$"}),
                         by_name);

/// The same on a row of letters, each with where the piece it came in begins and ends now.
class Letters {
 public:
  explicit Letters(System system) : system_(system) {}

  void take(const Piece& piece) {
    const int begin = static_cast<int>(piece.offset);
    const int end = begin + static_cast<int>(piece.units.size());
    std::string after = text_;
    std::vector<int> owner_after = owner_;
    ++count_;
    for (int at = begin; at < end; ++at) {
      const auto i = static_cast<std::size_t>(at);
      if (owner_[i] != 0 && !wins(begin, end, at)) continue;
      after[i] = piece.units[i - piece.offset];
      owner_after[i] = count_;
    }
    text_ = after;
    owner_ = owner_after;
    split();
  }

  std::string text(std::size_t size) const { return text_.substr(0, size); }
  bool is_whole(std::size_t size) const {
    return std::find(owner_.begin(), owner_.begin() + static_cast<int>(size), 0) ==
           owner_.begin() + static_cast<int>(size);
  }

 private:
  bool wins(int begin, int end, int at) const {
    const int owner = owner_[static_cast<std::size_t>(at)];
    const auto is_owned = [&](int i) { return i >= 0 && owner_[static_cast<std::size_t>(i)] == owner; };
    int old_begin = at;
    int old_end = at + 1;
    while (is_owned(old_begin - 1)) --old_begin;
    while (is_owned(old_end)) ++old_end;
    switch (system_) {
      case System::last:
        return true;
      case System::linux:
        return begin <= old_begin;
      case System::bsd:
        return begin < old_begin;
      case System::windows:
      case System::windows_2003:
        return begin < old_begin && end > old_end;
      case System::solaris:
        return begin < old_begin && end >= old_end;
      default:
        return false;
    }
  }

  /// Runs that are no longer joined are pieces of their own.
  void split() {
    for (std::size_t i = 1; i < owner_.size(); ++i) {
      if (owner_[i] == 0 || owner_[i] == owner_[i - 1]) continue;
      if (std::find(owner_.begin(), owner_.begin() + static_cast<int>(i), owner_[i]) ==
          owner_.begin() + static_cast<int>(i))
        continue;
      const int old = owner_[i];
      ++count_;
      for (std::size_t j = i; j < owner_.size() && owner_[j] == old; ++j) owner_[j] = count_;
    }
  }

  System system_;
  int count_ = 0;
  std::string text_ = std::string(64, '.');
  std::vector<int> owner_ = std::vector<int>(64, 0);
};

TEST(FragmentOverlap, RandomPiecesAgainstAModel) {
  int whole = 0;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    const System system = kSystems[seed % kSystems.size()];
    Defragmenter defragmenter({.refused_arrives = true, .hosts = all_are(system)}, {});
    Letters model(system);
    std::vector<Piece> pieces{{15, "$", true}};
    for (int i = 0; i < 14; ++i) {
      const auto offset = static_cast<std::uint32_t>(random() % 14);
      const std::uint32_t size = std::min(15 - offset, 1U + static_cast<std::uint32_t>(random() % 5));
      pieces.push_back({offset, std::string(size, static_cast<char>('a' + i))});
    }
    for (const Piece& piece : pieces) {
      model.take(piece);
      const std::string got = seen(defragmenter, {piece}, {.id = 7});
      ASSERT_EQ(got != "?", model.is_whole(16)) << seed;
      if (got == "?") continue;
      ASSERT_EQ(got, model.text(16)) << seed;
      ++whole;
      break;
    }
  }
  EXPECT_GT(whole, 500);
}

TEST(FragmentOverlap, BothCopiesAreTold) {
  for (const bool observed : {false, true}) {
    Defragmenter defragmenter({.refused_arrives = observed}, {});
    seen(defragmenter, {{0, "ab"}}, {.id = 7});
    EXPECT_EQ(defragmenter.conflict().size, 0);
    seen(defragmenter, {{1, "xy"}}, {.id = 7});
    EXPECT_EQ(defragmenter.conflict().offset, 8U);
    EXPECT_EQ(as_text(defragmenter.conflict().earlier_bytes()), "bbbbbbbb");
    EXPECT_EQ(as_text(defragmenter.conflict().later_bytes()), "xxxxxxxx");
  }
}

TEST(FragmentOverlap, TooManyPiecesEndTheDatagram) {
  Defragmenter defragmenter({.max_fragments = 3, .on_overlap = OnFault::pass, .hosts = all_are(System::last)},
                            {});
  std::string outcomes;
  seen(defragmenter, {{0, "aaaaa"}, {1, "b"}, {3, "c"}, {9, "$", true}}, {.id = 7}, &outcomes);
  EXPECT_EQ(outcomes, "hhrr") << "two cuts make five pieces of one";
}

struct SmallCase {
  std::string_view name;
  std::uint32_t min_size;
  OnFault on_small;
  std::string_view outcomes;
  bool noted;
};

class SmallFragments : public testing::TestWithParam<SmallCase> {};

TEST_P(SmallFragments, AsSet) {
  const SmallCase& row = GetParam();
  Defragmenter defragmenter({.min_size = row.min_size, .on_small = row.on_small}, {});
  std::string outcomes;
  bool noted = false;
  for (const Piece& piece : {Piece{0, "aaa"}, Piece{3, "bb"}, Piece{5, "$", true}}) {
    const Octets bytes = bytes_of(piece, {.id = 7});
    Packet packet = decode({.bytes = bytes, .link = Link::ip}, 1, {});
    outcomes += "whcr"[static_cast<std::size_t>(defragmenter.add(packet))];
    noted = noted || packet.anomalies.has(Anomaly::fragment_too_small);
  }
  EXPECT_EQ(outcomes, row.outcomes);
  EXPECT_EQ(noted, row.noted);
}

INSTANTIATE_TEST_SUITE_P(Defragmenter, SmallFragments,
                         testing::Values(SmallCase{"none", 8, OnFault::drop, "hhc", false},
                                         SmallCase{"at_the_limit", 16, OnFault::drop, "hhc", false},
                                         SmallCase{"below", 17, OnFault::drop, "hrr", true},
                                         SmallCase{"below_passes", 17, OnFault::pass, "hhc", true}),
                         by_name);

struct ChainCase {
  std::string_view name;
  std::uint8_t next;
  Octets data;
  Outcome outcome;
};

class FirstFragment : public testing::TestWithParam<ChainCase> {};

TEST_P(FirstFragment, HoldsTheWholeChain) {
  const ChainCase& row = GetParam();
  Defragmenter defragmenter({}, {});
  const IpFields ip{.source = v6(1), .dest = v6(2), .id = 7, .more_fragments = true};
  const Octets bytes = ip_packet(ip, row.next, row.data);
  Packet packet = decode({.bytes = bytes, .link = Link::ip}, 1, {});
  EXPECT_EQ(defragmenter.add(packet), row.outcome);
  EXPECT_EQ(packet.anomalies.has(Anomaly::fragment_header_chain), row.outcome == Outcome::refused);
}

Octets options_then(std::uint8_t next, std::size_t more) {
  Octets bytes{next, 0, 1, 4, 0, 0, 0, 0};
  bytes.resize(8 + more);
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Defragmenter, FirstFragment,
    testing::Values(ChainCase{"tcp", tcp, Octets(24), Outcome::held},
                    ChainCase{"tcp_cut", tcp, Octets(16), Outcome::refused},
                    ChainCase{"udp", udp, Octets(8), Outcome::held},
                    ChainCase{"options_and_udp", 60, options_then(udp, 8), Outcome::held},
                    ChainCase{"options_alone", 60, options_then(udp, 0), Outcome::refused},
                    ChainCase{"options_and_tcp_cut", 60, options_then(tcp, 16), Outcome::refused},
                    ChainCase{"options_longer_than_it", 60, Octets{udp, 9, 1, 4, 0, 0, 0, 0},
                              Outcome::refused},
                    ChainCase{"options_upon_options_alone", 60, options_then(60, 0), Outcome::refused},
                    ChainCase{"no_next_header", 59, Octets(8), Outcome::held},
                    ChainCase{"unknown", kProtocol, Octets(8), Outcome::held}),
    by_name);

TEST(FragmentOverlap, AllocatesNothing) {
  Defragmenter defragmenter({.refused_arrives = true, .hosts = all_are(System::linux)}, {});
  std::vector<Octets> frames;
  std::mt19937 random(1);
  for (std::uint32_t i = 0; i < 200; ++i)
    frames.push_back(bytes_of({static_cast<std::uint32_t>(random() % 60), std::string(random() % 4 + 1, 'a')},
                              {.id = i % 4}));
  const AllocationCounter allocations;
  for (const Octets& frame : frames) {
    Packet packet = decode({.bytes = frame, .link = Link::ip}, 1, {});
    defragmenter.add(packet);
  }
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace bansoko::packet
