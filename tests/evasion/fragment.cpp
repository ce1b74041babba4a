// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "tests/evasion/transform.h"

namespace bansoko::evasion {
namespace {

using packet::Protocol;
using traffic::IpFields;

constexpr std::size_t kPiece = 24;
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kDestination = 60;

std::size_t as_size(int variant) { return static_cast<std::size_t>(variant); }

std::vector<Octets> whole(const IpFields& ip, Bytes segment) {
  return {traffic::ip_packet(ip, Protocol::tcp, segment)};
}

std::vector<Octets> fragments(const IpFields& ip, Bytes segment, int size) {
  return traffic::fragments(ip, Protocol::tcp, segment, as_size(size));
}
std::vector<Octets> reversed(const IpFields& ip, Bytes segment, int size) {
  auto all = fragments(ip, segment, size);
  std::ranges::reverse(all);
  return all;
}
std::vector<Octets> shuffled(const IpFields& ip, Bytes segment, int seed) {
  auto all = fragments(ip, segment, kPiece);
  Random(as_size(seed) + ip.id).shuffle(all);
  return all;
}
std::vector<Octets> each_twice(const IpFields& ip, Bytes segment, int size) {
  std::vector<Octets> all;
  for (const Octets& piece : fragments(ip, segment, size)) all.insert(all.end(), 2, piece);
  return all;
}

/// Each fragment but the last goes on 8 bytes into the next, with the same bytes.
std::vector<Octets> overlap(const IpFields& ip, Bytes segment, int size) {
  std::vector<Octets> all;
  for (std::size_t at = 0; at < segment.size(); at += as_size(size))
    all.push_back(traffic::fragment(ip, Protocol::tcp, segment, at, as_size(size) + 8));
  return all;
}

Octets garbage_fragment(const IpFields& ip, std::size_t at, std::size_t size, bool more) {
  IpFields piece = ip;
  piece.fragment_offset = static_cast<std::uint32_t>(at);
  piece.more_fragments = more;
  const Octets bytes(size, '#');
  return traffic::ip_packet(piece, Protocol::tcp, bytes);
}

/// Where a differing copy is put: behind the TCP header.
constexpr std::size_t kInside = 48;

/// With the last fragment held back, so that nothing is complete before the differing copy has come.
std::vector<Octets> differing_copy(const IpFields& ip, Bytes segment, bool before) {
  auto all = fragments(ip, segment, kPiece);
  if (segment.size() < kInside + 2 * kPiece) return all;
  const Octets decoy = garbage_fragment(ip, kInside, kPiece, true);
  all.insert(before ? all.begin() : all.end() - 1, decoy);
  return all;
}
std::vector<Octets> differing_after(const IpFields& ip, Bytes segment, int) {
  return differing_copy(ip, segment, false);
}
std::vector<Octets> differing_before(const IpFields& ip, Bytes segment, int) {
  return differing_copy(ip, segment, true);
}

template <class Spoil>
std::vector<Octets> decoy_fragments(const IpFields& ip, Bytes segment, Spoil spoil) {
  auto all = fragments(ip, segment, kPiece);
  if (segment.size() < kInside + 2 * kPiece) return all;
  IpFields spoilt = ip;
  spoil(spoilt);
  all.insert(all.begin(), garbage_fragment(spoilt, kInside, kPiece, true));
  return all;
}
std::vector<Octets> bad_checksum(const IpFields& ip, Bytes segment, int) {
  return decoy_fragments(ip, segment, [](IpFields& decoy) { decoy.bad_checksum = true; });
}
std::vector<Octets> low_ttl(const IpFields& ip, Bytes segment, int) {
  return decoy_fragments(ip, segment, [](IpFields& decoy) { decoy.ttl = 2; });
}
/// Another datagram's fragment in between, alike but for its id.
std::vector<Octets> strange_id(const IpFields& ip, Bytes segment, int) {
  return decoy_fragments(ip, segment, [](IpFields& decoy) { decoy.id += 7777; });
}
/// Alike but for its source.
std::vector<Octets> strange_source(const IpFields& ip, Bytes segment, int) {
  return decoy_fragments(ip, segment, [](IpFields& decoy) { decoy.source.bytes[15] ^= 1U; });
}
/// The same id for every datagram of the connection.
std::vector<Octets> same_id(const IpFields& ip, Bytes segment, int size) {
  IpFields same = ip;
  same.id = 4711;
  return fragments(same, segment, size);
}
/// The last fragment first, the first one last, so that the length is known and the header is not.
std::vector<Octets> last_first(const IpFields& ip, Bytes segment, int size) {
  auto all = fragments(ip, segment, size);
  std::rotate(all.begin(), all.end() - 1, all.end());
  if (all.size() > 2) std::rotate(all.begin() + 1, all.begin() + 2, all.end());
  return all;
}

std::vector<Octets> options(const IpFields& ip, Bytes segment, int kind) {
  IpFields with = ip;
  const Octets nothing(8, 1);
  const Octets router_alert{148, 4, 0, 0};
  Octets timestamp{68, 12, 5, 0};
  timestamp.resize(12, 0);
  with.options = kind == 0 ? nothing : kind == 1 ? router_alert : timestamp;
  return whole(with, segment);
}
IpFields with_extensions(const IpFields& ip, int kind) {
  IpFields with = ip;
  const Octets padding{1, 4, 0, 0, 0, 0};
  if (kind != 1) with.extensions.push_back(traffic::extension(kHopByHop, padding));
  if (kind >= 1) with.extensions.push_back(traffic::extension(kDestination, padding));
  if (kind >= 2) with.extensions.push_back(traffic::extension(kRouting, {4, 0, 0, 0, 0, 0}));
  if (kind >= 3) with.extensions.push_back(traffic::extension(kDestination, Octets(22, 0)));
  return with;
}
std::vector<Octets> extension_headers(const IpFields& ip, Bytes segment, int kind) {
  return whole(with_extensions(ip, kind), segment);
}
std::vector<Octets> fragments_behind_extensions(const IpFields& ip, Bytes segment, int size) {
  return traffic::fragments(with_extensions(ip, 0), Protocol::tcp, segment, as_size(size));
}
std::vector<Octets> atomic_fragment(const IpFields& ip, Bytes segment, int) {
  IpFields with = ip;
  with.fragment_header = true;
  return whole(with, segment);
}
std::vector<Octets> plain(const IpFields& ip, Bytes segment, int) { return whole(ip, segment); }

}  // namespace

std::vector<Transform> ip_transforms() {
  std::vector<Transform> all;
  bool ipv6 = false;
  const auto add = [&](std::string_view kind, OnSegment apply, std::initializer_list<int> variants,
                       Defence defence = Defence::defragmentation, bool hostile = false) {
    for (const int variant : variants)
      all.push_back({.kind = kind,
                     .variant = variant,
                     .defence = defence,
                     .apply = apply,
                     .layer = Layer::ip,
                     .hostile = hostile,
                     .ipv6 = ipv6});
  };
  add("ip.fragments", fragments, {8, 16, 24, 64, 256});
  add("ip.fragments_reversed", reversed, {8, 24});
  add("ip.fragments_shuffled", shuffled, {1, 2, 3});
  add("ip.fragments_twice", each_twice, {24});
  add("ip.fragments_last_first", last_first, {24, 64});
  add("ip.fragments_overlap", overlap, {16, 24}, Defence::defragmentation, true);
  add("ip.fragments_differ_after", differing_after, {0}, Defence::defragmentation, true);
  add("ip.fragments_differ_before", differing_before, {0}, Defence::defragmentation, true);
  add("ip.fragment_bad_checksum", bad_checksum, {0}, Defence::defragmentation, true);
  add("ip.fragment_low_ttl", low_ttl, {0}, Defence::defragmentation, true);
  add("ip.fragment_strange_id", strange_id, {0}, Defence::defragmentation, true);
  add("ip.fragment_strange_source", strange_source, {0}, Defence::defragmentation, true);
  add("ip.fragments_same_id", same_id, {24}, Defence::defragmentation, true);
  add("ip.options", options, {0, 1, 2}, Defence::ip_headers);
  ipv6 = true;
  add("ipv6.plain", plain, {0}, Defence::ip_headers);
  add("ipv6.fragments", fragments, {24, 8, 64});
  add("ipv6.fragments_reversed", reversed, {24});
  add("ipv6.fragments_shuffled", shuffled, {1, 2});
  add("ipv6.fragments_overlap", overlap, {24}, Defence::defragmentation, true);
  add("ipv6.fragments_differ", differing_before, {0}, Defence::defragmentation, true);
  add("ipv6.extension_headers", extension_headers, {0, 1, 2, 3}, Defence::ip_headers);
  add("ipv6.fragments_behind_extensions", fragments_behind_extensions, {24});
  add("ipv6.atomic_fragment", atomic_fragment, {0}, Defence::ip_headers);
  return all;
}

}  // namespace bansoko::evasion
