// SPDX-License-Identifier: Apache-2.0
#include "rpmdb/header.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace bansoko::rpmdb {
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
  tag_file_modes = 1030,
  tag_file_digests = 1035,
  tag_file_flags = 1037,
  tag_dir_indexes = 1116,
  tag_base_names = 1117,
  tag_dir_names = 1118,
  tag_file_digest_algo = 5011,
};

enum Type : std::uint32_t { type_int16 = 3, type_int32 = 4, type_string = 6, type_string_array = 8 };

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

/// The entries that tell of files; a count of 0: not there.
struct FileLists {
  Entry names, folders, places, modes, digests, flags, algorithm;

  void meet(const Entry& entry) noexcept {
    switch (entry.tag) {
      case tag_base_names:
        names = entry;
        break;
      case tag_dir_names:
        folders = entry;
        break;
      case tag_dir_indexes:
        places = entry;
        break;
      case tag_file_modes:
        modes = entry;
        break;
      case tag_file_digests:
        digests = entry;
        break;
      case tag_file_flags:
        flags = entry;
        break;
      case tag_file_digest_algo:
        algorithm = entry;
        break;
      default:
        break;
    }
  }
};

/// Memory is in proportion to the data: each text takes a byte of it at least.
Result<std::vector<std::string_view>> texts_at(const Entry& entry, Bytes data) {
  std::vector<std::string_view> texts;
  if (entry.count == 0) return texts;
  if (entry.type != type_string_array || entry.offset >= data.size() ||
      entry.count > data.size() - entry.offset)
    return fail(Errc::invalid, "tag {} of a package's header is no list of {} texts", entry.tag, entry.count);
  std::string_view rest = as_text(data.subspan(entry.offset));
  texts.reserve(entry.count);
  for (std::uint32_t i = 0; i < entry.count; ++i) {
    const auto end = rest.find('\0');
    if (end == std::string_view::npos)
      return fail(Errc::invalid, "tag {} of a package's header has {} of {} texts", entry.tag, i,
                  entry.count);
    texts.push_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return texts;
}

/// None where the entry is not there, is of another type, or is cut.
std::vector<std::uint32_t> numbers_at(const Entry& entry, Bytes data) {
  std::vector<std::uint32_t> numbers;
  const std::size_t size = entry.type == type_int16 ? 2 : 4;
  if ((entry.type != type_int16 && entry.type != type_int32) || entry.offset > data.size() ||
      entry.count > (data.size() - entry.offset) / size)
    return numbers;
  ByteReader reader(data.subspan(entry.offset));
  numbers.reserve(entry.count);
  for (std::uint32_t i = 0; i < entry.count; ++i) numbers.push_back(size == 2 ? reader.u16() : reader.u32());
  return numbers;
}

/// The two parts of a header.
struct Parts {
  Bytes index, data;
};

constexpr std::size_t kEntrySize = 16;

Result<Parts> parts_of(Bytes blob) {
  constexpr std::uint8_t kMagic[] = {0x8e, 0xad, 0xe8, 0x01};
  constexpr std::size_t kMagicSize = 8;  // with four bytes that are reserved
  if (blob.size() >= kMagicSize && std::equal(std::begin(kMagic), std::end(kMagic), blob.begin()))
    blob = blob.subspan(kMagicSize);
  ByteReader reader(blob);
  const std::uint32_t entries = reader.u32();
  const std::uint32_t size = reader.u32();
  if (!reader.ok() || entries == 0 || entries > kMaxEntries || size > kMaxData)
    return fail(Errc::invalid, "a package's header says {} entries and {} bytes", entries, size);
  Parts parts;
  parts.index = reader.take(entries * kEntrySize);
  parts.data = reader.take(size);
  if (!reader.ok())
    return fail(Errc::invalid, "a package's header of {} entries and {} bytes is cut at {} bytes", entries,
                size, blob.size());
  return parts;
}

Entry next_entry(ByteReader& index) noexcept {
  Entry entry;
  entry.tag = index.u32();
  entry.type = index.u32();
  entry.offset = index.u32();
  entry.count = index.u32();
  return entry;
}

}  // namespace

Result<Header> read_header(Bytes blob) {
  BANSOKO_TRY(const Parts parts, parts_of(blob));
  Header header;
  for (ByteReader index(parts.index); !index.rest().empty();)
    BANSOKO_CHECK(take_entry(next_entry(index), parts.data, header));
  if (header.name.empty() || header.version.empty() || header.release.empty())
    return fail(Errc::invalid, "a package's header has no name, version or release");
  return header;
}

Result<> read_files(Bytes blob, const TakeFile& take) {
  BANSOKO_TRY(const Parts parts, parts_of(blob));
  FileLists lists;
  for (ByteReader index(parts.index); !index.rest().empty();) lists.meet(next_entry(index));
  if (lists.names.count == 0) return {};
  BANSOKO_TRY(const auto names, texts_at(lists.names, parts.data));
  BANSOKO_TRY(const auto folders, texts_at(lists.folders, parts.data));
  BANSOKO_TRY(const auto digests, texts_at(lists.digests, parts.data));
  const auto places = numbers_at(lists.places, parts.data), modes = numbers_at(lists.modes, parts.data),
             flags = numbers_at(lists.flags, parts.data), algorithm = numbers_at(lists.algorithm, parts.data);
  const std::size_t count = names.size();
  const auto agrees = [count](std::size_t size, bool needed) {
    return size == count || (!needed && size == 0);
  };
  if (!agrees(places.size(), true) || !agrees(modes.size(), false) || !agrees(digests.size(), false) ||
      !agrees(flags.size(), false))
    return fail(Errc::invalid, "a package's header has {} files, {} folders of files, {} modes, {} digests",
                count, places.size(), modes.size(), digests.size());
  if (std::ranges::any_of(places, [&](std::uint32_t place) { return place >= folders.size(); }))
    return fail(Errc::invalid, "a package's header has a file in a folder that it does not name");
  constexpr std::uint32_t kConfig = 1U << 0U, kGhost = 1U << 6U;
  for (std::size_t i = 0; i < count; ++i)
    take({.folder = folders[places[i]],
          .name = names[i],
          .digest = digests.empty() ? std::string_view() : digests[i],
          .algorithm = algorithm.empty() ? 1 : algorithm.front(),
          .mode = modes.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(modes[i]),
          .config = !flags.empty() && (flags[i] & kConfig) != 0,
          .ghost = !flags.empty() && (flags[i] & kGhost) != 0});
  return {};
}

}  // namespace bansoko::rpmdb
