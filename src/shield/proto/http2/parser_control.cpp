// SPDX-License-Identifier: Apache-2.0
// Frames that belong to no message.
#include <algorithm>

#include "shield/proto/http2/parser.h"

namespace bansoko::proto::http2 {
namespace {

constexpr std::uint32_t kMostFrameSize = 0xffffff;
constexpr std::uint32_t kMostWindow = 0x7fffffff;

}  // namespace

FrameFacts Http2Parser::facts_of(const Reader& reader) const noexcept {
  FrameFacts facts;
  facts.header = reader.frame;
  facts.number = reader.numbers[std::min<std::size_t>(reader.frame.type, kFrameTypes)];
  return facts;
}

void Http2Parser::count_frame(Reader& reader) {
  const FrameHeader& frame = reader.frame;
  ++reader.numbers[std::min<std::size_t>(frame.type, kFrameTypes)];
  const bool has_content =
      frame.has_block() || (frame.is(FrameType::data) && (frame.length > 0 || frame.has(kFlagEndStream)));
  if (has_content) {
    for (Reader& either : readers_) either.idle = {};
    return;
  }
  const bool may_answer = frame.is(FrameType::settings) || frame.is(FrameType::ping);
  if (may_answer && frame.has(kFlagAck)) return;
  const Idle kind = frame.is(FrameType::ping)       ? Idle::ping
                    : frame.is(FrameType::settings) ? Idle::settings
                                                    : Idle::other;
  std::uint32_t& count = reader.idle[static_cast<std::size_t>(kind)];
  if (++count < limits_.control) return;
  count = 0;
  constexpr std::array kFloods{Anomaly::ping_flood, Anomaly::settings_flood, Anomaly::too_many_frames};
  tell(reader.side, kFloods[static_cast<std::size_t>(kind)]);
}

/// A transaction of its own, over at once.
void Http2Parser::tell_frame(Reader& reader, const FrameFacts& facts) {
  frame_.id = next_id_++;
  frame_.stream = facts.header.stream;
  frame_.half(reader.side).facts = facts;
  frame_.progress[flow::index(reader.side)] = http::kFrame;
  sink_->on_progress(frame_, reader.side);
  sink_->on_end(frame_);
  frame_.reset();
}

void Http2Parser::control_frame(Reader& reader, ByteReader& payload) {
  FrameFacts facts = facts_of(reader);
  if (reader.frame.is(FrameType::priority)) facts.priority = read_priority(reader, payload);
  if (reader.frame.is(FrameType::settings)) read_settings(reader, payload);
  if (reader.frame.is(FrameType::goaway)) payload.skip(4);  // the last stream that counts
  if (reader.frame.is(FrameType::goaway) || reader.frame.is(FrameType::rst_stream))
    facts.error = payload.u32();
  if (reader.frame.is(FrameType::window_update)) {
    facts.increment = payload.u32() & kMostWindow;
    if (*facts.increment == 0) tell(reader.side, Anomaly::invalid_frame_data);
  }
  tell_frame(reader, facts);
  if (reader.frame.is(FrameType::rst_stream)) reset_stream(reader);
}

/// RFC 7540 section 5.3.1: no stream depends on itself.
std::uint8_t Http2Parser::read_priority(const Reader& reader, ByteReader& payload) {
  const std::uint32_t on = payload.u32() & kMostWindow;
  if (on == reader.frame.stream) tell(reader.side, Anomaly::invalid_frame_data);
  return payload.u8();
}

void Http2Parser::read_settings(Reader& reader, ByteReader& payload) {
  while (payload.rest().size() >= kSettingSize) {
    const std::uint16_t setting = payload.u16();
    const std::uint32_t value = payload.u32();
    frame_.settings.push_back(std::uint64_t{setting} << 32U | value);
    apply_setting(reader, setting, value);
  }
  if (reader.frame.length > reader.prefix_size) tell(reader.side, Anomaly::too_many_settings);
}

/// RFC 9113 section 6.5.2. What a side allows counts from when it says so, as its peer may take it up at
/// once.
void Http2Parser::apply_setting(Reader& reader, std::uint16_t setting, std::uint32_t value) {
  bool is_valid = true;
  switch (static_cast<Setting>(setting)) {
    case Setting::header_table_size:
      other(reader).hpack.allow(value);
      break;
    case Setting::enable_push:
      is_valid = value <= 1;
      break;
    case Setting::initial_window_size:
      is_valid = value <= kMostWindow;
      break;
    case Setting::max_frame_size:
      is_valid = value >= kFirstMaxFrameSize && value <= kMostFrameSize;
      if (is_valid) other(reader).most_length = std::max(other(reader).most_length, value);
      break;
    default:
      break;
  }
  if (!is_valid) tell(reader.side, Anomaly::invalid_frame_data);
}

void Http2Parser::reset_stream(Reader& reader) {
  StreamTransaction* const stream = find(reader.frame.stream);
  if (stream == nullptr) return;
  if (!stream->is_over[flow::index(Side::server)] && ++resets_ == limits_.resets) {
    resets_ = 0;
    tell(reader.side, Anomaly::rapid_reset);
  }
  end_stream(*stream);
}

}  // namespace bansoko::proto::http2
