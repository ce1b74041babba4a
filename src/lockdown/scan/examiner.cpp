// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/examiner.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>

#include "lockdown/identity/language.h"

namespace bansoko::scan {
namespace {

constexpr int kReadings = 2;                  // of a file that changes meanwhile
constexpr std::uint64_t kAhead = 1U << 20U;   // bytes asked of the disk before they are needed
constexpr std::size_t kMaxLinks = 1'000'000;  // files with several names whose readings are kept

std::int64_t now_in_nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void Shared::leave_out(LeftOut what) {
  const std::scoped_lock lock(guard_);
  if (left_out_.size() < Scan::kMaxLeftOut)
    left_out_.push_back(std::move(what));
  else
    ++left_out_more_;
}

void Shared::add_outside(const std::string& path) {
  const std::scoped_lock lock(guard_);
  const std::string folder = path.substr(0, path.rfind('/'));
  if (outside_.size() < Scan::kMaxOutside || outside_.contains(folder))
    ++outside_[folder];
  else
    ++outside_more_;
}

std::optional<Reading> Shared::reading_of_link(const identity::FileState& state) {
  const std::scoped_lock lock(guard_);
  const auto at = links_.find(state.key);
  if (at == links_.end() || !same_content(at->second.state, state)) return std::nullopt;
  return at->second;
}

void Shared::keep_link(const Reading& reading) {
  const std::scoped_lock lock(guard_);
  if (links_.size() < kMaxLinks) links_.insert_or_assign(reading.state.key, reading);
}

void Shared::finish(Scan& scan) {
  scan.left_out = std::move(left_out_);
  std::ranges::sort(scan.left_out, {}, &LeftOut::path);
  scan.left_out_more = left_out_more_;
  for (auto& [folder, count] : outside_) scan.outside.push_back({folder.empty() ? "/" : folder, count});
  scan.outside_more = outside_more_;
  scan.totals.files = files;
  scan.totals.bytes = bytes;
  scan.totals.digested = digested;
  scan.totals.reused = reused;
}

void Examiner::examine(std::vector<Candidate> batch) {
  std::vector<Opened> opened;
  for (Candidate& candidate : batch)
    if (auto one = open(std::move(candidate))) opened.push_back(std::move(*one));
  for (Opened& one : opened) {
    look_at(std::move(one));
    ++shared_.files;
    shared_.pacer.pause();
  }
}

void Examiner::leave_out(const Candidate& candidate, Reason reason, std::string detail) {
  shared_.leave_out({candidate.path, reason, std::move(detail)});
}

std::optional<Examiner::Opened> Examiner::open(Candidate candidate) {
  Opened opened{std::move(candidate), std::nullopt, UniqueFd()};
  if (const Reading* const known = shared_.journal.find(opened.candidate.state)) opened.known = *known;
  if (opened.known || opened.candidate.state.size == 0) return opened;
  if (!open_file(opened)) return std::nullopt;
  const auto ahead = static_cast<off_t>(std::min(opened.candidate.state.size, kAhead));
  ::posix_fadvise(opened.fd.get(), 0, ahead, POSIX_FADV_WILLNEED);
  return opened;
}

bool Examiner::open_file(Opened& opened) {
  const std::string path = (shared_.options.root == "/" ? "" : shared_.options.root) + opened.candidate.path;
  // O_NONBLOCK: what was a file may by now be a pipe, or have a lease on it that somebody must give up.
  opened.fd = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!opened.fd.valid()) {
    if (errno == ENOENT) return false;  // what is gone cannot execute
    leave_out(opened.candidate, Reason::unreadable, std::generic_category().message(errno));
    return false;
  }
  const auto state = identity::state_of(opened.fd.get());
  if (state && identity::is_regular(*state) && state->key == opened.candidate.state.key) {
    opened.candidate.state = *state;
    return true;
  }
  leave_out(opened.candidate, Reason::changing, {});
  return false;
}

void Examiner::look_at(Opened opened) {
  const Candidate& candidate = opened.candidate;
  if (!opened.known && candidate.links > 1) opened.known = shared_.reading_of_link(candidate.state);
  if (!opened.known && candidate.state.size == 0) return;
  if (!opened.known) {
    const auto kind = reader_.kind_of(opened.fd.get());
    if (!kind) return leave_out(candidate, Reason::unreadable, kind.error().message);
    opened.known = Reading{.state = candidate.state, .kind = *kind, .digested = false, .content = {}};
    if (need_of(candidate, *kind).wanted != Wanted::yes)
      shared_.journal.add(*opened.known, now_in_nanoseconds());
  } else {
    ++shared_.reused;
  }
  const Need need = need_of(candidate, opened.known->kind);
  if (need.wanted == Wanted::outside) shared_.add_outside(candidate.path);
  if (need.wanted != Wanted::yes) return;
  const bool is_enough = opened.known->digested && (!need.md5 || opened.known->content.md5);
  const auto reading = is_enough ? opened.known : read(opened, need);
  if (reading) keep(opened.candidate, *reading, need);
}

Examiner::Need Examiner::need_of(const Candidate& candidate, identity::FileKind kind) const {
  Need need;
  const std::uint32_t mode = candidate.state.mode;
  const WantedFacts facts{.kind = kind,
                          .path = candidate.path,
                          .mode = mode,
                          .owned = false,
                          .in_tree = shared_.trees.contain(candidate.path)};
  need.wanted = wanted(facts);
  if (need.wanted == Wanted::no) return need;
  need.owners = shared_.packages.owners(candidate.path);
  if (need.wanted == Wanted::outside && !need.owners.empty()) need.wanted = Wanted::yes;
  // Another name of the file may have a record where this one has none.
  need.md5 = (candidate.links > 1 && shared_.packages.files() != 0) ||
             std::ranges::any_of(need.owners, [](const trust::Record& record) {
               return record.kind == trust::RecordKind::md5;
             });
  return need;
}

std::optional<Reading> Examiner::read(Opened& opened, const Need& need) {
  const Candidate& candidate = opened.candidate;
  if (candidate.state.size > shared_.options.max_size) {
    leave_out(candidate, Reason::too_large, fmt::format("{} bytes", candidate.state.size));
    return std::nullopt;
  }
  if (!opened.fd.valid() && !open_file(opened)) return std::nullopt;
  for (int i = 0; i < kReadings; ++i) {
    bool changed = false;
    const auto reading = read_once(opened, need.md5, changed);
    if (!changed) return reading;
  }
  leave_out(candidate, Reason::changing, {});
  return std::nullopt;
}

std::optional<Reading> Examiner::read_once(Opened& opened, bool md5, bool& changed) {
  const int fd = opened.fd.get();
  std::uint64_t bytes = 0;
  const auto before = identity::state_of(fd);
  const auto kind = reader_.kind_of(fd);
  auto content = reader_.digest(fd, md5, shared_.options.max_size, bytes);
  const auto after = identity::state_of(fd);
  shared_.bytes += bytes;
  ++shared_.digested;
  if (!before || !kind || !content || !after) {
    const bool limit = !content && content.error().code == Errc::limit;
    leave_out(opened.candidate, limit ? Reason::too_large : Reason::unreadable,
              content ? "" : content.error().message);
    return std::nullopt;
  }
  changed = !same_content(*before, *after);
  opened.candidate.state = *after;
  Reading reading{.state = *after, .kind = *kind, .digested = true, .content = *content};
  if (changed) return std::nullopt;
  shared_.journal.add(reading, now_in_nanoseconds());
  if (opened.candidate.links > 1) shared_.keep_link(reading);
  return reading;
}

void Examiner::keep(const Candidate& candidate, const Reading& reading, const Need& need) {
  Found found;
  found.path = candidate.path;
  found.state = candidate.state;
  found.kind = reading.kind;
  found.language = identity::language_of_code(candidate.path);
  found.digest = reading.content.sha256;
  found.match = trust::compare(need.owners, reading.content);
  if (!need.owners.empty()) found.package = need.owners.front().package;
  found.in_open_folder = candidate.in_open_folder;
  found_.push_back(std::move(found));
  ++shared_.found;
}

}  // namespace bansoko::scan
