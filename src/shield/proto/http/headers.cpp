// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/headers.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"
#include "shield/proto/http/line.h"

namespace bansoko::proto::http {
namespace {

constexpr std::string_view kSeparator = ", ";

// RFC 9110 section 5.6.2.
constexpr auto kTokens = [] {
  std::array<bool, 256> tokens{};
  for (const char c :
       std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    tokens[static_cast<unsigned char>(c)] = true;
  return tokens;
}();

bool is_token(char c) noexcept { return kTokens[static_cast<unsigned char>(c)]; }

/// Whether there is any but the tab. Eight bytes at a time, as headers are long and seldom have one.
bool has_control(std::string_view text) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  while (!text.empty()) {
    std::uint64_t word = kOnes * ' ';
    const auto size = std::min(text.size(), sizeof(word));
    std::memcpy(&word, text.data(), size);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; };
    const bool is_below = ((word - kOnes * ' ') & ~word & kOnes * 0x80) != 0;
    if (is_below && std::any_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), is_control))
      return true;
    text.remove_prefix(size);
  }
  return false;
}

/// Whether a line within ends otherwise than in CR LF.
bool has_odd_line_end(std::string_view lines) noexcept {
  for (auto feed = lines.find('\n'); feed != std::string_view::npos; feed = lines.find('\n', feed + 1))
    if (feed == 0 || lines[feed - 1] != '\r') return true;
  return false;
}

/// A folded line as one: each of its parts without its line end.
std::string_view unfold(std::string_view lines, Arena& arena) {
  const auto out = arena.take(lines.size());
  std::size_t size = 0;
  while (!lines.empty()) {
    const auto end = std::min(lines.find_first_of("\r\n"), lines.size());
    for (const char c : lines.substr(0, end)) out[size++] = c;
    lines.remove_prefix(end);
    lines.remove_prefix(std::min(lines.find_first_not_of("\r\n"), lines.size()));
  }
  return {out.data(), size};
}

}  // namespace

std::uint32_t name_hash(std::string_view name) noexcept {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(to_lower(c))) * 16777619U;
  return hash;
}

void Headers::add_line(std::uint32_t at, std::uint32_t size, bool continues) {
  if (continues && !lines_.empty()) {
    lines_.back().size = at + size - lines_.back().at;
    lines_.back().is_folded = true;
    return;
  }
  Header header;
  header.at = at;
  header.size = size;
  lines_.push_back(header);
}

void Headers::read_line(Header& header, std::string_view head, Arena& arena) {
  std::string_view line = head.substr(header.at, header.size);
  if (header.is_folded) line = unfold(line, arena);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) {
    header.value = strip(line);
  } else {
    header.name = strip(line.substr(0, colon));
    header.value = strip(line.substr(colon + 1));
  }
  check_line(header, head, line, colon);
  header.hash = name_hash(header.name);
  const bool is_written_plainly = !header.is_folded && header.name.size() == colon &&
                                  line.size() == colon + 2 + header.value.size() && line[colon + 1] == ' ' &&
                                  head.substr(header.at + header.size, 2) == "\r\n";
  if (is_written_plainly) header.line = line;
  is_plain_ &= is_written_plainly;
}

void Headers::check_line(const Header& header, std::string_view head, std::string_view line,
                         std::size_t colon) noexcept {
  flaws_.nameless |= header.name.empty();
  flaws_.folded |= header.is_folded;
  const std::string_view whole = head.substr(header.at, header.size);
  flaws_.line_end |= header.is_folded ? has_odd_line_end(whole) : false;
  flaws_.line_end |= head.substr(header.at + header.size, 2) != "\r\n";
  if (colon == std::string_view::npos) return;
  flaws_.name_invalid |=
      !std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), is_token);
  flaws_.control_character |= has_control(line.substr(colon + 1));
}

void Headers::link(std::size_t index) noexcept {
  Header& header = lines_[index];
  for (std::size_t i = 0; i < index; ++i) {
    Header* earlier = &lines_[i];
    if (earlier->hash != header.hash || earlier->is_repeat || !same_text(earlier->name, header.name))
      continue;
    // Lines of one name are linked last to first: joining reverses them, linking stays quick.
    header.next = earlier->next;
    earlier->next = static_cast<std::uint16_t>(index);
    header.is_repeat = true;
    is_plain_ = false;
    return;
  }
}

void Headers::finish(std::string_view head, Arena& arena) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    read_line(lines_[i], head, arena);
    link(i);
  }
  if (!lines_.empty()) {
    const auto end = lines_.back().at + lines_.back().size + 2;
    block_ = head.substr(lines_.front().at, end - lines_.front().at);
  }
}

void Headers::reset() noexcept {
  lines_.clear();
  block_ = {};
  is_plain_ = true;
  flaws_ = {};
}

void Headers::shrink(std::size_t most) noexcept {
  if (lines_.capacity() > most) std::vector<Header>().swap(lines_);
}

Header* Headers::find(std::string_view name) noexcept {
  const std::uint32_t hash = name_hash(name);
  for (Header& header : lines_)
    if (header.hash == hash && same_text(header.name, name)) return &header;
  return nullptr;
}

std::string_view Headers::value(Header& header, Arena& arena) {
  // A length is one number: what else is said of it is an anomaly, not part of it.
  if (header.next == 0 || same_text(header.name, "content-length")) return header.value;
  std::size_t size = header.value.size();
  for (std::size_t i = header.next; i != 0; i = lines_[i].next)
    size += kSeparator.size() + lines_[i].value.size();
  const auto out = arena.take(size);
  auto end = out.end();
  for (std::size_t i = header.next; i != 0; i = lines_[i].next) {
    end = std::copy_backward(lines_[i].value.begin(), lines_[i].value.end(), end);
    end = std::copy_backward(kSeparator.begin(), kSeparator.end(), end);
  }
  std::copy_backward(header.value.begin(), header.value.end(), end);
  header.value = {out.data(), out.size()};
  header.next = 0;
  header.line = {};
  return header.value;
}

std::string_view Headers::line(Header& header, Arena& arena) {
  const auto joined = value(header, arena);
  if (header.line.data() == nullptr || header.line.size() != header.name.size() + 2 + joined.size())
    header.line = arena.join({header.name, ": ", joined});
  return header.line;
}

std::string_view Headers::normalised(std::string_view except, Arena& arena) {
  const Header* left_out = except.empty() ? nullptr : find(except);
  if (is_plain_ && left_out == nullptr) return block_;
  std::size_t size = 0;
  for (Header& header : lines_)
    if (!header.is_repeat && &header != left_out)
      size += header.name.size() + value(header, arena).size() + 4;
  const auto out = arena.take(size);
  auto end = out.begin();
  const auto put = [&end](std::string_view text) { end = std::copy(text.begin(), text.end(), end); };
  for (const Header& header : lines_) {
    if (header.is_repeat || &header == left_out) continue;
    put(header.name);
    put(": ");
    put(header.value);
    put("\r\n");
  }
  return {out.data(), size};
}

std::string_view Headers::names(Arena& arena) {
  std::size_t size = 4;
  for (const Header& header : lines_)
    if (!header.is_repeat) size += header.name.size() + 2;
  const auto out = arena.take(size);
  auto end = out.begin();
  const auto put = [&end](std::string_view text) { end = std::copy(text.begin(), text.end(), end); };
  put("\r\n");
  for (const Header& header : lines_) {
    if (header.is_repeat) continue;
    put(header.name);
    put("\r\n");
  }
  put("\r\n");
  return {out.data(), size};
}

}  // namespace bansoko::proto::http
