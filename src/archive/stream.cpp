// SPDX-License-Identifier: Apache-2.0
#include "archive/stream.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

#include "archive/packed_file.h"
#include "base/digest.h"
#include "base/printable.h"

namespace bansoko::archive {
namespace {

struct CloseReader {
  void operator()(struct ::archive* handle) const noexcept { ::archive_read_free(handle); }
};

std::string name_of_packed(std::string_view path) {
  path.remove_prefix(std::min(path.find_last_of('/') + 1, path.size()));
  for (const std::string_view end : {".gz", ".bz2", ".xz"})
    if (path.size() > end.size() && path.ends_with(end))
      return std::string(path.substr(0, path.size() - end.size()));
  return std::string(path);
}

bool is_file(struct ::archive_entry* entry) {
  const bool links =
      ::archive_entry_hardlink(entry) != nullptr || ::archive_entry_hardlink_utf8(entry) != nullptr;
  return !links && ::archive_entry_filetype(entry) == AE_IFREG;
}

std::string name_of(struct ::archive_entry* entry) {
  const char* name = ::archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = ::archive_entry_pathname(entry);
  return name == nullptr ? std::string() : printable(name);
}

}  // namespace

class FileStream::State {
 public:
  State(PackedFile file, std::string path, const StreamLimits& limits)
      : file_(std::move(file)), path_(std::move(path)), limits_(limits), handle_(::archive_read_new()) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() = default;

  Result<> open();
  Result<std::optional<StreamMember>> next();
  Result<std::size_t> read(std::span<char> out);
  bool is_archive() const noexcept { return is_archive_; }

 private:
  static la_ssize_t give(struct ::archive* handle, void* self, const void** bytes);
  static la_int64_t move_to(struct ::archive* handle, void* self, la_int64_t offset, int whence);

  Result<> pass_over();
  Result<> count(std::size_t bytes);
  tl::unexpected<Error> refusal() const;

