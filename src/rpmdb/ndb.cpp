// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "rpmdb/database.h"

/// A file of ndb begins with pages of slots, one for each package: its number, and where its blob is, counted
/// in blocks of 16 bytes. A blob has a head, the package's header, padding, and a tail with an Adler-32 of
/// all before it. All numbers are little-endian.
namespace bansoko::rpmdb {
namespace {

constexpr std::uint32_t kFileMagic = 0x506d7052;  // "RpmP"
constexpr std::uint32_t kSlotMagic = 0x746f6c53;  // "Slot"
constexpr std::uint32_t kBlobMagic = 0x53626c42;  // "BlbS"
constexpr std::uint32_t kTailMagic = 0x45626c42;  // "BlbE"
constexpr std::size_t kPageSize = 4096, kBlockSize = 16, kSlotSize = 16, kFileHead = 32;
constexpr std::size_t kBlobHead = 16, kBlobTail = 12;

struct Slot {
  std::uint32_t package = 0, block = 0, blocks = 0;
};

std::uint32_t adler32(Bytes bytes) noexcept {
  constexpr std::uint32_t kModulus = 65521;
  constexpr std::size_t kRun = 5552;  // the longest that cannot overflow 32 bits
  std::uint32_t a = 1, b = 0;
  while (!bytes.empty()) {
    const Bytes run = bytes.first(std::min(kRun, bytes.size()));
    bytes = bytes.subspan(run.size());
    for (const std::uint8_t byte : run) {
      a += byte;
      b += a;
    }
    a %= kModulus;
    b %= kModulus;
  }
  return b << 16U | a;
}

/// The package's header; empty: the blob is damaged.
Bytes header_in(Bytes file, const Slot& slot) noexcept {
  const std::size_t at = slot.block * kBlockSize, size = slot.blocks * kBlockSize;
  if (at > file.size() || size > file.size() - at || size < kBlobHead + kBlobTail) return {};
  const Bytes blob = file.subspan(at, size);
  ByteReader head(blob);
  const bool begins = head.u32le() == kBlobMagic && head.u32le() == slot.package;
  head.skip(4);  // its generation
  const std::size_t length = head.u32le();
  const Bytes before_tail = blob.first(size - kBlobTail);
  ByteReader tail(blob.last(kBlobTail));
  const bool same_sum = tail.u32le() == adler32(before_tail);
  const bool ends = tail.u32le() == length && tail.u32le() == kTailMagic;
  if (!begins || !same_sum || !ends || length > before_tail.size() - kBlobHead) return {};
  return blob.subspan(kBlobHead, length);
}

}  // namespace

bool is_ndb(Bytes file) noexcept { return ByteReader(file).u32le() == kFileMagic; }

Result<> read_ndb(Bytes file, Visitor& visitor) {
  ByteReader reader(file);
  reader.skip(4);
  const std::uint32_t version = reader.u32le();
  reader.skip(4);  // the generation
  const std::size_t pages = reader.u32le();
  if (!reader.ok()) return fail(Errc::invalid, "the database is cut at {} bytes", file.size());
  if (version != 0) return fail(Errc::unsupported, "an ndb of version {} (known: 0)", version);
  const std::size_t slots_end = std::min(pages * kPageSize, file.size());
  if (slots_end < pages * kPageSize)
    visitor.damage(fmt::format("the database has {} of {} bytes of its index", slots_end, pages * kPageSize));
  if (slots_end < kFileHead) return {};
  ByteReader slots(file.subspan(kFileHead, slots_end - kFileHead));
  std::size_t announced = 0, lost = 0, blocks = 0;
  while (slots.rest().size() >= kSlotSize) {
    const bool sound = slots.u32le() == kSlotMagic;
    Slot slot;
    slot.package = slots.u32le();
    slot.block = slots.u32le();
    slot.blocks = slots.u32le();
    if (sound && slot.block == 0) continue;
    ++announced;
    // Blobs of different packages never share blocks; where they say so, no block is read again and again.
    blocks += slot.blocks;
    const bool fits = blocks * kBlockSize <= file.size();
    const Bytes header = sound && fits ? header_in(file, slot) : Bytes();
    if (!fits) blocks -= slot.blocks;
    if (header.empty())
      ++lost;
    else
      visitor.header(header);
  }
  if (lost != 0)
    visitor.damage(fmt::format("{} of {} packages of the database could not be read", lost, announced));
  return {};
}

}  // namespace bansoko::rpmdb
