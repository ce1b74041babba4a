// SPDX-License-Identifier: Apache-2.0
#include "archive/archive.h"

#include <memory>
#include <optional>
#include <utility>

#include <archive.h>
#include <archive_entry.h>

#include "archive/contents.h"
#include "archive/gunzip.h"

namespace bansoko::archive {
namespace {

constexpr std::size_t kReadSize = std::size_t{64} << 10U;

struct Close {
  void operator()(struct ::archive* handle) const noexcept { ::archive_read_free(handle); }
};

/// libarchive's reader, with the formats that rules come in and no other.
class Reader {
 public:
  static Result<Reader> open(Bytes bytes) {
    Reader reader;
    struct ::archive* const handle = reader.handle_.get();
    if (handle == nullptr) return fail(Errc::limit, "no memory to read an archive");
    ::archive_read_support_format_tar(handle);
    ::archive_read_support_format_zip(handle);
    if (::archive_read_open_memory(handle, bytes.data(), bytes.size()) != ARCHIVE_OK) return reader.refusal();
    return reader;
  }

  /// Nothing at the end.
  Result<struct ::archive_entry*> next() {
    struct ::archive_entry* entry = nullptr;
    const int got = ::archive_read_next_header(handle_.get(), &entry);
    if (got == ARCHIVE_EOF) return nullptr;
    // A warning is about names and times that this machine cannot express.
    if (got != ARCHIVE_OK && got != ARCHIVE_WARN) return refusal();
    return entry;
  }

  Result<std::string> read(std::string_view path, const Collector& collector) {
    std::string bytes;
    for (;;) {
      const std::size_t had = bytes.size();
      bytes.resize(had + kReadSize);
      const auto got = ::archive_read_data(handle_.get(), bytes.data() + had, kReadSize);
      if (got < 0) return refusal();
      bytes.resize(had + static_cast<std::size_t>(got));
      BANSOKO_CHECK(collector.check_size(path, bytes.size()));
      if (got == 0) return bytes;
    }
  }

  /// Passes over a member, counting what it really is: its header may say less.
  Result<std::uint64_t> skip(std::uint64_t at_most) {
    std::string bytes(kReadSize, '\0');
    std::uint64_t size = 0;
    for (;;) {
      const auto got = ::archive_read_data(handle_.get(), bytes.data(), bytes.size());
      if (got < 0) return refusal();
      size += static_cast<std::uint64_t>(got);
      if (got == 0 || size > at_most) return size;
    }
  }

 private:
  Reader() : handle_(::archive_read_new()) {}

  tl::unexpected<Error> refusal() const {
    const char* const why = ::archive_error_string(handle_.get());
    return fail(Errc::invalid, "it cannot be read as a tar or zip archive: {}",
                why == nullptr ? "it is damaged" : why);
  }

  std::unique_ptr<struct ::archive, Close> handle_;
};

/// Why a member that is no file is left out; empty for a file and for a folder.
std::string_view kind_of(struct ::archive_entry* entry) {
  if (::archive_entry_hardlink(entry) != nullptr || ::archive_entry_hardlink_utf8(entry) != nullptr)
    return "a hard link";
  switch (::archive_entry_filetype(entry)) {
    case AE_IFREG:
    case AE_IFDIR:
      return {};
    case AE_IFLNK:
      return "a symbolic link";
    default:
      return "no file";
  }
}

std::optional<std::string_view> name_of(struct ::archive_entry* entry) {
  if (const char* const name = ::archive_entry_pathname(entry)) return name;
  if (const char* const name = ::archive_entry_pathname_utf8(entry)) return name;
  return {};
}

Result<> take(Reader& reader, struct ::archive_entry* entry, const Limits& limits, Collector& collector) {
  const auto name = name_of(entry);
  if (!name) return fail(Errc::invalid, "a member's name cannot be read");
  BANSOKO_TRY(std::string path, safe_path(*name));
  const auto said = ::archive_entry_size_is_set(entry) != 0 ? ::archive_entry_size(entry) : 0;
  if (said < 0) return fail(Errc::invalid, "'{}' has a negative size", path);
  if (const auto kind = kind_of(entry); !kind.empty()) {
    BANSOKO_CHECK(collector.meet(path, 0));
    collector.ignore(path, kind);
    return {};
  }
  if (::archive_entry_filetype(entry) == AE_IFDIR) return collector.meet(path, 0);
  // What the header says is refused before the work of unpacking; what it really is is counted after.
  if (static_cast<std::uint64_t>(said) > limits.max_bytes)
    return fail(Errc::limit, "it is larger than {} bytes when unpacked, at '{}'", limits.max_bytes, path);
  if (!collector.wants(path)) {
    BANSOKO_TRY(const std::uint64_t size, reader.skip(limits.max_bytes));
    return collector.meet(path, size);
  }
  Member member{.path = std::move(path)};
  BANSOKO_TRY(member.bytes, reader.read(member.path, collector));
  BANSOKO_CHECK(collector.meet(member.path, member.bytes.size()));
  if (::archive_entry_mtime_is_set(entry) != 0) member.modified = ::archive_entry_mtime(entry);
  collector.keep(std::move(member));
  return {};
}

// Of a tar archive that is not a member's bytes: headers, padding.
constexpr std::size_t kOverhead = 4096;

Result<Contents> read_plain(Bytes bytes, const Limits& limits, Wanted wanted) {
  BANSOKO_TRY(Reader reader, Reader::open(bytes));
  Collector collector(limits, wanted);
  for (;;) {
    BANSOKO_TRY(struct ::archive_entry* const entry, reader.next());
    if (entry == nullptr) break;
    BANSOKO_CHECK(take(reader, entry, limits, collector));
  }
  return std::move(collector).finish();
}

}  // namespace

Result<Contents> read_archive(Bytes bytes, const Limits& limits, Wanted wanted) {
  if (bytes.empty()) return fail(Errc::invalid, "it is empty");
  if (!is_gzip(bytes)) return read_plain(bytes, limits, wanted);
  BANSOKO_TRY(const std::string unpacked, gunzip(bytes, limits.max_bytes + limits.max_members * kOverhead));
  return read_plain(as_bytes(unpacked), limits, wanted);
}

}  // namespace bansoko::archive
