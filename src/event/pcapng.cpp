// SPDX-License-Identifier: Apache-2.0
#include "event/pcapng.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"

namespace bansoko::event {

namespace {

// Block types, section 4; option codes, section 3.5 and 4.2.
constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kInterfaceName = 2;
constexpr std::uint16_t kTimeResolution = 9;
constexpr std::size_t kMaxOption = 0xfffc;

constexpr std::size_t padded(std::size_t size) noexcept { return (size + 3) / 4 * 4; }

/// An option with its header, and the end of options after it; nothing takes no room.
constexpr std::size_t option_size(std::size_t size) noexcept {
  return size == 0 ? 0 : 4 + padded(std::min(size, kMaxOption)) + 4;
}

/// Builds one block: little-endian numbers, everything padded to four bytes.
class Block {
 public:
  Block(std::string& out, std::uint32_t type) : out_(out) {
    out_.clear();
    u32(type);
    u32(0);
  }
  void u16(std::uint16_t value) { number(value, 2); }
  void u32(std::uint32_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  void bytes(std::string_view data) {
    out_ += data;
    out_.resize(padded(out_.size()));
  }
  void option(std::uint16_t code, std::string_view value) {
    if (value.empty()) return;
    const std::string_view kept = value.substr(0, kMaxOption);
    u16(code);
    u16(static_cast<std::uint16_t>(kept.size()));
    bytes(kept);
    has_options_ = true;
  }
  std::string_view finish() {
    if (has_options_) u32(0);
    const auto total = static_cast<std::uint32_t>(out_.size() + 4);
    for (std::size_t i = 0; i < 4; ++i) out_[4 + i] = static_cast<char>(total >> (8 * i) & 0xffU);
    u32(total);
    return out_;
  }

 private:
  void number(std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xffU);
  }

  std::string& out_;
  bool has_options_ = false;
};

}  // namespace

std::uint64_t pcapng_size(const CapturedPacket& packet) noexcept {
  return 32 + padded(packet.bytes.size()) + option_size(packet.comment.size());
}

Result<PcapngWriter> PcapngWriter::create(const std::string& path, Link link, std::string_view interface) {
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) return fail_errno("cannot create " + path, errno);
  PcapngWriter writer(std::move(file), path);

  std::string head;
  Block section(writer.block_, kSectionHeader);
  section.u32(kByteOrder);
  section.u16(1);  // version 1.0
  section.u16(0);
  section.u64(~std::uint64_t{0});  // the section's length is not known yet
  head += section.finish();

  Block face(writer.block_, kInterface);
  face.u16(static_cast<std::uint16_t>(link));
  face.u16(0);
  face.u32(0);  // no limit on the size of a packet
  face.option(kInterfaceName, interface);
  face.option(kTimeResolution, "\x09");  // 10^-9 s
  head += face.finish();
  BANSOKO_CHECK(writer.write(head));
  return writer;
}

Result<> PcapngWriter::add(const CapturedPacket& packet) {
  if (broken_) return fail(Errc::io, "{} ends in the middle of a packet", path_);
  const auto size = static_cast<std::uint32_t>(packet.bytes.size());
  const auto time = static_cast<std::uint64_t>(packet.arrived.count());
  Block block(block_, kEnhancedPacket);
  block.u32(0);  // the interface
  block.u32(static_cast<std::uint32_t>(time >> 32U));
  block.u32(static_cast<std::uint32_t>(time & 0xffffffffU));
  block.u32(size);
  block.u32(std::max(size, packet.wire_size));
  block.bytes(as_text(packet.bytes));
  block.option(kComment, packet.comment);
  return write(block.finish());
}

Result<> PcapngWriter::write(std::string_view block) {
  auto written = write_all(file_.get(), block, path_);
  broken_ = !written;
  if (written) size_ += block.size();
  return written;
}

}  // namespace bansoko::event
