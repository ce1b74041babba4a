// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/endoflife/endoflife.h"

#include "assess/feed/names.h"
#include "base/text.h"

namespace bansoko::feed::endoflife {
namespace {

bool is_markdown(std::string_view head) { return head.starts_with("---\n") || head.starts_with("---\r\n"); }

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  Tally tally(sink, limits);
  return is_markdown(input.head) ? read_markdown(input, tally, limits) : read_api(input, tally, limits);
}

bool recognises(std::string_view, std::string_view head) {
  const auto line = [head](std::string_view key) {
    return head.find("\n" + std::string(key) + ":") != std::string_view::npos;
  };
  if (is_markdown(head)) return line("title") && (line("releases") || line("permalink") || line("eolColumn"));
  if (holds(head, "schema_version") && holds(head, "result"))
    return holds(head, "isEol") || holds(head, "releases");
  return trim(head).starts_with('[') && holds(head, "cycle") && holds(head, "eol");
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat format{.name = "endoflife.date",
                                     .title = "endoflife.date, its files and its API",
                                     .licence = "MIT",
                                     .recognises = recognises,
                                     .read = read};
  return format;
}

}  // namespace bansoko::feed::endoflife
