// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/import.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/printable.h"

namespace bansoko::knowledge {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHeadSize = 4096;

/// A member's bytes, whose first were looked at already.
class MemberBytes : public feed::ByteSource {
 public:
  explicit MemberBytes(archive::FileStream& stream) : stream_(stream) {}

  /// Reads as much as recognising may look at.
  Result<std::string_view> head() {
    head_.resize(kHeadSize);
    std::size_t had = 0;
    for (;;) {
      BANSOKO_TRY(const std::size_t got, stream_.read(std::span(head_).subspan(had)));
      had += got;
      if (got == 0 || had == kHeadSize) break;
    }
    head_.resize(had);
    return std::string_view(head_);
  }

  Result<std::size_t> read(std::span<char> out) override {
    if (given_ == head_.size()) return stream_.read(out);
    const std::size_t size = std::min(out.size(), head_.size() - given_);
    std::memcpy(out.data(), head_.data() + given_, size);
    given_ += size;
    return size;
  }

 private:
  archive::FileStream& stream_;
  std::string head_;
  std::size_t given_ = 0;
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
  Result<bool> member(archive::FileStream& stream, const archive::StreamMember& member, const FeedFile& file,
                      std::string_view told);
  const feed::FeedFormat* format_of(std::string_view name, std::string_view head) const;
  void pass_over(std::string name);

  Writer& writer_;
  std::span<const feed::FeedFormat* const> formats_;
  const ImportLimits& limits_;
  ImportReport report_;
};

const feed::FeedFormat* Importer::format_of(std::string_view name, std::string_view head) const {
  const auto found = std::find_if(formats_.begin(), formats_.end(), [&](const feed::FeedFormat* format) {
    return format->recognises(name, head);
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
Result<bool> Importer::member(archive::FileStream& stream, const archive::StreamMember& member,
                              const FeedFile& file, std::string_view told) {
  MemberBytes bytes(stream);
  const auto head = bytes.head();
  if (!head) {
    refuse(std::string(told), head.error().message);
    return true;
  }
  const feed::FeedFormat* const format = format_of(member.name, *head);
  if (format == nullptr) return false;
  if (writer_.gave_up(format->name)) {
    refuse(std::string(told), "left out: another file of its format failed");
    return true;
  }
  writer_.begin_file(format->name, format->licence, limits_.feed.max_records);
  const auto stamp =
      format->read({.name = member.name, .head = *head, .bytes = bytes}, writer_, limits_.feed);
  if (stamp) {
    BANSOKO_CHECK(writer_.keep_file(*stamp, file));
    return true;
  }
  BANSOKO_CHECK(writer_.store());
  refuse(std::string(told), fmt::format("{}: {}", format->name, stamp.error().message));
  BANSOKO_CHECK(writer_.drop_file());
  return true;
}

Result<> Importer::members(archive::FileStream& stream, const FeedFile& file) {
  std::vector<std::string> unknown;
  bool any = false;
  for (;;) {
    const auto next = stream.next();
    if (!next) {
      refuse(file.path, next.error().message);
      return {};
    }
    if (!*next) break;
    const std::string told =
        stream.is_archive() ? fmt::format("{}: {}", file.path, (*next)->name) : file.path;
    BANSOKO_TRY(const bool is_feed, member(stream, **next, file, told));
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

Result<ImportReport> import_path(Database& store, const std::string& path,
                                 std::span<const feed::FeedFormat* const> formats, const ImportLimits& limits,
                                 std::int64_t now) {
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
