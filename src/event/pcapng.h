// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko::event {

/// What a packet's first byte belongs to, by its number in the file (draft-ietf-opsawg-pcaplinktype).
enum class Link : std::uint16_t { ethernet = 1, raw_ip = 101 };

/// A packet as it is kept.
struct CapturedPacket {
  Bytes bytes = {};
  std::chrono::nanoseconds arrived{};  // since 1970-01-01 UTC
  std::uint32_t wire_size = 0;         // before it was cut; 0: bytes.size()
  std::string_view comment = {};       // UTF-8; may be empty
};

/// The bytes a packet takes in the file.
std::uint64_t pcapng_size(const CapturedPacket& packet) noexcept;

/// Writes one pcapng file (draft-ietf-opsawg-pcapng) of one interface, with times in nanoseconds. It belongs
/// to us alone (mode 0600): packet contents are personal data.
class PcapngWriter {
 public:
  /// The file must not exist. `interface` is its name; may be empty.
  static Result<PcapngWriter> create(const std::string& path, Link link, std::string_view interface);

  /// Appends in one write. After an error the file may end in a part of the packet, and takes no more.
  Result<> add(const CapturedPacket& packet);

  /// Bytes written so far.
  std::uint64_t size() const noexcept { return size_; }
  const std::string& path() const noexcept { return path_; }

 private:
  PcapngWriter(UniqueFd file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<> write(std::string_view block);

  UniqueFd file_;
  std::string path_;
  std::string block_;  // kept for its memory
  std::uint64_t size_ = 0;
  bool broken_ = false;
};

}  // namespace bansoko::event
