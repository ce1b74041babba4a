// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>
#include <utility>

#include "event/spool.h"
#include "event/spool_segment.h"

namespace bansoko::event {

struct SpoolReader::State {
  std::string directory;
  std::string program;
  std::uint64_t cursor = 1;
  std::uint64_t skipped = 0;
  std::uint64_t segment = 0;  // first sequence number of the open one
  std::optional<SegmentReader> reader;
  bool sealed = false;  // a later segment exists: nothing more will be written to the open one

  Result<> check_cursor();
  Result<bool> open_first();
  Result<bool> open_after();
  Result<bool> open_from(std::span<const Segment> segments);
};

/// A cursor beyond the end belongs to a spool that is no more: after it was emptied by hand, or lost
/// its end in a power cut. Reading from the start may repeat records, but loses none.
Result<> SpoolReader::State::check_cursor() {
  BANSOKO_TRY(const auto segments, list_segments(directory, program));
  if (segments.empty() || cursor <= segments.back().first) return {};
  auto newest = SegmentReader::open(segments.back());
  if (!newest) return {};  // next() will say what is wrong with it
  while (newest->position() < cursor) {
    BANSOKO_TRY(const auto line, newest->next());
    if (!line) break;
  }
  if (newest->position() < cursor) cursor = segments.front().first;
  return {};
}

/// Opens the first of these that can be read; what is passed over counts as skipped.
Result<bool> SpoolReader::State::open_from(std::span<const Segment> segments) {
  reader.reset();
  sealed = false;
  for (const Segment& chosen : segments) {
    auto opened = SegmentReader::open(chosen);
    if (!opened) {
      if (opened.error().code == Errc::not_found) continue;  // trimmed just now
      if (opened.error().code == Errc::invalid && &chosen != &segments.back()) continue;
      return tl::unexpected<Error>(std::move(opened).error());
    }
    reader = std::move(*opened);
    segment = chosen.first;
    if (segment > cursor) skipped += segment - std::exchange(cursor, segment);
    return true;
  }
  return false;
}

/// Opens the segment that holds the cursor, or the oldest if that one has been removed.
Result<bool> SpoolReader::State::open_first() {
  BANSOKO_TRY(const auto segments, list_segments(directory, program));
  const auto after = std::ranges::upper_bound(segments, cursor, {}, &Segment::first);
  return open_from({after == segments.begin() ? after : std::prev(after), segments.end()});
}

/// The open segment seems to be at its end: goes on to the one after it, if there is one. What was
/// written between our last read and the roll is read first, hence the two steps.
Result<bool> SpoolReader::State::open_after() {
  BANSOKO_TRY(const auto segments, list_segments(directory, program));
  const auto after = std::ranges::upper_bound(segments, segment, {}, &Segment::first);
  if (after == segments.end()) return false;
  if (!std::exchange(sealed, true)) return true;
  return open_from({after, segments.end()});
}

SpoolReader::SpoolReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SpoolReader::SpoolReader(SpoolReader&&) noexcept = default;
SpoolReader& SpoolReader::operator=(SpoolReader&&) noexcept = default;
SpoolReader::~SpoolReader() = default;

Result<SpoolReader> SpoolReader::open(const std::string& directory, std::string_view program,
                                      std::uint64_t cursor) {
  auto state = std::make_unique<State>();
  state->directory = directory;
  state->program = program;
  state->cursor = std::max<std::uint64_t>(cursor, 1);
  BANSOKO_CHECK(state->check_cursor());
  return SpoolReader(std::move(state));
}

Result<std::optional<SpoolRecord>> SpoolReader::next() {
  State& state = *state_;
  if (!state.reader) {
    BANSOKO_TRY(const bool found, state.open_first());
    if (!found) return std::nullopt;
  }
  for (;;) {
    BANSOKO_TRY(const auto line, state.reader->next());
    if (!line) {
      BANSOKO_TRY(const bool more, state.open_after());
      if (!more) return std::nullopt;
      continue;
    }
    if (line->sequence < state.cursor) continue;
    state.cursor = line->sequence + 1;
    if (!line->damaged) return SpoolRecord{line->sequence, std::string(line->text)};
    ++state.skipped;
  }
}

std::uint64_t SpoolReader::cursor() const noexcept { return state_->cursor; }
std::uint64_t SpoolReader::skipped() const noexcept { return state_->skipped; }

}  // namespace bansoko::event
