// SPDX-License-Identifier: Apache-2.0
// What parts of a mail are called, and the links in them.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "shield/proto/header_parameters.h"
#include "shield/proto/smtp/mime_reader.h"

namespace bansoko::proto::smtp {
namespace {

constexpr std::size_t kMostLink = 2048;

/// A parameter as RFC 2231 writes long ones and those in other character sets: "filename*1*".
struct SplitName {
  bool is_part = false;  // of the name that was asked for
  bool is_escaped = false;
  unsigned number = 0;
};

SplitName split_name(std::string_view name, std::string_view wanted) noexcept {
  SplitName split;
  if (!same_text(name.substr(0, wanted.size()), wanted)) return split;
  name.remove_prefix(wanted.size());
  split.is_part = name.empty() || name.front() == '*';
  if (name.ends_with('*')) {
    split.is_escaped = true;
    name.remove_suffix(1);
  }
  if (name.size() > 1) std::from_chars(name.data() + 1, name.data() + name.size(), split.number);
  return split;
}

/// Adds to a name of limited size.
class NameWriter {
 public:
  NameWriter(std::span<char> name, std::size_t& size) noexcept : name_(name), size_(size) {}
  void add(char c) noexcept {
    if (size_ == name_.size()) {
      is_over_ = true;
    } else {
      name_[size_++] = c;
    }
  }
  void add_plain(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\\' && i + 1 < text.size()) ++i;
      add(text[i]);
    }
  }
  /// charset'language'text with %41 for a byte.
  void add_escaped(std::string_view text, bool is_first) noexcept {
    if (is_first)
      for (int quotes = 0; quotes < 2 && text.find('\'') != std::string_view::npos; ++quotes)
        text.remove_prefix(text.find('\'') + 1);
    for (std::size_t i = 0; i < text.size(); ++i) {
      unsigned byte = 0;
      const char* const at = text.data() + i + 1;
      const bool is_escape =
          text[i] == '%' && i + 2 < text.size() && std::from_chars(at, at + 2, byte, 16).ptr == at + 2;
      add(is_escape ? static_cast<char>(byte) : text[i]);
      if (is_escape) i += 2;
    }
  }
  bool is_over() const noexcept { return is_over_; }

 private:
  std::span<char> name_;
  std::size_t& size_;
  bool is_over_ = false;
};

/// "http://", "https://" or "ftp://" before the colon at `colon`.
bool is_scheme(std::string_view text, std::size_t colon) noexcept {
  for (const std::string_view scheme : {"http", "https", "ftp"})
    if (colon >= scheme.size() && same_text(text.substr(colon - scheme.size(), scheme.size()), scheme))
      return true;
  return false;
}

}  // namespace

void MimeReader::read_name(std::string_view value, std::string_view parameter) {
  part_.name_size = 0;
  NameWriter name(part_.name, part_.name_size);
  HeaderParameters parameters(value);
  while (const auto next = parameters.next()) {
    const SplitName split = split_name(next->name, parameter);
    if (!split.is_part) continue;
    // Pieces are taken in the order in which they stand; of two whole names the first.
    if (split.number == 0 && part_.name_size > 0) continue;
    if (split.is_escaped) {
      name.add_escaped(next->value, split.number == 0);
    } else {
      name.add_plain(next->value);
    }
  }
  if (name.is_over()) mail_.anomalies.add(Anomaly::mime_long_filename);
}

/// Looks for links in what is new of a text. One that may go on waits for its end.
void MimeReader::find_links(bool is_whole) {
  if (!wanted_.links || !part_.is_text) return;
  const std::string_view text = as_text(mail_.last_content());
  constexpr std::string_view kMark = "://";
  constexpr std::string_view kEnds = " \t\r\n\"'<>[]";
  for (;;) {
    const auto colon = text.find(kMark, searched_);
    if (colon == std::string_view::npos) {
      searched_ = std::max(searched_, text.size() - std::min(text.size(), kMark.size() - 1));
      return;
    }
    const auto begin = colon + kMark.size();
    const auto end = std::min({text.find_first_of(kEnds, begin), text.size(), begin + kMostLink});
    if (end == text.size() && end < begin + kMostLink && !is_whole) {
      searched_ = colon;
      return;
    }
    if (end > begin && is_scheme(text, colon)) mail_.add_link(mail_.last_content_at() + begin, end - begin);
    searched_ = end;
  }
}

}  // namespace bansoko::proto::smtp
