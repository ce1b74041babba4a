// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/text.h"
#include "base/printable.h"
#include "base/text.h"

/// The log of tools/bansoko-collect.cmd: which steps failed, so that what is not there is known to be
/// missing.
namespace bansoko::inventory::collect_log {
namespace {

using assess::Gap;
using assess::Host;

constexpr std::string_view kFirst = "bansoko-collect 1";

bool recognises(const Document& document) { return trim(beginning(document.bytes, 256)).starts_with(kFirst); }

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  if (!recognises(document))
    return fail(Errc::invalid, "{}:1: not a log of bansoko-collect", printable(document.name));
  const std::string text = to_utf8(document.bytes);
  Host host;
  host.sources.push_back(document.name);
  bool ended = false;
  for (const Line& line : lines_of(text)) {
    const std::string_view word = line.text.substr(0, line.text.find(' ')),
                           rest = trim(line.text.substr(word.size()));
    if (word == "host" && line.ended) host.name = shown(rest, limits.max_text);
    if (word == "failed")
      add_gap(host, Gap::unreadable,
              fmt::format("{} was not collected: its command failed or is not there", shown(rest)),
              evidence(document.name, line.number, line.text));
    ended = ended || line.text == "end";
  }
  if (!ended) add_gap(host, Gap::unreadable, "the collecting did not come to its end");
  state_gaps(host);
  return std::vector<Host>{std::move(host)};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "collect_log", .title = "log of bansoko-collect", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::collect_log
