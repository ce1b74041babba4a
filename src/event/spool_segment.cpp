// SPDX-License-Identifier: Apache-2.0
#include "event/spool_segment.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

namespace bansoko::event {

namespace {

constexpr std::size_t kReadBlock = 64U << 10U;
constexpr std::size_t kDigits = 20;
constexpr std::string_view kSegmentSuffix = ".jsonl";
constexpr std::string_view kVersionMark = R"({"bansoko_spool":)";
constexpr std::string_view kBegun = R"("begun":)";
constexpr unsigned kVersion = 1;

std::optional<std::uint64_t> first_of(std::string_view name, std::string_view program) {
  if (!name.starts_with(program)) return std::nullopt;
  name.remove_prefix(program.size());
  if (name.size() != 1 + kDigits + kSegmentSuffix.size() || name[0] != '-' || !name.ends_with(kSegmentSuffix))
    return std::nullopt;
  const std::string_view digits = name.substr(1, kDigits);
  std::uint64_t first = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), first);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return first;
}

/// When the segment was begun, if its first line is as it should be.
Result<std::chrono::sys_seconds> read_header(std::string_view line, const Segment& segment) {
  const auto number_after = [line](std::string_view mark) {
    std::uint32_t value = 0;
    if (const auto at = line.find(mark); at != std::string_view::npos)
      std::from_chars(line.data() + at + mark.size(), line.data() + line.size(), value);
    return value;
  };
  const std::chrono::sys_seconds begun{std::chrono::seconds(number_after(kBegun))};
  if (std::string(line) + '\n' == header_line(segment.first, begun)) return begun;
  const std::uint32_t version = line.starts_with(kVersionMark) ? number_after(kVersionMark) : 0;
  if (version > kVersion)
    return fail(Errc::unsupported, "{}: format version {}, but this program knows only up to {}",
                segment.path, version, kVersion);
  return fail(Errc::invalid, "{}: does not begin as a spool file does", segment.path);
}

}  // namespace

std::string segment_path(std::string_view directory, std::string_view program, std::uint64_t first) {
  return fmt::format("{}/{}-{:0{}}{}", directory, program, first, kDigits, kSegmentSuffix);
}

std::string header_line(std::uint64_t first, std::chrono::sys_seconds begun) {
  return fmt::format("{}{},\"first_sequence\":{},{}{}}}\n", kVersionMark, kVersion, first, kBegun,
                     begun.time_since_epoch().count());
}

Result<std::vector<Segment>> list_segments(const std::string& directory, std::string_view program) {
  std::vector<Segment> segments;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error))
    if (const auto first = first_of(at->path().filename().string(), program))
      segments.push_back({at->path().string(), *first});
  if (error) return fail_errno("cannot list " + directory, error.value());
  std::ranges::sort(segments, {}, &Segment::first);
  return segments;
}

Result<SegmentReader> SegmentReader::open(const Segment& segment) {
  UniqueFd file(::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.valid()) return fail_errno("cannot open " + segment.path, errno);
  SegmentReader reader(std::move(file), segment.first);
  BANSOKO_TRY(const auto line, reader.raw_line());
  BANSOKO_TRY(reader.begun_, read_header(line.value_or(""), segment));
  return reader;
}

Result<std::optional<SegmentReader::Line>> SegmentReader::next() {
  for (;;) {
    BANSOKO_TRY(const auto text, raw_line());
    if (!text) return std::nullopt;
    if (text->ends_with(kCancelled)) continue;
    const bool damaged = damaged_ || text->size() > kMaxRecord;
    return Line{position_++, damaged ? std::string_view() : *text, damaged};
  }
}

/// The next line without its newline, or, of an overlong one, what is left of it.
Result<std::optional<std::string_view>> SegmentReader::raw_line() {
  for (;;) {
    if (const auto end = buffer_.find('\n', scanned_); end != std::string::npos) {
      const std::string_view line = std::string_view(buffer_).substr(start_, end - start_);
      start_ = end + 1;
      scanned_ = start_;
      damaged_ = std::exchange(overlong_, false);
      return line;
    }
    scanned_ = buffer_.size();
    BANSOKO_TRY(const bool more, fill());
    if (!more) return std::nullopt;
  }
}

Result<bool> SegmentReader::fill() {
  buffer_.erase(0, start_);
  scanned_ -= start_;
  start_ = 0;
  if (buffer_.size() > kMaxRecord + 1) {
    buffer_.erase(0, buffer_.size() - 1);  // its last byte says whether it was cancelled
    scanned_ = buffer_.size();
    overlong_ = true;
  }
  std::array<char, kReadBlock> block;
  const ssize_t got = ::read(file_.get(), block.data(), block.size());
  if (got < 0 && errno == EINTR) return true;
  if (got < 0) return fail_errno("cannot read a spool file", errno);
  buffer_.append(block.data(), static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace bansoko::event
