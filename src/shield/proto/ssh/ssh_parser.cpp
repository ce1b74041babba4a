// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ssh/ssh_parser.h"

#include <algorithm>

#include "base/text.h"

namespace bansoko::proto::ssh {
namespace {

constexpr std::string_view kMark = "SSH-";

// RFC 4250 section 4.1.2.
enum MessageType : std::uint8_t { kexinit = 20, newkeys = 21, first_behind_keys = 50 };

// What OpenSSH accepts; RFC 4253 section 6.1 asks for 35000.
constexpr std::uint32_t kMaxPacket = 256 * 1024;

}  // namespace

SshParser::SshParser(const Limits& limits, SshMemory& memory)
    : limits_(limits), budget_(memory.budget), conversation_(memory, limits.banner_size) {}

void SshParser::reset(const Assignment&) noexcept {
  sides_ = {};
  next_id_ = 0;
  is_open_ = false;
  conversation_.progress = message_.progress = {};
  conversation_.notes = message_.notes = {};
  for (Greeting& known : conversation_.greetings) known.clear(budget_.is_tight());
}

Parsed SshParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  SideState& from = state(chunk.from);
  if (chunk.gap > 0 && from.state != State::opaque) {
    // Where the next packet begins nobody knows.
    sink.on_anomaly(chunk.from, gap);
    from.state = State::opaque;
  }
  Bytes rest = chunk.bytes();
  while (!rest.empty() && from.state != State::opaque) {
    const Parsed parsed =
        from.state == State::packet ? take_packet(rest, chunk.from, sink) : take_line(rest, chunk.from, sink);
    if (parsed == Parsed::malformed) return parsed;
  }
  const bool all_opaque = sides_[0].state == State::opaque && sides_[1].state == State::opaque;
  return all_opaque ? Parsed::finished : Parsed::more;
}

void SshParser::end(TransactionSink& sink) noexcept {
  if (!is_open_) return;
  for (const Side side : {Side::client, Side::server})
    if (conversation_.progress[flow::index(side)] != kNotStarted) advance(side, kComplete, sink);
  sink.on_end(conversation_);
  is_open_ = false;
}

void SshParser::advance(Side side, std::uint8_t step, TransactionSink& sink) noexcept {
  if (!is_open_) conversation_.id = next_id_++;
  is_open_ = true;
  conversation_.progress[flow::index(side)] = step;
  sink.on_progress(conversation_, side);
}

Parsed SshParser::take_line(Bytes& rest, Side side, TransactionSink& sink) noexcept {
  SideState& ours = state(side);
  BudgetedBytes& line = greeting(side).banner;
  if (rest.front() == '\n') {
    rest = rest.subspan(1);
    if (ours.state == State::line && end_line(side, true, sink) == Parsed::malformed)
      return Parsed::malformed;
    if (!ours.is_banner_read) line.clear();
    if (ours.state != State::opaque) ours.state = ours.is_banner_read ? State::packet : State::line;
    return Parsed::more;
  }
  const bool is_kept = ours.state == State::line;
  const std::size_t room = is_kept ? limits_.banner_size - line.size() : rest.size();
  if (room == 0) {
    ours.state = State::rest_of_line;
    return end_line(side, false, sink);
  }
  const Bytes within = rest.first(std::min(rest.size(), room));
  const Bytes part = within.first(static_cast<std::size_t>(std::ranges::find(within, '\n') - within.begin()));
  rest = rest.subspan(part.size());
  if (is_kept) line.append(part, limits_.banner_size);
  if (ours.is_banner_read) return Parsed::more;
  ours.prelude += part.size();
  if (ours.prelude <= limits_.prelude_size + limits_.banner_size) return Parsed::more;
  sink.on_anomaly(side, invalid_banner);
  return Parsed::malformed;
}

