// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/shield_events/heard_host.h"
#include "assess/inventory/text.h"
#include "base/printable.h"
#include "base/text.h"
#include "event/event.h"

/// What the shield heard of hosts in passing: its events of type inventory, as it writes them into its spool
/// or a replay into a file (docs/events.md).
namespace bansoko::inventory::shield_events {
namespace {

using assess::Gap;
using assess::Host;

/// What is not about this in a line is not read.
constexpr std::string_view kMark = R"("event_type":"inventory")";
/// How the writer ends a line that was cut (docs/events.md).
constexpr char kCut = '\x18';

bool recognises(const Document& document) {
  const std::string_view text = trim(std::string_view(document.bytes).substr(0, 16384));
  return text.starts_with(R"({"bansoko_spool":)") ||
         (text.starts_with('{') && text.find(R"("event_type":)") != std::string_view::npos);
}

class Reading {
 public:
  Reading(const Document& document, const Limits& limits) : document_(document), limits_(limits) {}

  void take(const Line& line) {
    if (line.text.find(kMark) == std::string_view::npos || line.text.ends_with(kCut)) return;
    const auto event = event::from_json(line.text);
    if (!event || !event->software) {
      if (line.ended) ++unread_;  // the last one is still being written
      return;
    }
    const auto where = address(event->software->host);
    if (!where || event->software->topic.empty() || event->software->said.empty()) {
      ++unread_;
      return;
    }
    if (!hosts_.contains(*where) && hosts_.size() == limits_.max_hosts) {
      too_many_ = true;
      return;
    }
    if (!hosts_[*where].add(remark_of(*event, line.number), limits_)) too_many_ = true;
  }

  std::vector<Host> finish() const {
    std::vector<Host> made;
    for (const auto& [where, heard] : hosts_) {
      made.push_back(heard.finish(where));
      made.back().sources.push_back(document_.name);
      if (unread_ != 0)
        add_gap(made.back(), Gap::unreadable, fmt::format("{} events of the shield cannot be read", unread_));
      if (too_many_) add_gap(made.back(), Gap::unreadable, "the events tell of more than is read");
    }
    return made;
  }

 private:
  Remark remark_of(const event::Event& event, std::uint32_t line) const {
    const event::Software& software = *event.software;
    const auto day = std::chrono::floor<std::chrono::days>(event.time);
    const std::string said = shown(software.said, limits_.max_text), topic = shown(software.topic);
    const std::string transport = lowered(shown(event.transport, 8));
    const std::string where =
        software.port == 0 ? "as a client" : fmt::format("on {}/{}", software.port, transport);
    const std::string text = fmt::format("{} {}: {}", topic, where, said);
    return {software.port, transport, topic, said, day, evidence(document_.name, line, text)};
  }

  const Document& document_;
  const Limits& limits_;
  std::map<std::string, HeardHost> hosts_;  // by address
  std::size_t unread_ = 0;
  bool too_many_ = false;
};

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  Reading reading(document, limits);
  for (const Line& line : lines_of(document.bytes)) reading.take(line);
  return reading.finish();
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "shield_events",
                                 .title = "what the shield heard in passing: its events",
                                 .recognises = recognises,
                                 .read = read};
  return source;
}

}  // namespace bansoko::inventory::shield_events
