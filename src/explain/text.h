// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bansoko::explain {

/// What an explanation says beside the words of the codes.
enum class Text : std::uint8_t {
  sentence_rule,
  sentence_matched,
  sentence_compared,
  sentence_cves,
  sentence_exception,
  sentence_later,
  sentence_message,
  sentence_software,
  sentence_not_recorded,
  label_event,
  label_time,
  label_what,
  label_packet,
  label_attempt,
  label_flow,
  label_protocol,
  label_transaction,
  label_direction,
  label_host,
  label_hosts,
  label_ports,
  label_quarantine,
  label_field,
  label_matched,
  label_value,
  label_compared,
  label_rule,
  label_verdict,
  label_later,
  label_rules,
  label_evidence,
  fact_packet,
  fact_attempt,
  fact_transaction,
  fact_no_buffer,
  fact_matched,
  fact_category,
  fact_refused_before,
  fact_later,
  fact_generation,
  fact_not_shown,
  count,
};

/// Its key in the catalogue, and what is filled in: names with blanks between them.
struct TextRow {
  std::string_view key = {};
  std::string_view places = {};
};

inline constexpr std::string_view kEnds = "dest dest_port source source_port transport";
inline constexpr std::string_view kNumberedEnds = "dest dest_port number source source_port transport";

inline constexpr auto kTexts = std::to_array<TextRow>({
    {"sentence.rule", "message protocol sid"},
    {"sentence.matched", "buffer offset size"},
    {"sentence.compared", "fields"},
    {"sentence.cves", "cves"},
    {"sentence.exception", "name"},
    {"sentence.later", "count"},
    {"sentence.message", "message"},
    {"sentence.software", "host said topic"},
    {"sentence.not_recorded"},
    {"label.event"},
    {"label.time"},
    {"label.what"},
    {"label.packet"},
    {"label.attempt"},
    {"label.flow"},
    {"label.protocol"},
    {"label.transaction"},
    {"label.direction"},
    {"label.host"},
    {"label.hosts"},
    {"label.ports"},
    {"label.quarantine"},
    {"label.field"},
    {"label.matched"},
    {"label.value"},
    {"label.compared"},
    {"label.rule"},
    {"label.verdict"},
    {"label.later"},
    {"label.rules"},
    {"label.evidence"},
    {"fact.packet", kNumberedEnds},
    {"fact.attempt", kEnds},
    {"fact.transaction", "number"},
    {"fact.no_buffer"},
    {"fact.matched", "offset size"},
    {"fact.category", "category severity"},
    {"fact.refused_before", "count"},
    {"fact.later", "count"},
    {"fact.generation", "number"},
    {"fact.not_shown", "why"},
});
static_assert(kTexts.size() == static_cast<std::size_t>(Text::count));

constexpr std::string_view key_of(Text text) noexcept { return kTexts[static_cast<std::size_t>(text)].key; }

}  // namespace bansoko::explain