// A server may send other lines before its banner (RFC 4253 section 4.2).
Parsed SshParser::end_line(Side side, bool is_whole, TransactionSink& sink) noexcept {
  SideState& ours = state(side);
  const std::string_view line = as_text(greeting(side).banner.bytes());
  if (!line.starts_with(kMark)) {
    if (side == Side::server) return Parsed::more;
    sink.on_anomaly(side, invalid_banner);
    return Parsed::malformed;
  }
  if (!is_whole) sink.on_anomaly(side, long_banner);
  if (!read_banner(side)) {
    sink.on_anomaly(side, invalid_banner);
    return Parsed::malformed;
  }
  ours.is_banner_read = true;
  advance(side, step_banner, sink);
  // SSH 1 has other packets; who says 1.99 speaks 2 as well.
  const std::string_view version = as_text(*greeting(side).proto);
  if (version.starts_with("1.") && version != "1.99") ours.state = State::opaque;
  return Parsed::more;
}

bool SshParser::read_banner(Side side) noexcept {
  Greeting& known = greeting(side);
  const Bytes line = known.banner.bytes().subspan(kMark.size());
  const auto dash = std::ranges::find(line, std::uint8_t{'-'});
  if (dash == line.end() || dash == line.begin()) return false;
  known.proto = line.first(static_cast<std::size_t>(dash - line.begin()));
  const Bytes rest = line.subspan(known.proto->size() + 1);
  const std::size_t end = as_text(rest).find_first_of(" \r");
  known.software = rest.first(std::min(end, rest.size()));
  return true;
}

Parsed SshParser::take_packet(Bytes& rest, Side side, TransactionSink& sink) noexcept {
  SideState& ours = state(side);
  if (ours.header_size < kHeaderSize) {
    ours.header[ours.header_size++] = rest.front();
    rest = rest.subspan(1);
    if (ours.header_size < kHeaderSize) return Parsed::more;
    if (begin_packet(side, sink) == Parsed::malformed) return Parsed::malformed;
  } else {
    const Bytes part = rest.first(std::min<std::size_t>(rest.size(), ours.left));
    rest = rest.subspan(part.size());
    ours.left -= static_cast<std::uint32_t>(part.size());
    if (ours.is_kept) keep(part, side, sink);
  }
  if (ours.left == 0) end_packet(side, sink);
  return Parsed::more;
}

Parsed SshParser::begin_packet(Side side, TransactionSink& sink) noexcept {
  SideState& ours = state(side);
  ByteReader in(ours.header);
  const std::uint32_t size = in.u32();
  const std::uint32_t padding = in.u8();
  ours.type = in.u8();
  // The length counts the padding's own byte and the message's number.
  if (size < 2 || size > kMaxPacket || padding + 2 > size) {
    sink.on_anomaly(side, invalid_record);
    return Parsed::malformed;
  }
  ours.left = size - 2;
  ours.is_kept = ours.type == MessageType::kexinit && !greeting(side).algorithms.is_here;
  if (ours.is_kept) greeting(side).offer.clear();
  if (ours.type >= MessageType::first_behind_keys) sink.on_anomaly(side, message_before_keys);
  message_.id = next_id_++;
  message_.progress = {};
  message_.progress[flow::index(side)] = kComplete;
  message_.type = ours.type;
  message_.size = size;
  sink.on_progress(message_, side);
  sink.on_end(message_);
  return Parsed::more;
}

void SshParser::keep(Bytes bytes, Side side, TransactionSink& sink) noexcept {
  BudgetedBytes& into = greeting(side).offer;
  const Bytes kept = bytes.first(std::min(bytes.size(), limits_.kexinit_size - into.size()));
  if (!into.append(kept, limits_.kexinit_size)) {
    sink.on_anomaly(side, memory_limit);
    state(side).is_kept = false;
  } else if (kept.size() < bytes.size()) {
    sink.on_anomaly(side, long_kex_record);
    read_offer(side, sink);
    state(side).is_kept = false;
  }
}

void SshParser::end_packet(Side side, TransactionSink& sink) noexcept {
  SideState& ours = state(side);
  if (ours.is_kept) read_offer(side, sink);
  if (ours.type == MessageType::newkeys) ours.state = State::opaque;
  ours.header_size = 0;
  ours.is_kept = false;
}

void SshParser::read_offer(Side side, TransactionSink& sink) noexcept {
  Greeting& known = greeting(side);
  known.algorithms = read_algorithms(known.offer.bytes());
  if (!known.algorithms.is_here) return sink.on_anomaly(side, invalid_kex_record);
  advance(side, step_algorithms, sink);
}

}  // namespace bansoko::proto::ssh
