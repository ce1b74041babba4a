// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/reader.h"

#include <algorithm>
#include <filesystem>

#include "archive/archive.h"
#include "assess/inventory/grouping.h"
#include "assess/inventory/roles.h"
#include "assess/inventory/text.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/printable.h"

namespace bansoko::inventory {
namespace {

bool everything(std::string_view) { return true; }

archive::Limits archive_limits(const ReadLimits& limits) {
  return {.max_bytes = limits.max_bytes,
          .max_member_bytes = limits.document.max_bytes,
          .max_archive_bytes = limits.max_bytes,
          .max_members = limits.max_files};
}

Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

bool is_archive(std::string_view bytes) {
  constexpr std::size_t kSmallest =
      18;  // an empty gzip; GCC, too, wants to know that there are bytes to compare
  if (bytes.size() < kSmallest) return false;
  const bool zip = bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06");
  const bool gzip = bytes.starts_with("\x1f\x8b");
  const bool tar = bytes.size() > 262 && bytes.substr(257, 5) == "ustar";
  return zip || gzip || tar;
}

Inventory read_members(archive::Contents contents, const std::string& top, const ReadLimits& limits,
                       std::span<const Source* const> sources) {
  std::vector<Document> documents;
  documents.reserve(contents.members.size());
  for (archive::Member& member : contents.members)
    documents.push_back({std::move(member.path), std::move(member.bytes)});
  Inventory made = read_documents(std::move(documents), top, limits, sources);
  for (const std::string& one : contents.ignored) made.unreadable.push_back(shown(one));
  return made;
}

/// "bansoko-WEB01" of "/tmp/bansoko-WEB01.zip" and of "/tmp/bansoko-WEB01/".
std::string name_of(const std::filesystem::path& path, bool folder) {
  const auto plain = path.has_filename() ? path : path.parent_path();
  return shown(folder ? plain.filename().string() : plain.stem().string());
}

}  // namespace

Inventory read_documents(std::vector<Document> documents, const std::string& top, const ReadLimits& limits,
                         std::span<const Source* const> sources) {
  Inventory made;
  std::vector<Finding> findings;
  for (Document& document : documents) {
    const auto source = std::find_if(sources.begin(), sources.end(),
                                     [&](const Source* one) { return one->recognises(document); });
    if (source == sources.end()) {
      made.unknown.push_back(shown(document.name));
      continue;
    }
    auto hosts = (*source)->read(document, limits.document);
    if (!hosts) {
      made.unreadable.push_back(shown(hosts.error().message, 400));
      continue;
    }
    if (hosts->empty()) made.unreadable.push_back(shown(document.name) + ": it tells of no host");
    const bool alone = hosts->size() == 1;
    for (assess::Host& host : *hosts) findings.push_back({document.name, alone, std::move(host)});
    document.bytes = {};
  }
  made.hosts = group(std::move(findings), top);
  for (assess::Host& host : made.hosts) add_features(host);
  return made;
}

Result<Inventory> read_inventory(const std::string& path, const ReadLimits& limits,
                                 std::span<const Source* const> sources) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    const std::string absolute = std::filesystem::absolute(path, error).lexically_normal().string();
    BANSOKO_TRY(auto contents, archive::read_folder(path, archive_limits(limits), everything));
    return read_members(std::move(contents), name_of(absolute, true), limits, sources);
  }
  BANSOKO_TRY(std::string bytes, read_file(path, limits.document.max_bytes));
  if (is_archive(bytes)) {
    auto contents = archive::read_archive(bytes_of(bytes), archive_limits(limits), everything);
    if (!contents) return fail(contents.error().code, "{}: {}", printable(path), contents.error().message);
    return read_members(std::move(*contents), name_of(path, false), limits, sources);
  }
  std::vector<Document> documents(1);
  documents.front() = {path, std::move(bytes)};
  return read_documents(std::move(documents), "", limits, sources);
}

}  // namespace bansoko::inventory
