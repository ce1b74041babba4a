// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "lockdown/scan/found.h"
#include "lockdown/scan/journal.h"
#include "lockdown/scan/pacer.h"
#include "lockdown/trust/package_index.h"

/// Finds everything on the disks that can execute, for an operator to approve.
namespace bansoko::scan {

struct Options {
  std::string root = "/";               // a folder that stands for the system; absolute
  std::vector<std::string> paths = {};  // absolute within the root; empty: all of it
  std::vector<std::string> code_trees = {};
  std::string state_folder = {};         // passed over where it lies within the root
  std::uint64_t max_size = 512U << 20U;  // bytes; what is larger is left out and told
  std::chrono::seconds recent = std::chrono::hours(7 * 24);
  unsigned threads = 0;  // 0: one for each core
};

struct Progress {
  std::uint64_t files = 0, found = 0, bytes = 0;
};
using ShowProgress = std::function<void(const Progress&)>;

/// `journal` remembers what is read; `show` is called by the calling thread, about ten times in a second. An
/// error: a path that is not there, or the journal cannot be written. Whatever else fails is in the result.
Result<Scan> run(const Options& options, const trust::PackageIndex& packages, Journal& journal,
                 const Pacer& pacer, const ShowProgress& show);

}  // namespace bansoko::scan
