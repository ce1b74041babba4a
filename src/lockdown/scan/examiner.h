// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/unique_fd.h"
#include "lockdown/scan/content.h"
#include "lockdown/scan/journal.h"
#include "lockdown/scan/scan.h"
#include "lockdown/scan/walk.h"
#include "lockdown/scan/wanted.h"

namespace bansoko::scan {

/// What all threads of one scan have in common. All references must outlive it.
class Shared {
 public:
  Shared(const Options& of_scan, const trust::PackageIndex& of_system, Journal& known, const Pacer& pace)
      : options(of_scan), packages(of_system), journal(known), pacer(pace), trees(of_scan.code_trees) {}

  void leave_out(LeftOut what);
  void add_outside(const std::string& path);
  /// What another name of the file showed, if it has not changed since.
  std::optional<Reading> reading_of_link(const identity::FileState& state);
  void keep_link(const Reading& reading);
  /// Puts what was left out into the result. Once all threads are done.
  void finish(Scan& scan);

  const Options& options;
  const trust::PackageIndex& packages;
  Journal& journal;
  const Pacer& pacer;
  const CodeTrees trees;
  std::atomic<std::uint64_t> files = 0, found = 0, bytes = 0, digested = 0, reused = 0;

 private:
  std::mutex guard_;
  std::vector<LeftOut> left_out_;
  std::uint64_t left_out_more_ = 0, outside_more_ = 0;
  std::map<std::string, std::uint64_t> outside_;
  std::unordered_map<identity::FileKey, Reading, identity::FileKeyHash> links_;
};

/// Examines files; each thread has its own.
class Examiner {
 public:
  static constexpr std::size_t kBatch = 16;  // files whose beginnings are asked of the disk at once

  Examiner(Shared& shared, std::stop_token stop) : shared_(shared), reader_(shared.pacer, std::move(stop)) {}

  void examine(std::vector<Candidate> batch);
  /// What was found; leaves none.
  std::vector<Found> take_found() noexcept { return std::move(found_); }

 private:
  struct Opened {
    Candidate candidate;
    std::optional<Reading> known;  // of an earlier scan, or by another name
    UniqueFd fd;
  };
  /// How a file is needed, and by whom it is owned.
  struct Need {
    Wanted wanted = Wanted::no;
    bool md5 = false;
    std::vector<trust::Record> owners;
  };

  std::optional<Opened> open(Candidate candidate);
  bool open_file(Opened& opened);
  void look_at(Opened opened);
  Need need_of(const Candidate& candidate, identity::FileKind kind) const;
  /// Nothing: it was left out, and told.
  std::optional<Reading> read(Opened& opened, const Need& need);
  std::optional<Reading> read_once(Opened& opened, bool md5, bool& changed);
  void keep(const Candidate& candidate, const Reading& reading, const Need& need);
  void leave_out(const Candidate& candidate, Reason reason, std::string detail);

  Shared& shared_;
  ContentReader reader_;
  std::vector<Found> found_;
};

}  // namespace bansoko::scan
