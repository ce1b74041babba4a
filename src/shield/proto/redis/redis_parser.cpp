// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/redis/redis_parser.h"

namespace bansoko::proto::redis {

Parsed RedisParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  sink_ = &sink;
  bool is_read = true;
  if (chunk.from == Side::client) {
    if (chunk.gap > 0) commands_.lose(chunk.gap, *this);
    is_read = commands_.feed(chunk.bytes(), *this);
    if (chunk.last) commands_.finish(*this);
  } else {
    if (chunk.gap > 0) replies_.lose(*this);
    replies_.feed(chunk.bytes(), *this);
  }
  sink_ = nullptr;
  return is_read ? Parsed::more : Parsed::malformed;
}

void RedisParser::reset(const Assignment&) noexcept {
  const bool is_tight = budget_.is_tight();
  commands_.reset(is_tight);
  replies_.reset(is_tight);
  next_id_ = 0;
}

void RedisParser::on_message(Message& message, Side side) noexcept {
  message.id = next_id_++;
  message.progress[flow::index(side)] = kComplete;
  sink_->on_progress(message, side);
  sink_->on_end(message);
  message.notes = {};
}

void RedisParser::on_anomaly(Side side, Anomaly anomaly) noexcept {
  sink_->on_anomaly(side, static_cast<std::size_t>(anomaly));
}

}  // namespace bansoko::proto::redis
