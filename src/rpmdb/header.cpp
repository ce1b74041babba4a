// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/rpmdb/header.h"

#include <algorithm>
#include <iterator>

namespace bansoko::inventory::rpmdb {
namespace {

enum Tag : std::uint32_t {
  tag_name = 1000,
  tag_version = 1001,
  tag_release = 1002,
  tag_epoch = 1003,
  tag_vendor = 1011,
  tag_arch = 1022,
  tag_source_rpm = 1044,
  tag_modularity_label = 5096,
};

enum Type : std::uint32_t { type_int32 = 4, type_string = 6 };

struct Entry {
  std::uint32_t tag = 0, type = 0, offset = 0, count = 0;
};

// What rpm itself takes at most.
constexpr std::uint32_t kMaxEntries = 0xffff;
constexpr std::uint32_t kMaxData = 256U << 20U;

struct StringTag {
  std::uint32_t tag;
  std::string Header::*member;
};

constexpr StringTag kStrings[] = {
    {tag_name, &Header::name},
    {tag_version, &Header::version},
    {tag_release, &Header::release},
    {tag_vendor, &Header::vendor},
    {tag_arch, &Header::arch},
    {tag_source_rpm, &Header::source_rpm},
    {tag_modularity_label, &Header::module},
};

Result<std::string> string_at(const Entry& entry, Bytes data) {
  if (entry.type != type_string || entry.count != 1)
    return fail(Errc::invalid, "tag {} of a package's header is no string", entry.tag);
  const std::string_view rest = as_text(data.subspan(entry.offset));
  const auto end = rest.find('\0');
  if (end == std::string_view::npos)
    return fail(Errc::invalid, "the string of tag {} of a package's header has no end", entry.tag);
  return std::string(rest.substr(0, end));
}

Result<> take_entry(const Entry& entry, Bytes data, Header& header) {
  const bool wanted_number = entry.tag == tag_epoch;
  const StringTag* wanted = nullptr;
  for (const StringTag& row : kStrings)
    if (row.tag == entry.tag) wanted = &row;
  if (!wanted_number && wanted == nullptr) return {};
  if (entry.offset >= data.size())
    return fail(Errc::invalid, "tag {} of a package's header points {} bytes into {}", entry.tag,
                entry.offset, data.size());
  // An entry behind the signed region replaces one of the region with the same tag: the last one holds.
  if (wanted != nullptr) {
    BANSOKO_TRY(header.*wanted->member, string_at(entry, data));
    return {};
  }
  ByteReader number(data.subspan(entry.offset));
  header.epoch = number.u32();
  if (entry.type != type_int32 || entry.count != 1 || !number.ok())
    return fail(Errc::invalid, "the epoch in a package's header is no number");
  return {};
}

}  // namespace

Result<Header> read_header(Bytes blob) {
  constexpr std::uint8_t kMagic[] = {0x8e, 0xad, 0xe8, 0x01};
  constexpr std::size_t kMagicSize = 8;  // with four bytes that are reserved
  if (blob.size() >= kMagicSize && std::equal(std::begin(kMagic), std::end(kMagic), blob.begin()))
    blob = blob.subspan(kMagicSize);
  ByteReader reader(blob);
  const std::uint32_t entries = reader.u32();
  const std::uint32_t size = reader.u32();
  if (!reader.ok() || entries == 0 || entries > kMaxEntries || size > kMaxData)
    return fail(Errc::invalid, "a package's header says {} entries and {} bytes", entries, size);
  constexpr std::size_t kEntrySize = 16;
  ByteReader index(reader.take(entries * kEntrySize));
  const Bytes data = reader.take(size);
  if (!reader.ok())
    return fail(Errc::invalid, "a package's header of {} entries and {} bytes is cut at {} bytes", entries,
                size, blob.size());
  Header header;
  for (std::uint32_t i = 0; i < entries; ++i) {
    Entry entry;
    entry.tag = index.u32();
    entry.type = index.u32();
    entry.offset = index.u32();
    entry.count = index.u32();
    BANSOKO_CHECK(take_entry(entry, data, header));
  }
  if (header.name.empty() || header.version.empty() || header.release.empty())
    return fail(Errc::invalid, "a package's header has no name, version or release");
  return header;
}

}  // namespace bansoko::inventory::rpmdb
