// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/name.h"

#include <algorithm>

namespace bansoko::proto::dns {
namespace {

constexpr unsigned kMostSteps = 255;

class Walker {
 public:
  Walker(Bytes message, std::size_t start, std::span<std::uint8_t> text) noexcept
      : message_(message), text_(text), at_(start) {}

  NameWalk walk() noexcept {
    while (step()) {
      if (++found_.steps <= kMostSteps) continue;
      note(too_many_labels);
      if (jumped_) note(name_too_long);
      found_.is_broken = !jumped_;
      break;
    }
    return found_;
  }

 private:
  /// One label or pointer. False: that was the end.
  bool step() noexcept {
    ByteReader in(message_.subspan(std::min(at_, message_.size())));
    const std::uint8_t head = in.u8();
    if (!in.ok()) return broken(truncated);
    if (head == 0) {
      if (!jumped_) found_.end = at_ + 1;
      return false;
    }
    switch (head >> 6) {
      case 0: {
        const Bytes bytes = in.take(head);
        return in.ok() ? label(bytes) : broken(truncated);
      }
      case 3: {
        const std::size_t target = static_cast<std::size_t>(head & 0x3FU) << 8 | in.u8();
        return in.ok() ? jump(target) : broken(truncated);
      }
      default:
        return broken(label_type);
    }
  }

  bool label(Bytes bytes) noexcept {
    constexpr std::uint8_t kDot = '.';
    if (found_.length > 0) append({&kDot, 1});
    append(bytes);
    at_ += 1 + bytes.size();
    // What comes behind the longest name matters only as far as the message goes on behind it.
    return !jumped_ || (found_.anomalies & bit(name_too_long)) == 0;
  }

  bool jump(std::size_t target) noexcept {
    const bool was_first = !jumped_;
    if (was_first) found_.end = at_ + 2;
    jumped_ = true;
    if (target == at_) {
      note(infinite_loop);
      found_.is_broken = was_first;
      return false;
    }
    if (target >= message_.size()) return broken(truncated);
    at_ = target;
    return true;
  }

  void append(Bytes bytes) noexcept {
    const std::size_t size = std::min(bytes.size(), kLongestName - found_.length);
    if (size < bytes.size()) note(name_too_long);
    for (std::size_t i = 0; i < size && found_.length + i < text_.size(); ++i)
      text_[found_.length + i] = bytes[i];
    found_.length = static_cast<std::uint16_t>(found_.length + size);
  }

  bool broken(Anomaly why) noexcept {
    note(why);
    found_.is_broken = true;
    return false;
  }

  void note(Anomaly anomaly) noexcept { found_.anomalies |= bit(anomaly); }

  Bytes message_;
  std::span<std::uint8_t> text_;
  std::size_t at_;
  bool jumped_ = false;
  NameWalk found_ = {};
};

}  // namespace

NameWalk walk_name(Bytes message, std::size_t start, std::span<std::uint8_t> text) noexcept {
  return Walker(message, start, text).walk();
}

}  // namespace bansoko::proto::dns
