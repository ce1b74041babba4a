// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/scan.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "base/printable.h"
#include "lockdown/scan/compiled.h"
#include "lockdown/scan/examiner.h"
#include "lockdown/scan/queue.h"
#include "lockdown/scan/suspicion.h"
#include "lockdown/scan/walk.h"

namespace bansoko::scan {
namespace {

constexpr std::size_t kQueue = 1024;  // files met and not yet examined
constexpr std::chrono::milliseconds kShowEvery{100}, kFlushEvery{1000};

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The path without links, within the root.
Result<std::string> real_path(const std::string& root, const std::string& path) {
  if (!path.starts_with('/')) return fail(Errc::invalid, "{} is no absolute path", printable(path));
  const std::string base = root == "/" ? "" : root;
  std::error_code error;
  const std::string real = std::filesystem::canonical(base + path, error).string();
  if (error) return fail(Errc::not_found, "{}: {}", printable(base + path), error.message());
  if (real == root) return std::string("/");
  if (!real.starts_with(base + "/")) return fail(Errc::invalid, "{} leads out of {}", printable(path), root);
  return real.substr(base.size());
}

/// Hands what a walk meets to those who examine it.
class Feeder : public WalkSink {
 public:
  Feeder(Shared& shared, Queue<Candidate>& queue) : shared_(shared), queue_(queue) {}

  bool file(Candidate candidate) override {
    shared_.pacer.pause();
    return queue_.give(std::move(candidate));
  }
  bool folder() override {
    ++folders_;
    shared_.pacer.pause();
    return true;
  }
  void left_out(LeftOut what) override { shared_.leave_out(std::move(what)); }

  std::uint64_t folders() const noexcept { return folders_; }

 private:
  Shared& shared_;
  Queue<Candidate>& queue_;
  std::uint64_t folders_ = 0;
};

/// The threads of one scan: one walks, the others examine, the calling one shows how far they are.
class Crew {
 public:
  Crew(Shared& shared, std::vector<std::string> starts)
      : shared_(shared), starts_(std::move(starts)), queue_(kQueue), feeder_(shared, queue_) {}

  Result<> work(unsigned threads, const ShowProgress& show) {
    working_ = threads;
    found_.resize(threads);
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i)
      workers.emplace_back([this, i](const std::stop_token& stop) { examine(i, stop); });
    const std::jthread walker([this] { walk_all(); });
    Result<> kept;
    auto next_flush = std::chrono::steady_clock::now() + kFlushEvery;
    while (working_ != 0) {
      std::this_thread::sleep_for(std::min(kShowEvery, std::chrono::milliseconds(5) * ++turns_));
      show({.files = shared_.files, .found = shared_.found, .bytes = shared_.bytes});
      if (!kept || std::chrono::steady_clock::now() < next_flush) continue;
      next_flush += kFlushEvery;
      kept = shared_.journal.flush();
      if (!kept) stop(workers);
    }
    if (kept) kept = shared_.journal.flush();
    return kept;
  }

  void finish(Scan& scan) {
    for (std::vector<Found>& some : found_)
      std::move(some.begin(), some.end(), std::back_inserter(scan.found));
    scan.totals.folders = feeder_.folders();
  }

 private:
  void stop(std::vector<std::jthread>& workers) {
    queue_.close();
    for (std::jthread& worker : workers) worker.request_stop();
  }

  void walk_all() {
    shared_.pacer.step_back();
    const std::string& root = shared_.options.root;
    WalkOptions options{.root = root == "/" ? "" : root, .except = {}};
    if (auto own = real_path(root, shared_.options.state_folder)) options.except = *own;
    for (const std::string& start : starts_) walk(start, options, feeder_);
    queue_.close();
  }

  void examine(unsigned number, const std::stop_token& stop) {
    shared_.pacer.step_back();
    Examiner examiner(shared_, stop);
    for (;;) {
      auto batch = queue_.take(Examiner::kBatch);
      if (batch.empty()) break;
      examiner.examine(std::move(batch));
    }
    found_[number] = examiner.take_found();
    --working_;
  }

  Shared& shared_;
  std::vector<std::string> starts_;
  Queue<Candidate> queue_;
  Feeder feeder_;
  std::vector<std::vector<Found>> found_;
  std::atomic<unsigned> working_ = 0;
  int turns_ = 0;
};

/// Without those that lie in another of them.
void drop_nested(std::vector<std::string>& starts) {
  std::ranges::sort(starts);
  std::vector<std::string> kept;
  for (std::string& start : starts) {
    const bool nested = std::ranges::any_of(kept, [&](const std::string& other) {
      return other == "/" || start == other || start.starts_with(other + "/");
    });
    if (!nested) kept.push_back(std::move(start));
  }
  starts = std::move(kept);
}

void judge(Scan& scan, const Options& options, const trust::PackageIndex& packages) {
  std::ranges::sort(scan.found, {}, &Found::path);
  mark_compiled(scan.found, options.root, packages);
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t recent_since = (scan.begun - options.recent.count()) * kSecond;
  for (Found& one : scan.found) one.suspicions = suspicions_of(one, recent_since);
}

}  // namespace

Result<Scan> run(const Options& options, const trust::PackageIndex& packages, Journal& journal,
                 const Pacer& pacer, const ShowProgress& show) {
  Scan scan;
  scan.begun = seconds_now();
  scan.root = options.root;
  for (const std::string& path : options.paths.empty() ? std::vector<std::string>{"/"} : options.paths) {
    BANSOKO_TRY(std::string start, real_path(options.root, path));
    scan.paths.push_back(std::move(start));
  }
  drop_nested(scan.paths);
  Shared shared(options, packages, journal, pacer);
  Crew crew(shared, scan.paths);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const unsigned threads = options.threads != 0 ? options.threads : cores;
  BANSOKO_CHECK(crew.work(pacer.gentle() ? 1 : threads, show));
  crew.finish(scan);
  shared.finish(scan);
  scan.faults = packages.faults();
  scan.faults.insert(scan.faults.end(), journal.faults().begin(), journal.faults().end());
  judge(scan, options, packages);
  scan.ended = seconds_now();
  return scan;
}

}  // namespace bansoko::scan
