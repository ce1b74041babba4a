// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/unique_fd.h"
#include "event/spool.h"
#include "event/spool_segment.h"

namespace bansoko::event {

namespace {

constexpr mode_t kRights = 0640;
constexpr mode_t kSpoolRights = 0750;

Result<UniqueFd> take_lock(const SpoolSettings& settings, std::string_view program) {
  const std::string path = fmt::format("{}/{}.lock", settings.directory, program);
  UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kRights));
  if (!lock.valid()) return fail_errno("cannot open " + path, errno);
  // flock() goes with the process, however it dies.
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK)
    return fail(Errc::denied, "{} is held: another {} writes to this spool", path, program);
  return fail_errno("cannot lock " + path, errno);
}

Result<UniqueFd> open_segment(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  if (!file.valid()) return fail_errno("cannot open " + path, errno);
  return file;
}

struct Status {
  std::uint64_t size = 0;
  std::chrono::system_clock::time_point changed{};
  bool removed = false;
};

Result<Status> status_of(const Segment& segment) {
  struct stat status {};
  if (::stat(segment.path.c_str(), &status) != 0) {
    if (errno == ENOENT) return Status{.removed = true};
    return fail_errno("cannot look at " + segment.path, errno);
  }
  return Status{static_cast<std::uint64_t>(status.st_size),
                std::chrono::system_clock::time_point(std::chrono::seconds(status.st_mtim.tv_sec)), false};
}

}  // namespace

struct SpoolWriter::State {
  SpoolSettings settings;
  std::string program;
  UniqueFd lock;
  UniqueFd file;
  Segment current;
  std::uint64_t next = 1;  // sequence number of the next record
  std::uint64_t size = 0;  // of the current segment
  std::chrono::system_clock::time_point begun{};
  bool cut = false;           // it ends in the middle of a line
  std::uint64_t removed = 0;  // records, since the last trim()
  std::string output;         // kept for its memory

  Result<> resume();
  Result<> begin_segment();
  Result<> write_line(std::string_view record);
  Result<> remove_old(std::optional<std::chrono::system_clock::time_point> now);
  Result<> begin_if_stale(std::chrono::system_clock::time_point now);
};

/// Goes on after the last record of an earlier writer, or begins the first segment.
Result<> SpoolWriter::State::resume() {
  BANSOKO_TRY(const auto segments, list_segments(settings.directory, program));
  if (segments.empty()) return begin_segment();
  const Segment& newest = segments.back();
  next = newest.first;
  auto reader = SegmentReader::open(newest);
  if (!reader) {
    if (reader.error().code != Errc::invalid) return tl::unexpected<Error>(std::move(reader).error());
    // Only a damaged disk leaves such a file; it is put aside so that events are kept all the same.
    if (::rename(newest.path.c_str(), (newest.path + ".damaged").c_str()) != 0)
      return fail_errno("cannot put aside " + newest.path, errno);
    return begin_segment();
  }
  for (;;) {
    BANSOKO_TRY(const auto line, reader->next());
    if (!line) break;
  }
  next = reader->position();
  cut = reader->has_tail();
  current = newest;
  begun = reader->begun();
  BANSOKO_TRY(file, open_segment(newest.path));
  BANSOKO_TRY(const Status status, status_of(newest));
  size = status.size;
  return {};
}

/// The file appears under its name only with its header in it.
Result<> SpoolWriter::State::begin_segment() {
  const Segment fresh{segment_path(settings.directory, program, next), next};
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::string header = header_line(next, now);
  BANSOKO_CHECK(write_file_atomic(fresh.path, header, kRights));
  BANSOKO_TRY(file, open_segment(fresh.path));
  current = fresh;
  begun = now;
  size = header.size();
  cut = false;
  return {};
}

Result<> SpoolWriter::State::write_line(std::string_view record) {
  output.clear();
  if (cut) output.assign({kCancelled, '\n'});
  output.append(record);
  output += '\n';
  ssize_t wrote = 0;
  do wrote = ::write(file.get(), output.data(), output.size());
  while (wrote < 0 && errno == EINTR);
  if (wrote < 0) return fail_errno("cannot write " + current.path, errno);
  const auto count = static_cast<std::size_t>(wrote);
  size += count;
  if (count == output.size()) {
    cut = false;
    return {};
  }
  if (count > 0) cut = output[count - 1] != '\n';
  return fail(Errc::limit, "cannot write {}: only {} of {} bytes were taken", current.path, count,
              output.size());
}

/// Removes whole segments, oldest first and never the current one. Without a time, only by size.
Result<> SpoolWriter::State::remove_old(std::optional<std::chrono::system_clock::time_point> now) {
  BANSOKO_TRY(const auto segments, list_segments(settings.directory, program));
  std::uint64_t total = 0;
  std::vector<Status> states;
  for (const Segment& segment : segments) {
    BANSOKO_TRY(const Status status, status_of(segment));
    total += states.emplace_back(status).size;
  }
  for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
    const bool old = now && states[i].changed < *now - std::chrono::days(settings.max_days);
    if (!old && total <= settings.max_bytes) break;
    if (::unlink(segments[i].path.c_str()) != 0 && errno != ENOENT)
      return fail_errno("cannot remove " + segments[i].path, errno);
    total -= states[i].size;
    removed += segments[i + 1].first - segments[i].first;
  }
  return {};
}

/// The current segment is never removed. So that its records go in time too, one with records is
/// followed by another after a day. One that somebody removed is, too.
Result<> SpoolWriter::State::begin_if_stale(std::chrono::system_clock::time_point now) {
  BANSOKO_TRY(const Status status, status_of(current));
  const bool old = next != current.first && now - begun >= std::chrono::days(1);
  if (status.removed || old) return begin_segment();
  return {};
}

SpoolWriter::SpoolWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
SpoolWriter::SpoolWriter(SpoolWriter&&) noexcept = default;
SpoolWriter& SpoolWriter::operator=(SpoolWriter&&) noexcept = default;
SpoolWriter::~SpoolWriter() = default;

Result<SpoolWriter> SpoolWriter::open(const SpoolSettings& settings, std::string_view program) {
  BANSOKO_CHECK(make_folder(settings.directory, kSpoolRights));
  auto state = std::make_unique<State>();
  state->settings = settings;
  state->program = program;
  BANSOKO_TRY(state->lock, take_lock(settings, program));
  BANSOKO_CHECK(state->resume());
  return SpoolWriter(std::move(state));
}

Result<std::uint64_t> SpoolWriter::append(std::string_view record) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (record.empty() || record.size() > kMaxRecord || std::ranges::any_of(record, is_control))
    return fail(Errc::invalid, "a record is one line of 1 to {} bytes without control characters",
                kMaxRecord);
  if (state_->next != state_->current.first &&
      state_->size + record.size() >= state_->settings.segment_bytes) {
    BANSOKO_CHECK(state_->begin_segment());
    BANSOKO_CHECK(state_->remove_old(std::nullopt));
  }
  BANSOKO_CHECK(state_->write_line(record));
  return state_->next++;
}

Result<> SpoolWriter::sync() {
  if (::fdatasync(state_->file.get()) != 0) return fail_errno("cannot save " + state_->current.path, errno);
  return {};
}

Result<std::uint64_t> SpoolWriter::trim(std::chrono::system_clock::time_point now) {
  BANSOKO_CHECK(state_->begin_if_stale(now));
  BANSOKO_CHECK(state_->remove_old(now));
  return std::exchange(state_->removed, 0);
}

}  // namespace bansoko::event
