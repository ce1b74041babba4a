// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "archive/archive.h"
#include "base/result.h"
#include "shield/rule/diagnostic.h"
#include "shield/selection/selection.h"
#include "shield/source/stored_source.h"

namespace bansoko::source {

/// What the engine says of rule files: faults name the files as they are given.
using Check = std::function<Result<rule::Diagnostics>(const std::vector<std::string>& files)>;

struct ImportRequest {
  std::string from;    // an archive, a folder, or a single *.rules file
  std::string name;    // empty: after `from`
  std::string folder;  // of all sources
  archive::Limits limits = {};
  std::vector<std::string> ignore = {"*deleted.rules"};  // patterns of file names
  std::int64_t now = 0;                                  // seconds of the epoch
  bool keep_faulty = false;  // otherwise a rule that cannot be loaded is switched off
};

struct ImportedFile {
  std::string path = {};  // within the source
  std::string kept_as = {};
  std::size_t rules = 0;
  std::size_t enabled = 0;
  std::size_t faulty = 0;
  std::string first_fault = {};
};

struct ImportReport {
  SourceFacts facts;
  selection::Changes changes;
  std::vector<ImportedFile> files;
  std::vector<std::string> ignored;  // members that were left out, and why
  rule::Diagnostics faults;          // of rules that would be on
  rule::Diagnostics warnings;        // of edits that failed
  bool replaced = false;             // a source of that name was there
};

/// "emerging.rules.tar.gz" is called "emerging".
std::string name_after(std::string_view path);

/// Reads a source and puts it in its folder as one transaction: until the end the old one stands, and on any
/// failure it stays. Never uses the network.
Result<ImportReport> import_source(const ImportRequest& request, const selection::Choices& choices,
                                   const Check& check);

}  // namespace bansoko::source
