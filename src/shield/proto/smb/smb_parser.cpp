// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/smb_parser.h"

#include <algorithm>

namespace bansoko::proto::smb {
namespace {

// RFC 1002 section 4.3.1.
enum SessionPacket : std::uint8_t {
  session_message = 0x00,
  session_request = 0x81,
  positive_response = 0x82,
  negative_response = 0x83,
  retarget_response = 0x84,
  keepalive = 0x85,
};

constexpr std::uint8_t kHeaderSize = 4;
constexpr std::uint32_t kNetbiosLength = 0x1FFFF;  // 17 bits
constexpr std::uint32_t kSmb1Most = 0x1FFFF;       // [MS-SMB] section 2.1

// What must be kept to read a message whose bytes no rule asks for: of an SMB1 response its header and the
// words of its first command, of SMB2 its header.
constexpr std::size_t kResponseKeep = 32 + 1 + 510;
constexpr std::size_t kSmb2Keep = 64;

constexpr bool is_smb_mark(std::uint32_t mark) noexcept {
  return (mark & 0xFFFFFF) == 0x534D42 && mark >> 24 >= 0xFC;  // 0xFC..0xFF 'SMB'
}

}  // namespace

SideParser::SideParser(Side side, OpenTransactions& open, const Limits& limits, MemoryBudget& budget)
    : side_(side),
      budget_(budget),
      reader_(side, open, limits.andx_commands),
      message_(limits.message_size, budget) {}

void SideParser::reset(bool keep_messages) noexcept {
  state_ = State::header;
  keep_messages_ = keep_messages;
  told_ = false;
  header_ = 0;
  header_size_ = 0;
  skip_ = 0;
  window_ = 0;
  window_size_ = 0;
  if (budget_.is_tight()) message_.release();
}

Parsed SideParser::feed(const StreamChunk& chunk, std::uint64_t& next_id, bool& over_netbios,
                        TransactionSink& sink) noexcept {
  if (chunk.gap > 0) lose(chunk.gap, sink);
  Bytes rest = chunk.bytes();
  while (!rest.empty()) {
    std::size_t used = 1;
    switch (state_) {
      case State::header:
        header_ = header_ << 8 | rest.front();
        if (++header_size_ < kHeaderSize) break;
        if (begin_frame(next_id, over_netbios, sink) == Parsed::malformed) return Parsed::malformed;
        break;
      case State::message:
        used = std::min<std::size_t>(rest.size(), message_.length() - message_.received());
        grow(rest.first(used), sink);
        break;
      case State::skip:
        used = std::min<std::size_t>(rest.size(), skip_);
        skip_ -= static_cast<std::uint32_t>(used);
        if (skip_ == 0) state_ = State::header;
        break;
      case State::lost:
        used = find_header(rest, next_id, sink);
        break;
    }
    rest = rest.subspan(used);
  }
  return Parsed::more;
}

void SideParser::end(TransactionSink& sink) noexcept {
  if (state_ == State::message) end_message(false, sink);
  state_ = State::header;
}

// The stream has a hole. If it lies within the message under way, the next one is where it was to be.
void SideParser::lose(std::uint32_t size, TransactionSink& sink) noexcept {
  sink.on_anomaly(side_, gap);
  std::uint32_t left = 0;
  if (state_ == State::message) {
    left = message_.length() - message_.received();
    end_message(false, sink);
  } else if (state_ == State::skip) {
    left = skip_;
  }
  header_ = 0;
  header_size_ = 0;
  window_ = 0;
  window_size_ = 0;
  if (left < size) {
    state_ = State::lost;
    return;
  }
  skip_ = left - size;
  state_ = skip_ > 0 ? State::skip : State::header;
}

// Looks for a session message's header followed by an SMB mark.
std::size_t SideParser::find_header(Bytes bytes, std::uint64_t& next_id, TransactionSink& sink) noexcept {
  std::size_t used = 0;
  for (const std::uint8_t byte : bytes) {
    ++used;
    window_ = window_ << 8 | byte;
    if (window_size_ < 8) ++window_size_;
    const auto length = static_cast<std::uint32_t>(window_ >> 32);
    const auto mark = static_cast<std::uint32_t>(window_);
    if (window_size_ < 8 || length >> 24 != session_message || length < 4 || !is_smb_mark(mark)) continue;
    begin_message(length, next_id);
    const std::array<std::uint8_t, 4> start{static_cast<std::uint8_t>(mark >> 24), 'S', 'M', 'B'};
    grow(start, sink);
    break;
  }
  return used;
}

Parsed SideParser::begin_frame(std::uint64_t& next_id, bool& over_netbios, TransactionSink& sink) noexcept {
  const auto type = static_cast<std::uint8_t>(header_ >> 24);
  std::uint32_t length = header_ & 0xFFFFFF;
  header_ = 0;
  header_size_ = 0;
  if (type != session_message && (type < session_request || type > keepalive)) {
    sink.on_anomaly(side_, netbios_type);
    return Parsed::malformed;
  }
  over_netbios |= type == session_request;
  // Over NetBIOS seven of the bits are reserved and a receiver passes over them (RFC 1002 section 4.3.1).
  if ((over_netbios || type != session_message) && length > kNetbiosLength) {
    sink.on_anomaly(side_, netbios_length);
    length &= kNetbiosLength;
  }
  if (length == 0) return Parsed::more;
  if (type == session_message) {
    begin_message(length, next_id);
  } else {
    skip_ = length;
    state_ = State::skip;
  }
  return Parsed::more;
}

void SideParser::begin_message(std::uint32_t length, std::uint64_t& next_id) noexcept {
  message_.begin(next_id++, length, message_.capacity());
  reader_.begin();
  told_ = false;
  state_ = State::message;
}

void SideParser::grow(Bytes bytes, TransactionSink& sink) noexcept {
  std::uint8_t& progress = message_.progress[flow::index(side_)];
  const std::uint8_t progress_before = progress;
  const std::size_t kept_before = message_.kept().size();
  while (!bytes.empty()) {
    // The mark decides how much of the message is kept, so it is read on its own.
    const bool has_mark = message_.received() >= 4;
    const std::size_t size =
        has_mark ? bytes.size() : std::min<std::size_t>(bytes.size(), 4 - message_.received());
    const bool was_cut = message_.is_cut();
    message_.append(bytes.first(size));
    if (message_.is_cut() && !was_cut) sink.on_anomaly(side_, memory_limit);
    bytes = bytes.subspan(size);
    progress = reader_.advance(message_, sink);
    if (!has_mark && progress >= step_framed) limit_kept(sink);
  }
  if (message_.is_whole()) return end_message(true, sink);
  if (progress == progress_before && message_.kept().size() == kept_before) return;
  if (progress == kNotStarted) return;
  told_ = true;
  sink.on_progress(message_, side_);
}

void SideParser::limit_kept(TransactionSink& sink) noexcept {
  const bool is_smb1 = message_.dialect == Dialect::smb1;
  if (is_smb1 && message_.length() > kSmb1Most) sink.on_anomaly(side_, netbios_length);
  const bool is_request = is_smb1 && side_ == Side::client;
  if (is_request && message_.length() > message_.capacity()) sink.on_anomaly(side_, message_limit);
  if (is_request || keep_messages_) return;
  message_.keep_only(is_smb1 ? kResponseKeep : kSmb2Keep);
}

void SideParser::end_message(bool complete, TransactionSink& sink) noexcept {
  state_ = State::header;
  std::uint8_t& progress = message_.progress[flow::index(side_)];
  if (progress == kNotStarted) return;
  if (complete) {
    progress = kComplete;
    sink.on_progress(message_, side_);
    told_ = true;
  }
  if (told_) sink.on_end(message_);
  if (budget_.is_tight()) message_.release();
}

SmbParser::SmbParser(const Limits& limits, SmbMemory& memory)
    : budget_(memory.budget),
      open_(limits.open_transactions, budget_),
      sides_{SideParser(Side::client, open_, limits, budget_),
             SideParser(Side::server, open_, limits, budget_)} {}

Parsed SmbParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  return sides_[flow::index(chunk.from)].feed(chunk, next_id_, over_netbios_, sink);
}

void SmbParser::end(TransactionSink& sink) noexcept {
  for (SideParser& side : sides_) side.end(sink);
}

void SmbParser::reset(const Assignment& assignment) noexcept {
  for (SideParser& side : sides_) side.reset(assignment.wanted != 0);
  open_.clear();
  if (budget_.is_tight()) open_.release();
  next_id_ = 0;
  over_netbios_ = false;
}

}  // namespace bansoko::proto::smb
