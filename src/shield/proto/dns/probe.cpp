// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/probe.h"

#include <algorithm>

#include "shield/proto/dns/record_reader.h"
#include "shield/proto/settled_ports.h"

namespace bansoko::proto::dns {
namespace {

constexpr std::uint16_t kPort = 53;
constexpr std::uint16_t kMulticastPort = 5353;
constexpr std::uint16_t kNetbiosNamePort = 137;  // RFC 1002: the same form
constexpr std::uint16_t kLinkLocalPort = 5355;   // RFC 4795: the same form

constexpr std::size_t kLeastQuestion = 5;
constexpr std::size_t kLeastRecord = 11;

bool is_port(const Approach& approach, std::uint16_t port) noexcept {
  return approach.client_port == port || approach.server_port == port;
}

/// What a message on the port of DNS must be at least.
bool may_be(const Header& header, std::size_t size) noexcept {
  const std::uint32_t records = header.records();
  if (std::size_t{2} * records > size || (records == 0 && size > Header::kSize)) return false;
  return header.is_response() || header.count(Section::question) > 0;
}

/// What one anywhere else must be: with one question, as all software asks, and of codes that mean something.
bool is_usual(const Header& header, std::size_t size) noexcept {
  const std::uint8_t opcode = header.opcode();
  const bool known_opcode = opcode == 0 || opcode == 4 || opcode == 5;
  if (!known_opcode || header.has_z_flag() || header.count(Section::question) != 1) return false;
  const std::uint32_t others = header.records() - 1;
  if (Header::kSize + kLeastQuestion + others * kLeastRecord > size) return false;
  if (header.is_response()) return header.rcode() <= 10;
  const bool is_plain_query = opcode != 0 || (header.count(Section::answer) == 0 &&
                                              header.count(Section::authority) <= 1 &&  // RFC 1995: SOA
                                              header.count(Section::additional) <= 2);
  return header.rcode() == 0 && !header.is_cut() && is_plain_query;
}

bool is_usual_question(const Record& question) noexcept {
  const std::uint16_t type = question.type;
  const std::uint16_t of_class = question.record_class;
  const bool known_type = (type >= 1 && type <= 261) || (type >= 32768 && type <= 32769) || type >= 65280;
  return known_type && (of_class == 1 || of_class == 3 || of_class == 4 || of_class >= 254) &&
         of_class <= 255;
}

bool has_first_question(Bytes message, const Header& header) noexcept {
  if (header.count(Section::question) == 0) return true;
  RecordReader reader(message);
  Record question;
  return reader.read(Section::question, question);
}

/// Its sections are as the header says, and nothing comes behind them.
bool is_exact(Bytes message, const Header& header) noexcept {
  RecordReader reader(message);
  Record record;
  for (const Section section : {Section::question, Section::answer, Section::authority, Section::additional})
    for (std::size_t i = 0; i < header.count(section); ++i) {
      if (!reader.read(section, record)) return false;
      if (section == Section::question && !is_usual_question(record)) return false;
    }
  return reader.at() == message.size();
}

/// `message` may be the beginning of one of `size` bytes.
Guess probe_message(Bytes message, std::size_t size, bool is_expected) noexcept {
  const auto header = read_header(message);
  if (size < Header::kSize) return Guess::no;
  if (!header) return Guess::maybe;
  if (!(is_expected ? may_be(*header, size) : is_usual(*header, size))) return Guess::no;
  const bool is_whole = message.size() == size;
  if (is_expected) {
    if (has_first_question(message, *header)) return Guess::yes;
    return is_whole ? Guess::no : Guess::maybe;
  }
  if (!is_whole) return Guess::maybe;
  return is_exact(message, *header) ? Guess::yes : Guess::no;
}

Guess probe_stream(Bytes bytes, bool is_expected) noexcept {
  ByteReader in(bytes);
  const std::size_t size = in.u16();
  if (!in.ok()) return Guess::maybe;
  return probe_message(in.rest().first(std::min(size, in.rest().size())), size, is_expected);
}

}  // namespace

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  const Bytes bytes = first.window;
  if (bytes.empty()) return Guess::maybe;
  const bool is_expected = is_port(approach, kPort);
  if (approach.transport == kOverTcp) return probe_stream(bytes, is_expected);
  const bool is_of_same_form = is_port(approach, kMulticastPort) || is_port(approach, kNetbiosNamePort) ||
                               is_port(approach, kLinkLocalPort);
  if (!is_expected && (is_of_same_form || is_port_of_another(approach, {kPort}))) return Guess::no;
  const Guess guess = probe_message(bytes, bytes.size(), is_expected);
  // One stray datagram must not hide those after it.
  return guess != Guess::yes && is_expected ? Guess::maybe : guess;
}

Guess probe_multicast(const StreamChunk& first, const Approach& approach) noexcept {
  if (!is_port(approach, kMulticastPort) || is_port(approach, kPort)) return Guess::no;
  if (first.window.empty()) return Guess::maybe;
  return probe_message(first.window, first.window.size(), true) == Guess::yes ? Guess::yes : Guess::maybe;
}

bool is_framed_message(Bytes bytes) noexcept { return probe_stream(bytes, false) == Guess::yes; }

}  // namespace bansoko::proto::dns
