// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/smb_parser.h"

#include <algorithm>
#include <span>
#include <utility>

#include "shield/proto/smb/commands.h"
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
// words of its first command.
constexpr std::size_t kResponseKeep = 32 + 1 + 510;
constexpr std::size_t kMarkSize = 4;

constexpr bool is_smb_mark(std::uint32_t mark) noexcept {
  return (mark & 0xFFFFFF) == 0x534D42 && mark >> 24 >= 0xFC;  // 0xFC..0xFF 'SMB'
}

}  // namespace

SideParser::SideParser(Side side, OpenTransactions& open, Pipes& pipes, Files& files, const Limits& limits,
                       MemoryBudget& budget)
    : side_(side),
      pipes_(pipes),
      files_(files),
      budget_(budget),
      reader_(side, open, pipes, limits.andx_commands),
      message_(limits.message_size, budget) {}

void SideParser::reset(bool keep_messages) noexcept {
  state_ = State::header;
  keep_messages_ = keep_messages;
  told_ = false;
  is_split_ = false;
  is_about_pipes_.reset();
  frame_left_ = 0;
  header_ = 0;
  header_size_ = 0;
  skip_ = 0;
  window_ = 0;
  window_size_ = 0;
  if (budget_.is_tight()) message_.release();
}

Parsed SideParser::feed(const StreamChunk& chunk, std::uint64_t& next_id, bool& over_netbios,
                        TransactionSink& sink) noexcept {
  if (chunk.gap > 0) lose(chunk.gap, next_id, sink);
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
        used = grow(rest, next_id, sink);
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

void SideParser::end(std::uint64_t& next_id, TransactionSink& sink) noexcept {
  if (state_ == State::message) end_message(false, next_id, sink);
  state_ = State::header;
}

// The stream has a hole. If it lies within the message under way, the next one is where it was to be.
void SideParser::lose(std::uint32_t size, std::uint64_t& next_id, TransactionSink& sink) noexcept {
  sink.on_anomaly(side_, gap);
  std::uint32_t left = 0;
  if (state_ == State::message) {
    left = message_.length() - message_.received() + std::exchange(frame_left_, 0);
    end_message(false, next_id, sink);
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
    reader_.begin_frame();
    frame_left_ = 0;
    begin_message(length, next_id);
    const std::array<std::uint8_t, 4> start{static_cast<std::uint8_t>(mark >> 24), 'S', 'M', 'B'};
    grow(start, next_id, sink);
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
    reader_.begin_frame();
    frame_left_ = 0;
    begin_message(length, next_id);
  } else {
    skip_ = length;
    state_ = State::skip;
  }
  return Parsed::more;
}

void SideParser::begin_message(std::uint32_t length, std::uint64_t& next_id) noexcept {
  message_.begin(next_id++, length, keep_messages_ ? message_.capacity() : kResponseKeep);
  reader_.begin();
  piece_ = {};
  told_ = false;
  is_split_ = false;
  state_ = State::message;
}

/// Returns how many of the bytes belong to the message.
std::size_t SideParser::grow(Bytes bytes, std::uint64_t& next_id, TransactionSink& sink) noexcept {
  std::uint8_t& progress = message_.progress[flow::index(side_)];
  const std::uint8_t progress_before = progress;
  const std::size_t kept_before = message_.kept().size();
  std::size_t used = 0;
  while (used < bytes.size() && !message_.is_whole()) {
    const std::size_t size = std::min(bytes.size() - used, next_stage() - message_.received());
    const bool was_cut = message_.is_cut();
    piece_ = bytes.subspan(used, size);
    message_.append(piece_);
    if (message_.is_cut() && !was_cut) sink.on_anomaly(side_, memory_limit);
    used += size;
    progress = reader_.advance(message_, sink);
    read_on(next_id, sink);
  }
  if (message_.is_whole()) {
    end_message(true, next_id, sink);
    if (frame_left_ > 0) begin_message(std::exchange(frame_left_, 0), next_id);
    return used;
  }
  if (progress == kNotStarted || (progress == progress_before && message_.kept().size() == kept_before))
    return used;
  told_ = true;
  sink.on_progress(message_, side_);
  return used;
}

/// What decides how much of a message is kept is read on its own: up to where.
std::size_t SideParser::next_stage() const noexcept {
  const std::size_t received = message_.received();
  const std::size_t length = message_.length();
  if (received < kMarkSize) return std::min(length, kMarkSize);
  const bool is_smb1 = message_.dialect == Dialect::smb1;
  if (is_smb1 && side_ == Side::client) return length;
  for (const std::size_t stage : is_smb1 ? std::array<std::size_t, 2>{0, kResponseKeep}
                                         : std::array<std::size_t, 2>{kSmb2HeaderSize, kSmb2HeadSize})
    if (received < stage) return std::min(length, stage);
  return length;
}

void SideParser::read_on(std::uint64_t& next_id, TransactionSink& sink) noexcept {
  if (message_.dialect == Dialect::smb2) split_compound(sink);
  take_file_data(next_id, sink);
  limit_kept(sink);
}

/// The messages of an SMB2 compound ([MS-SMB2] section 3.2.4.1.4) are told one by one.
void SideParser::split_compound(TransactionSink& sink) noexcept {
  const std::uint32_t next = message_.smb2.next;
  if (is_split_ || next == 0) return;
  is_split_ = true;
  if (next < kSmb2HeaderSize || next % 8 != 0 || next >= message_.length()) {
    sink.on_anomaly(side_, compound_offset);
    return;
  }
  frame_left_ = message_.length() - next;
  message_.shorten(next);
}

/// Decides, once it is known what the message does, how much of it is kept.
void SideParser::limit_kept(TransactionSink& sink) noexcept {
  const std::size_t received = message_.received();
  const bool is_smb1 = message_.dialect == Dialect::smb1;
  if (received == kMarkSize && is_smb1) {
    if (message_.length() > kSmb1Most) sink.on_anomaly(side_, netbios_length);
    if (side_ == Side::server) return;
    if (message_.length() > message_.capacity()) sink.on_anomaly(side_, message_limit);
    return message_.keep_more(message_.capacity());
  }
  if (is_smb1 && side_ == Side::client) return;
  if (received != (is_smb1 ? kResponseKeep : kSmb2HeadSize)) return;
  const bool has_all = wants_all();
  if (has_all && message_.length() > message_.capacity()) sink.on_anomaly(side_, message_limit);
  if (keep_messages_) return;
  has_all ? message_.keep_more(message_.capacity()) : message_.keep_only(received);
}

/// Whether all of a message is needed by this parser itself: for the names or the calls in it.
bool SideParser::wants_all() noexcept {
  const auto data = std::span(message_.file_data).first(message_.data_count);
  const bool has_calls = std::ranges::any_of(data, [this](const FileData& some) {
    return !some.is_left_alone && (side_ == Side::client || pipes_.knows(some.file));
  });
  if (has_calls) return true;
  if (message_.dialect != Dialect::smb2)
    return side_ == Side::server && message_.header.command == session_setup_andx;
  const std::uint16_t command = message_.smb2.command;
  return command == smb2_session_setup ||
         (side_ == Side::client && (command == smb2_tree_connect || command == smb2_create));
}

void SideParser::end_message(bool complete, std::uint64_t& next_id, TransactionSink& sink) noexcept {
  state_ = State::header;
  piece_ = {};
  end_file_use(complete, {.sink = sink, .next_id = next_id});
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
      pipes_(limits.pipes, limits.calls, budget_),
      files_(limits.files, budget_),
      sides_{SideParser(Side::client, open_, pipes_, files_, limits, budget_),
             SideParser(Side::server, open_, pipes_, files_, limits, budget_)} {}

Parsed SmbParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  return sides_[flow::index(chunk.from)].feed(chunk, next_id_, over_netbios_, sink);
}

void SmbParser::end(TransactionSink& sink) noexcept {
  for (SideParser& side : sides_) side.end(next_id_, sink);
  files_.end({.sink = sink, .next_id = next_id_});
  pipes_.end({.sink = sink, .next_id = next_id_, .first_anomaly = first_of_calls});
}

void SmbParser::reset(const Assignment& assignment) noexcept {
  const bool keep_messages = (assignment.wanted & ((1U << kBytesBuffers) - 1)) != 0;
  for (SideParser& side : sides_) side.reset(keep_messages);
  pipes_.reset();
  files_.reset(wanted_files(assignment.wanted));
  open_.clear();
  if (budget_.is_tight()) open_.release();
  next_id_ = 0;
  over_netbios_ = false;
}

}  // namespace bansoko::proto::smb
