// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "rpmdb/database.h"

/// A hash database is an array of pages. Page 0 describes it; a page of the hash holds items, by turns a key
/// and its value, from the end of the page downwards, with an index of their places behind the page's head;
/// a value that is too large for a page is in a chain of overflow pages. Keys are numbers of packages, of
/// which 0 counts the others.
namespace bansoko::rpmdb {
namespace {

constexpr std::uint32_t kHashMagic = 0x061561;
constexpr std::size_t kMagicAt = 12;
constexpr std::size_t kHeadSize = 26;

enum PageType : std::uint8_t { hash_unsorted = 2, overflow = 7, hash_meta = 8, hash = 13 };
enum ItemType : std::uint8_t { item_data = 1, item_off_page = 3 };

/// Numbers in the order of the machine that wrote them.
class OrderedReader {
 public:
  OrderedReader(Bytes bytes, bool big) noexcept : reader_(bytes), big_(big) {}

  std::uint8_t u8() noexcept { return reader_.u8(); }
  std::uint16_t u16() noexcept { return big_ ? reader_.u16() : reader_.u16le(); }
  std::uint32_t u32() noexcept { return big_ ? reader_.u32() : reader_.u32le(); }
  void skip(std::size_t size) noexcept { reader_.skip(size); }
  bool ok() const noexcept { return reader_.ok(); }

 private:
  ByteReader reader_;
  bool big_;
};

struct Meta {
  bool big = false;
  std::uint32_t page_size = 0;
  std::uint32_t last_page = 0;
};

std::optional<bool> is_big_endian(Bytes file) noexcept {
  if (file.size() < kMagicAt + 4) return std::nullopt;
  if (ByteReader(file.subspan(kMagicAt)).u32le() == kHashMagic) return false;
  if (ByteReader(file.subspan(kMagicAt)).u32() == kHashMagic) return true;
  return std::nullopt;
}

Result<Meta> read_meta(Bytes file) {
  Meta meta;
  meta.big = is_big_endian(file).value_or(false);
  OrderedReader reader(file, meta.big);
  reader.skip(kMagicAt + 4);
  const std::uint32_t version = reader.u32();
  meta.page_size = reader.u32();
  const std::uint8_t encryption = reader.u8(), type = reader.u8(), flags = reader.u8();
  reader.skip(1 + 4);
  meta.last_page = reader.u32();
  if (!reader.ok()) return fail(Errc::invalid, "the database is cut at {} bytes", file.size());
  constexpr std::uint32_t kOldest = 7, kNewest = 10, kLeastPage = 512, kMostPage = 65536;
  if (version < kOldest || version > kNewest || type != hash_meta)
    return fail(Errc::unsupported, "a Berkeley DB hash of version {} (known: {} to {})", version, kOldest,
                kNewest);
  if (meta.page_size < kLeastPage || meta.page_size > kMostPage ||
      (meta.page_size & (meta.page_size - 1)) != 0)
    return fail(Errc::invalid, "the database says pages of {} bytes", meta.page_size);
  constexpr std::uint8_t kChecksums = 1;
  if (encryption != 0 || (flags & kChecksums) != 0)
    return fail(Errc::unsupported, "the database is encrypted or has checksums in its pages");
  return meta;
}

struct PageHead {
  std::uint32_t next = 0;
  std::uint16_t entries = 0;
  std::uint16_t high = 0;  // overflow: how many bytes of it are used
  std::uint8_t type = 0;
};

class Hash {
 public:
  Hash(Bytes file, const Meta& meta, Visitor& visitor)
      : file_(file), meta_(meta), visitor_(visitor), chained_(file.size() / meta.page_size) {}

  void read() {
    const std::size_t announced = std::size_t{meta_.last_page} + 1, there = chained_.size();
    if (there < announced)
      visitor_.damage(fmt::format("the database has {} of its {} pages", there, announced));
    for (std::size_t i = 1; i < there; ++i) {
      const PageHead head = head_of(i);
      if (head.type == hash || head.type == hash_unsorted) read_page(i, head);
    }
    if (lost_ != 0)
      visitor_.damage(fmt::format("{} of {} entries of the database could not be read", lost_, values_));
  }

 private:
  Bytes page(std::size_t number) const noexcept {
    return file_.subspan(number * meta_.page_size, meta_.page_size);
  }

  PageHead head_of(std::size_t number) const noexcept {
    OrderedReader reader(page(number), meta_.big);
    reader.skip(8 + 4 + 4);  // log, its own number, the page before
    PageHead head;
    head.next = reader.u32();
    head.entries = reader.u16();
    head.high = reader.u16();
    reader.skip(1);
    head.type = reader.u8();
    return head;
  }

  void read_page(std::size_t number, const PageHead& head) {
    const Bytes bytes = page(number);
    OrderedReader index(bytes.subspan(kHeadSize), meta_.big);
    std::size_t end = bytes.size();
    bool counter = false;
    for (std::uint16_t i = 0; i < head.entries; ++i) {
      const std::size_t at = index.u16();
      if (!index.ok() || at >= end || at < kHeadSize + std::size_t{head.entries} * 2) {
        lost_ += (head.entries - i + 1U) / 2;
        values_ += (head.entries - i + 1U) / 2;
        return;
      }
      const Bytes item = bytes.subspan(at, end - at);
      end = at;
      const bool is_key = i % 2 == 0;
      if (is_key)
        counter = is_counter(item);
      else if (!counter)
        read_value(item);
    }
  }

  static bool is_counter(Bytes item) noexcept {
    return item.size() == 5 && item[0] == item_data && item[1] == 0 && item[2] == 0 && item[3] == 0 &&
           item[4] == 0;
  }

  void read_value(Bytes item) {
    ++values_;
    if (item[0] == item_data) {
      visitor_.header(item.subspan(1));
      return;
    }
    OrderedReader reader(item, meta_.big);
    reader.skip(4);  // its type, and three bytes that are not used
    const std::uint32_t first = reader.u32(), size = reader.u32();
    if (item[0] != item_off_page || !reader.ok() || !follow(first, size))
      ++lost_;
    else
      visitor_.header(as_bytes(chain_));
  }

  /// Puts `size` bytes of the chain of pages that begins at `next` into chain_.
  bool follow(std::uint32_t next, std::uint32_t size) {
    chain_.clear();
    while (next != 0 && chain_.size() < size) {
      if (next >= chained_.size() || chained_[next]) return false;
      chained_[next] = true;
      const PageHead head = head_of(next);
      const Bytes bytes = page(next).subspan(kHeadSize);
      if (head.type != overflow || head.high > bytes.size()) return false;
      chain_ += as_text(bytes.first(head.high));
      next = head.next;
    }
    return chain_.size() == size;
  }

  Bytes file_;
  Meta meta_;
  Visitor& visitor_;
  std::vector<bool> chained_;  // by page: it was part of a chain
  std::string chain_;
  std::size_t values_ = 0, lost_ = 0;
};

}  // namespace

bool is_berkeley(Bytes file) noexcept { return is_big_endian(file).has_value(); }

Result<> read_berkeley(Bytes file, Visitor& visitor) {
  BANSOKO_TRY(const Meta meta, read_meta(file));
  Hash(file, meta, visitor).read();
  return {};
}

}  // namespace bansoko::rpmdb
