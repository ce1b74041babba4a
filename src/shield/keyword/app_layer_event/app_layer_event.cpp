// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::app_layer_event {
namespace {

constexpr detect::Sides kRequest = detect::kClientSide;
constexpr detect::Sides kResponse = detect::kServerSide;

/// An event of Suricata's about an HTTP message, and what `http.anomaly` says there: a name, or how several
/// names begin.
struct HttpEvent {
  std::string_view name;
  detect::Sides sides;
  std::string_view anomaly;
};

constexpr auto kHttpEvents = std::to_array<HttpEvent>({
    {"abnormal_ce_header", detect::kBothSides, "coding_unknown"},
    {"compression_bomb", detect::kBothSides, "decompression_limit"},
    {"double_encoded_uri", kRequest, "uri_double_encoded"},
    {"duplicate_content_length_field_in_request", kRequest, "content_length_repeated"},
    {"duplicate_content_length_field_in_response", kResponse, "content_length_repeated"},
    {"gzip_decompression_failed", detect::kBothSides, "compressed_body_invalid"},
    {"host_header_ambiguous", kRequest, "host_ambiguous"},
    {"invalid_content_length_field_in_request", kRequest, "content_length_invalid"},
    {"invalid_content_length_field_in_response", kResponse, "content_length_invalid"},
    {"invalid_request_chunk_len", kRequest, "chunk_size_invalid"},
    {"invalid_response_chunk_len", kResponse, "chunk_size_invalid"},
    {"invalid_request_field_folding", kRequest, "header_folded"},
    {"invalid_response_field_folding", kResponse, "header_folded"},
    {"invalid_transfer_encoding_value_in_request", kRequest, "transfer_coding_"},
    {"invalid_transfer_encoding_value_in_response", kResponse, "transfer_coding_"},
    {"request_auth_unrecognized", kRequest, "authorization_unknown"},
    {"request_field_missing_colon", kRequest, "header_without_name"},
    {"response_field_missing_colon", kResponse, "header_without_name"},
    {"request_field_too_long", kRequest, "header_too_long"},
    {"response_field_too_long", kResponse, "header_too_long"},
    {"request_line_invalid", kRequest, "request_line_invalid"},
    {"request_line_missing_protocol", kRequest, "protocol_missing"},
    {"request_too_many_headers", kRequest, "too_many_headers"},
    {"response_too_many_headers", kResponse, "too_many_headers"},
    {"response_chunked_old_proto", kResponse, "chunked_in_old_version"},
    {"too_many_encoding_layers", detect::kBothSides, "too_many_codings"},
});

/// A message's anomalies are one of its buffers, so that a rule may look into the others as well.
Result<> add_http_event(const HttpEvent& event, detect::RuleBuilder& rule) {
  detect::Content content;
  content.finder = pattern::Finder(std::string(event.anomaly), false);
  content.has_depth = true;
  content.depth = {.value = static_cast<std::int64_t>(event.anomaly.size())};
  content.at_end = !event.anomaly.ends_with('_');
  BANSOKO_CHECK(rule.add_for("http.anomaly", std::move(content)));
  rule.rule().sides = static_cast<detect::Sides>(rule.rule().sides & event.sides);
  return {};
}

/// The entry of a protocol's table, which may begin with the protocol's name, or with a part of it (smb1).
std::optional<std::string_view> find_anomaly(std::string_view protocol, std::string_view name,
                                             const detect::CompileSettings& settings) {
  const std::string whole = std::string(protocol) + "." + std::string(name);
  for (const proto::Protocol* known : settings.protocols) {
    const auto is_called = [protocol](std::string_view other) { return same_text(other, protocol); };
    if (!is_called(known->name) && std::ranges::none_of(known->also, is_called)) continue;
    const std::string by_own_name = std::string(known->name) + "." + std::string(name);
    for (const std::string_view entry : known->anomalies)
      if (entry == whole || entry == by_own_name || entry == name) return entry;
  }
  return std::nullopt;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const std::string_view value = option.value;
  const std::size_t dot = value.find('.');
  if (dot != std::string_view::npos) {
    const std::string_view protocol = value.substr(0, dot);
    const std::string_view name = value.substr(dot + 1);
    const auto* const http = std::ranges::find(kHttpEvents, name, &HttpEvent::name);
    if (same_text(protocol, "http") && http != kHttpEvents.end()) return add_http_event(*http, rule);
    if (const auto anomaly = find_anomaly(protocol, name, rule.settings()))
      return rule.about_anomaly_of(protocol, *anomaly);
  }
  return fail(Errc::invalid, "'{}' is not an event that is noticed here", value);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "app-layer-event",
      .help = "the protocol's parser has noticed something",
      .valid = "the protocol and an event: http.request_line_invalid, or an anomaly of ours: smb.gap",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::app_layer_event
