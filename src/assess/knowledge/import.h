// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "archive/stream.h"
#include "assess/feed/feed.h"
#include "assess/knowledge/writer.h"

namespace bansoko::knowledge {

struct ImportLimits {
  feed::Limits feed = {};
  archive::StreamLimits stream = {};
  std::uint64_t max_files = 2'000'000;  // of a folder
  std::size_t max_path_depth = 32;      // of folders below it
};

/// A file that gave nothing, and why.
struct Refused {
  std::string name = {};
  std::string why = {};
};

struct ImportReport {
  std::vector<ImportedFeed> feeds = {};
  std::vector<Refused> refused = {};  // at most kMostTold are kept, all are counted
  std::uint64_t refused_count = 0;
  std::vector<std::string> passed_over =
      {};  // of an archive: members that are no feed, beside others that are
  std::uint64_t passed_over_count = 0;

  static constexpr std::size_t kMostTold = 50;
};

/// Reads a file, an archive or a folder and those below it (symbolic links and names that begin with a dot
/// are not followed) into the store, as one transaction: what it has of one format is imported whole, or,
/// where one file fails, not at all. Each file's format is told by its content. An error is about the store;
/// what is wrong with files is in the report.
Result<ImportReport> import_path(Database& store, std::string path,
                                 std::span<const feed::FeedFormat* const> formats, const ImportLimits& limits,
                                 std::int64_t now);

}  // namespace bansoko::knowledge
