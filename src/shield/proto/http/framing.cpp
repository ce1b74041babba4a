// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/framing.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"

namespace bansoko::proto::http {
namespace {

// RFC 9112 section 7, and the names of before RFC 2616.
constexpr std::array<std::string_view, 6> kCodings{"chunked", "gzip",     "x-gzip",
                                                   "deflate", "compress", "x-compress"};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The first number in the text, as lenient receivers read it.
std::optional<std::uint64_t> read_length(std::string_view text, AnomalySet& anomalies) noexcept {
  const auto first = std::find_if(text.begin(), text.end(), is_digit);
  const auto last = std::find_if_not(first, text.end(), is_digit);
  if (first != text.begin() || last != text.end() || first == last)
    anomalies.add(Anomaly::content_length_invalid);
  if (first == last) return {};
  std::uint64_t value = 0;
  for (auto digit = first; digit != last; ++digit) {
    if (value > std::numeric_limits<std::uint64_t>::max() / 10 - 1) {
      anomalies.add(Anomaly::content_length_invalid);
      return {};
    }
    value = value * 10 + static_cast<std::uint64_t>(*digit - '0');
  }
  return value;
}

bool says_chunked(std::string_view value) noexcept {
  constexpr std::string_view kChunked = "chunked";
  const auto same = [](char a, char b) { return to_lower(a) == b; };
  return std::search(value.begin(), value.end(), kChunked.begin(), kChunked.end(), same) != value.end();
}

/// RFC 9112 section 6.1: chunked once, and last; anything else leaves the end of the body to be guessed.
void check_codings(std::string_view list, bool was_chunked, AnomalySet& anomalies) noexcept {
  bool is_over = was_chunked;
  while (true) {
    const auto comma = std::min(list.find(','), list.size());
    const std::string_view coding = trim(list.substr(0, comma));
    if (is_over) anomalies.add(Anomaly::transfer_coding_order);
    if (same_text(coding, "identity")) {
      anomalies.add(Anomaly::transfer_coding_order);
    } else if (std::none_of(kCodings.begin(), kCodings.end(),
                            [coding](std::string_view known) { return same_text(coding, known); })) {
      anomalies.add(Anomaly::transfer_coding_unknown);
    }
    is_over |= same_text(coding, "chunked");
    if (comma == list.size()) break;
    list.remove_prefix(comma + 1);
  }
  if (!is_over) anomalies.add(Anomaly::transfer_coding_order);
}

}  // namespace

void Framing::see(std::string_view name, std::string_view value, AnomalySet& anomalies) noexcept {
  if (same_text(name, "content-length")) {
    const auto given = read_length(value, anomalies);
    if (length && given)
      anomalies.add(*length == *given ? Anomaly::content_length_repeated : Anomaly::content_length_ambiguous);
    if (given) length = std::max(length.value_or(0), *given);
  } else if (same_text(name, "transfer-encoding")) {
    check_codings(value, is_chunked, anomalies);
    is_chunked |= says_chunked(value);
    has_coding = true;
  }
  if (has_coding && length) anomalies.add(Anomaly::content_length_ambiguous);
}

}  // namespace bansoko::proto::http
