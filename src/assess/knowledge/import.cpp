// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/import.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "archive/packed_file.h"
#include "assess/feed/names.h"
#include "base/printable.h"

namespace bansoko::knowledge {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHeadSize = 4096;

class MemberBytes : public feed::ByteSource {
 public:
  explicit MemberBytes(archive::FileStream& stream) : stream_(stream) {}
  Result<std::size_t> read(std::span<char> out) override { return stream_.read(out); }

 private:
  archive::FileStream& stream_;
};

/// A file as it stands on the disk.
class FileBytes : public feed::ByteSource {
 public:
  explicit FileBytes(UniqueFd fd) : fd_(std::move(fd)) {}
  Result<std::size_t> read(std::span<char> out) override {
    return archive::read_some(fd_.get(), {reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
  }

 private:
  UniqueFd fd_;
};

/// Bytes whose first are looked at before they are read.
class HeadedBytes : public feed::ByteSource {
 public:
  explicit HeadedBytes(feed::ByteSource& bytes) : bytes_(bytes) {}

  /// As many as recognising may look at.
  Result<std::string_view> head() {
    head_.resize(kHeadSize);
    std::size_t had = 0;
    for (;;) {
      BANSOKO_TRY(const std::size_t got, bytes_.read(std::span(head_).subspan(had)));
      had += got;
      if (got == 0 || had == kHeadSize) break;
    }
    head_.resize(had);
    return std::string_view(head_);
  }

  Result<std::size_t> read(std::span<char> out) override {
    if (given_ == head_.size()) return bytes_.read(out);
    const std::size_t size = std::min(out.size(), head_.size() - given_);
    std::memcpy(out.data(), head_.data() + given_, size);
    given_ += size;
    return size;
  }

 private:
  feed::ByteSource& bytes_;
  std::string head_;
  std::size_t given_ = 0;
};

/// A file, or a member of one, that is to be read.
struct Candidate {
  std::string_view name;  // of the member
  std::string told;       // with the file's
  bool within = false;    // beside others: of an archive or a folder
};

/// Imports files into one transaction.
class Importer {
 public:
  /// All are loans for the life of this.
  Importer(Writer& writer, std::span<const feed::FeedFormat* const> formats, const ImportLimits& limits)
      : writer_(writer), formats_(formats), limits_(limits) {}

  /// Its digest and size are filled in here. An error is about the store.
  Result<> file(FeedFile file);
  Result<ImportReport> finish(std::int64_t now) &&;
  void refuse(const std::string& name, std::string why);

 private:
  Result<> members(archive::FileStream& stream, const FeedFile& file);
  Result<bool> whole_file(const FeedFile& file);
  Result<bool> offer(feed::ByteSource& bytes, bool whole_archive, const Candidate& candidate,
                     const FeedFile& file);
  Result<> read_feed(const feed::FeedFormat& format, const feed::Input& input, const Candidate& candidate,
                     const FeedFile& file);
  const feed::FeedFormat* format_of(std::string_view name, std::string_view head, bool whole_archive) const;
  void pass_over(std::string name);

  Writer& writer_;
  std::span<const feed::FeedFormat* const> formats_;
  const ImportLimits& limits_;
  ImportReport report_;
};

const feed::FeedFormat* Importer::format_of(std::string_view name, std::string_view head,
                                            bool whole_archive) const {
  const auto found = std::find_if(formats_.begin(), formats_.end(), [&](const feed::FeedFormat* format) {
    return format->whole_archive == whole_archive && format->recognises(name, head);
  });
  return found == formats_.end() ? nullptr : *found;
}

void Importer::refuse(const std::string& name, std::string why) {
  if (++report_.refused_count <= ImportReport::kMostTold)
    report_.refused.push_back({printable(name), std::move(why)});
}

void Importer::pass_over(std::string name) {
  if (++report_.passed_over_count <= ImportReport::kMostTold) report_.passed_over.push_back(std::move(name));
}

/// Whether it is a feed, sound or not.
Result<bool> Importer::offer(feed::ByteSource& bytes, bool whole_archive, const Candidate& candidate,
                             const FeedFile& file) {
  HeadedBytes headed(bytes);
  const auto head = headed.head();
  if (!head) {
    refuse(candidate.told, head.error().message);
    return true;
  }
  const feed::FeedFormat* const format = format_of(candidate.name, *head, whole_archive);
  if (format == nullptr) return false;
  BANSOKO_CHECK(
      read_feed(*format, {.name = candidate.name, .head = *head, .bytes = headed}, candidate, file));
  return true;
}

Result<> Importer::read_feed(const feed::FeedFormat& format, const feed::Input& input,
                             const Candidate& candidate, const FeedFile& file) {
  if (writer_.gave_up(format.name)) {
    refuse(candidate.told, fmt::format("{}: left out: another file of this format failed", format.name));
    return {};
  }
  writer_.begin_file(format.name, format.licence, limits_.feed.max_records);
  auto stamp = format.read(input, writer_, limits_.feed);
  if (stamp) {
    if (stamp->together && candidate.within)
      stamp->scope = stamp->together->empty() ? printable(feed::stem_of(file.origin)) : *stamp->together;
    return writer_.keep_file(*stamp, file);
  }
  BANSOKO_CHECK(writer_.store());
  refuse(candidate.told, fmt::format("{}: {}", format.name, stamp.error().message));
  return writer_.drop_file();
}

/// Asks the formats that are archives themselves.
Result<bool> Importer::whole_file(const FeedFile& file) {
  auto fd = archive::open_regular(file.path);
  if (!fd) return false;
  FileBytes bytes(std::move(*fd));
  const bool within = file.path != file.origin;
  return offer(bytes, true, {.name = file.name, .told = file.path, .within = within}, file);
}

Result<> Importer::members(archive::FileStream& stream, const FeedFile& file) {
  std::vector<std::string> unknown;
  bool any = false;
  for (std::uint64_t told_of = report_.refused_count;;) {
    const auto next = stream.next();
    if (!next) {
      // A member that broke off was told of already.
      if (told_of == report_.refused_count) refuse(file.path, next.error().message);
      return {};
    }
    if (!*next) break;
    const bool within = stream.is_archive() || file.path != file.origin;
    const std::string told =
        stream.is_archive() ? fmt::format("{}: {}", file.path, (*next)->name) : file.path;
    told_of = report_.refused_count;
    MemberBytes bytes(stream);
    BANSOKO_TRY(const bool is_feed,
                offer(bytes, false, {.name = (*next)->name, .told = told, .within = within}, file));
    any = any || is_feed;
    if (!is_feed && unknown.size() < ImportReport::kMostTold) unknown.push_back(told);
  }
  if (!any) refuse(file.path, unknown.empty() ? "it is empty" : "it is no feed of a known format");
  if (any)
    for (std::string& name : unknown) pass_over(printable(name));
  return {};
}

Result<> Importer::file(FeedFile file) {
  auto identity = archive::identify(file.path);
  if (!identity) {
    refuse(file.path, identity.error().message);
    return {};
  }
  file.sha256 = std::move(identity->sha256);
  file.bytes = identity->size;
  BANSOKO_TRY(const bool is_whole, whole_file(file));
  if (is_whole) return {};
  auto stream = archive::FileStream::open(file.path, limits_.stream);
  if (!stream) {
    refuse(file.path, stream.error().message);
    return {};
  }
  return members(*stream, file);
}

Result<ImportReport> Importer::finish(std::int64_t now) && {
  BANSOKO_TRY(report_.feeds, writer_.commit(now));
  return std::move(report_);
}

/// The regular files below a folder, sorted, with their names from it on.
Result<std::vector<std::string>> files_below(const std::string& folder, const ImportLimits& limits) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().starts_with(".")) {
      at.disable_recursion_pending();
      continue;
    }
    if (static_cast<std::size_t>(at.depth()) >= limits.max_path_depth)
      return fail(Errc::limit, "{} has folders more than {} deep", folder, limits.max_path_depth);
    if (at->is_symlink(error) || !at->is_regular_file(error)) continue;
    if (files.size() >= limits.max_files)
      return fail(Errc::limit, "{} has more than {} files", folder, limits.max_files);
    files.push_back(at->path().string());
  }
  if (error) return fail(Errc::io, "cannot read {}: {}", folder, error.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<ImportReport> import_path(Database& store, std::string path,
                                 std::span<const feed::FeedFormat* const> formats, const ImportLimits& limits,
                                 std::int64_t now) {
  // "folder/" is the folder "folder".
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  BANSOKO_TRY(const auto writer, Writer::begin(store));
  Importer importer(*writer, formats, limits);
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    BANSOKO_CHECK(importer.file({.origin = path, .path = path, .name = fs::path(path).filename().string()}));
    return std::move(importer).finish(now);
  }
  const auto files = files_below(path, limits);
  if (!files)
    importer.refuse(path, files.error().message);
  else if (files->empty())
    importer.refuse(path, "there are no files in it");
  else
    for (const std::string& file : *files)
      BANSOKO_CHECK(importer.file(
          {.origin = path, .path = file, .name = fs::path(file).lexically_relative(path).string()}));
  return std::move(importer).finish(now);
}

}  // namespace bansoko::knowledge