  PackedFile file_;
  std::string path_;
  StreamLimits limits_;
  Result<> file_state_;  // what the file's reading met, which libarchive has no words for
  std::uint64_t members_ = 0, member_bytes_ = 0, bytes_ = 0;
  bool in_member_ = false, is_archive_ = false;
  std::unique_ptr<struct ::archive, CloseReader> handle_;  // reads from the rest: goes first
};

la_ssize_t FileStream::State::give(struct ::archive*, void* self, const void** bytes) {
  auto& state = *static_cast<State*>(self);
  auto got = state.file_.read();
  if (!got) {
    state.file_state_ = tl::unexpected<Error>(std::move(got).error());
    return -1;
  }
  *bytes = got->data();
  return static_cast<la_ssize_t>(got->size());
}

la_int64_t FileStream::State::move_to(struct ::archive*, void* self, la_int64_t offset, int whence) {
  const auto place = static_cast<State*>(self)->file_.seek(offset, whence);
  return place < 0 ? ARCHIVE_FATAL : place;
}

Result<> FileStream::State::open() {
  struct ::archive* const handle = handle_.get();
  if (handle == nullptr) return fail(Errc::limit, "no memory to read an archive");
  ::archive_read_support_filter_bzip2(handle);
  ::archive_read_support_filter_xz(handle);
  ::archive_read_support_format_tar(handle);
  ::archive_read_support_format_zip(handle);
  ::archive_read_support_format_raw(handle);
  ::archive_read_support_format_empty(handle);
  ::archive_read_set_read_callback(handle, give);
  if (!file_.is_gzip()) ::archive_read_set_seek_callback(handle, move_to);
  ::archive_read_set_callback_data(handle, this);
  if (::archive_read_open1(handle) != ARCHIVE_OK) return refusal();
  return {};
}

Result<std::optional<StreamMember>> FileStream::State::next() {
  for (;;) {
    if (in_member_) BANSOKO_CHECK(pass_over());
    struct ::archive_entry* entry = nullptr;
    const int got = ::archive_read_next_header(handle_.get(), &entry);
    if (got == ARCHIVE_EOF) return std::nullopt;
    // A warning is about names and times that this machine cannot express.
    if (got != ARCHIVE_OK && got != ARCHIVE_WARN) return refusal();
    if (++members_ > limits_.max_members)
      return fail(Errc::limit, "it has more than {} members", limits_.max_members);
    in_member_ = true;
    member_bytes_ = 0;
    const int format = ::archive_format(handle_.get()) & ARCHIVE_FORMAT_BASE_MASK;
    is_archive_ = format == ARCHIVE_FORMAT_TAR || format == ARCHIVE_FORMAT_ZIP;
    if (!is_file(entry)) continue;
    StreamMember member{.name = is_archive_ ? name_of(entry) : printable(name_of_packed(path_))};
    if (is_archive_ && ::archive_entry_size_is_set(entry) != 0 && ::archive_entry_size(entry) >= 0)
      member.size = static_cast<std::uint64_t>(::archive_entry_size(entry));
    return member;
  }
}

Result<> FileStream::State::pass_over() {
  std::array<char, std::size_t{16} << 10U> bytes{};
  for (std::size_t got = 1; got != 0;) {
    BANSOKO_TRY(got, read(bytes));
  }
  in_member_ = false;
  return {};
}

Result<std::size_t> FileStream::State::read(std::span<char> out) {
  const auto got = ::archive_read_data(handle_.get(), out.data(), out.size());
  if (got < 0) return refusal();
  const auto size = static_cast<std::size_t>(got);
  BANSOKO_CHECK(count(size));
  return size;
}

Result<> FileStream::State::count(std::size_t bytes) {
  member_bytes_ += bytes;
  bytes_ += bytes;
  if (member_bytes_ > limits_.max_member_bytes)
    return fail(Errc::limit, "it is larger than {} bytes when unpacked", limits_.max_member_bytes);
  if (bytes_ > limits_.max_bytes)
    return fail(Errc::limit, "all in it is larger than {} bytes when unpacked", limits_.max_bytes);
  if (bytes_ > limits_.free_bytes && (bytes_ - limits_.free_bytes) / limits_.max_ratio > file_.packed_bytes())
    return fail(Errc::limit, "it unpacks to more than {} times its size: taken for a bomb",
                limits_.max_ratio);
  return {};
}

tl::unexpected<Error> FileStream::State::refusal() const {
  if (!file_state_) return tl::unexpected<Error>(file_state_.error());
  const char* const why = ::archive_error_string(handle_.get());
  return fail(Errc::invalid, "it cannot be unpacked: {}", why == nullptr ? "it is damaged" : printable(why));
}

FileStream::FileStream(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
FileStream::FileStream(FileStream&&) noexcept = default;
FileStream& FileStream::operator=(FileStream&&) noexcept = default;
FileStream::~FileStream() = default;

Result<FileStream> FileStream::open(const std::string& path, const StreamLimits& limits) {
  BANSOKO_TRY(PackedFile file, PackedFile::open(path));
  auto state = std::make_unique<State>(std::move(file), path, limits);
  BANSOKO_CHECK(state->open());
  return FileStream(std::move(state));
}

Result<std::optional<StreamMember>> FileStream::next() { return state_->next(); }
Result<std::size_t> FileStream::read(std::span<char> out) { return state_->read(out); }
bool FileStream::is_archive() const noexcept { return state_->is_archive(); }

Result<FileIdentity> identify(const std::string& path) {
  BANSOKO_TRY(const UniqueFd fd, open_regular(path));
  Digest digest(DigestKind::sha256);
  FileIdentity identity;
  std::vector<std::uint8_t> buffer(std::size_t{256} << 10U);
  for (;;) {
    BANSOKO_TRY(const std::size_t got, read_some(fd.get(), buffer));
    if (got == 0) break;
    digest.add(Bytes(buffer).first(got));
    identity.size += got;
  }
  identity.sha256 = hexadecimal(digest.finish());
  return identity;
}

}  // namespace bansoko::archive
