// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "patches/test_case.h"
#include "shield/packet/frame.h"

namespace bansoko::patches {

/// How the messages of a dialogue are put into packets.
struct Packing {
  enum class How : std::uint8_t {
    whole,     // segments of 1,460 bytes, or one datagram
    bytes,     // segments of one byte; longer ones where there would be too many
    joined,    // what one side says in a row is one piece
    split,     // each message in two, at `at`
    swapped,   // each message in two, the second half first
    fragments  // datagrams in fragments of eight bytes
  };

  How how = How::whole;
  std::size_t at = 0;  // split: bytes of the first part
};

std::string to_text(const Packing& packing);

/// IP packets with the times at which they are sent. Their checksums are not computed.
class Conversation {
 public:
  /// `number` chooses addresses that no other conversation of the run has.
  Conversation(const TestCase& test, std::uint32_t number, Packing packing);

  std::size_t size() const noexcept { return frames_.size(); }
  /// Valid while the conversation is.
  packet::Frame frame(std::size_t index, std::chrono::nanoseconds begin) const noexcept;

 private:
  struct End {
    std::array<std::uint8_t, 4> address{};
    std::uint16_t port = 0;
    std::uint32_t next = 0;  // sequence number
  };
  struct Sent {
    std::string bytes;
    std::chrono::nanoseconds at{};
  };

  void hold(const std::vector<Move>& moves);
  void connect(Port port);
  void say(std::size_t from, const std::string& bytes);
  void say_tcp(std::size_t from, const std::string& bytes);
  void say_udp(std::size_t from, const std::string& bytes);
  void segment(std::size_t from, std::uint8_t flags, const std::string& bytes, std::size_t ahead);
  void acknowledge(std::size_t from);
  void close(bool by_reset);
  void send(std::size_t from, std::uint8_t protocol, const std::string& upper, std::uint16_t fragment);
  std::size_t piece_of(std::size_t size) const noexcept;

  Packing packing_;
  std::array<End, 2> ends_;
  bool udp_ = false;
  bool is_open_ = false;
  std::uint16_t next_port_ = 40000;
  std::uint16_t id_ = 0;
  std::size_t total_ = 0;  // bytes of the longest part that a side says
  std::chrono::nanoseconds now_{};
  std::vector<Sent> frames_;
};

/// The ways to pack this dialogue that are worth a run of their own: every place to split a message, up to
/// `most_splits` of them evenly spread.
std::vector<Packing> packings_of(const TestCase& test, std::size_t most_splits);

}  // namespace bansoko::patches
