// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/csv_reader.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace bansoko::feed {
namespace {

constexpr std::size_t kBufferSize = std::size_t{64} << 10U;
constexpr int kEndOfText = -1;
constexpr std::size_t kLongestComment = 4096;

}  // namespace

CsvReader::CsvReader(ByteSource& bytes, const Limits& limits)
    : bytes_(bytes), limits_(limits), buffer_(kBufferSize) {}

Result<bool> CsvReader::fill() {
  if (at_ != size_) return true;
  if (ended_) return false;
  if (read_ > limits_.max_bytes) return fail(Errc::limit, "it is larger than {} bytes", limits_.max_bytes);
  BANSOKO_TRY(size_, bytes_.read(buffer_));
  at_ = 0;
  read_ += size_;
  ended_ = size_ == 0;
  return !ended_;
}

Result<int> CsvReader::peek() {
  BANSOKO_TRY(const bool more, fill());
  return more ? static_cast<unsigned char>(buffer_[at_]) : kEndOfText;
}

Result<> CsvReader::keep(std::string_view bytes) {
  if (text_.size() - begins_.back() + bytes.size() > limits_.max_text)
    return fail(Errc::limit, "line {}: a field is longer than {} bytes", line_, limits_.max_text);
  text_.append(bytes);
  return {};
}

Result<> CsvReader::comment() {
  std::string text;
  for (;;) {
    BANSOKO_TRY(const int c, peek());
    if (c == kEndOfText || c == '\n') break;
    if (text.size() < kLongestComment) text += static_cast<char>(c);
    ++at_;
  }
  if (comment_.empty()) comment_ = trim(text);
  return {};
}

/// Passes over what stands between records; false at the end.
Result<bool> CsvReader::begin_record() {
  if (read_ == 0) {
    // A byte order mark; a source may give it in pieces.
    for (const char mark : {'\xef', '\xbb', '\xbf'}) {
      BANSOKO_TRY(const int c, peek());
      if (c != static_cast<unsigned char>(mark)) break;
      ++at_;
    }
  }
  for (;;) {
    BANSOKO_TRY(const int c, peek());
    if (c == kEndOfText) return false;
    if (c == '#') {
      BANSOKO_CHECK(comment());
      continue;
    }
    if (c != '\n' && c != '\r') return true;
    lines_ended_ += c == '\n' ? 1 : 0;
    ++at_;
  }
}

/// Behind a field: whether another follows in the record.
Result<bool> CsvReader::end_of_field() {
  BANSOKO_TRY(int c, peek());
  if (c == '\r') {
    ++at_;
    BANSOKO_TRY(c, peek());
    if (c != '\n' && c != kEndOfText) return fail(Errc::invalid, "line {}: a CR within a line", line_);
  }
  if (c == kEndOfText) return false;
  ++at_;
  if (c == ',') return true;
  if (c != '\n') return fail(Errc::invalid, "line {}: a text behind a closing quote", line_);
  ++lines_ended_;
  return false;
}

Result<bool> CsvReader::quoted() {
  for (;;) {
    BANSOKO_TRY(const bool more, fill());
    if (!more) return fail(Errc::invalid, "line {}: a quote is not closed", line_);
    const char* const begin = buffer_.data() + at_;
    const char* const end = buffer_.data() + size_;
    const char* const quote = std::find(begin, end, '"');
    lines_ended_ += static_cast<std::uint64_t>(std::count(begin, quote, '\n'));
    BANSOKO_CHECK(keep({begin, static_cast<std::size_t>(quote - begin)}));
    at_ = static_cast<std::size_t>(quote - buffer_.data());
    if (quote == end) continue;
    ++at_;
    BANSOKO_TRY(const int c, peek());
    if (c != '"') return end_of_field();
    ++at_;
    BANSOKO_CHECK(keep("\""));
  }
}

Result<bool> CsvReader::field() {
  BANSOKO_TRY(const int first, peek());
  if (first == '"') {
    ++at_;
    return quoted();
  }
  for (;;) {
    BANSOKO_TRY(const bool more, fill());
    if (!more) return false;
    const char* const begin = buffer_.data() + at_;
    const char* const end = buffer_.data() + size_;
    const char* const stop =
        std::find_if(begin, end, [](char c) { return c == ',' || c == '\n' || c == '\r'; });
    BANSOKO_CHECK(keep({begin, static_cast<std::size_t>(stop - begin)}));
    at_ = static_cast<std::size_t>(stop - buffer_.data());
    if (stop != end) return end_of_field();
  }
}

Result<std::optional<std::span<const std::string_view>>> CsvReader::next() {
  BANSOKO_TRY(bool more, begin_record());
  if (!more) return std::nullopt;
  text_.clear();
  begins_.clear();
  fields_.clear();
  line_ = lines_ended_ + 1;
  while (more) {
    if (begins_.size() == kMostFields)
      return fail(Errc::limit, "line {}: more than {} fields", line_, kMostFields);
    begins_.push_back(text_.size());
    BANSOKO_TRY(more, field());
  }
  for (std::size_t i = 0; i < begins_.size(); ++i) {
    const std::size_t end = i + 1 < begins_.size() ? begins_[i + 1] : text_.size();
    fields_.push_back(std::string_view(text_).substr(begins_[i], end - begins_[i]));
  }
  return std::span<const std::string_view>(fields_);
}

std::vector<std::optional<std::size_t>> columns_of(std::span<const std::string_view> header,
                                                   std::span<const std::string_view> names) {
  std::vector<std::optional<std::size_t>> columns;
  for (const std::string_view name : names) {
    const auto found = std::find_if(header.begin(), header.end(), [name](std::string_view column) {
      return same_text(trim(column), name);
    });
    columns.emplace_back();
    if (found != header.end()) columns.back() = static_cast<std::size_t>(found - header.begin());
  }
  return columns;
}

}  // namespace bansoko::feed
