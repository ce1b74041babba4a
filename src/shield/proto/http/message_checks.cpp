// SPDX-License-Identifier: Apache-2.0
// What is odd about a message: its start line, its target as the server reads it, its headers.
#include <algorithm>

#include "base/text.h"
#include "shield/proto/http/message.h"
#include "shield/proto/http/uri.h"

namespace bansoko::proto::http {
namespace {

bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }

void add(const UriFindings& findings, AnomalySet& anomalies) noexcept {
  if (findings.escape_invalid) anomalies.add(Anomaly::uri_escape_invalid);
  if (findings.control_character) anomalies.add(Anomaly::uri_control_character);
  if (findings.nul) anomalies.add(Anomaly::uri_nul);
  if (findings.double_encoded) anomalies.add(Anomaly::uri_double_encoded);
  if (findings.overlong) anomalies.add(Anomaly::uri_overlong);
  if (findings.above_root) anomalies.add(Anomaly::uri_above_root);
}

bool is_known_version(std::string_view protocol) noexcept {
  return protocol == "HTTP/1.1" || protocol == "HTTP/1.0";
}

std::string_view without_port(std::string_view host) noexcept {
  const auto colon = host.rfind(':');
  return colon == std::string_view::npos || host.ends_with(']') ? host : host.substr(0, colon);
}

/// Whether it is not known how a line ended.
/// The schemes that browsers and programs use in plain sight (RFC 7617, 7616, 6750).
bool is_known_scheme(std::string_view authorization) noexcept {
  const std::string_view scheme = authorization.substr(0, authorization.find(' '));
  return same_text(scheme, "basic") || same_text(scheme, "digest") || same_text(scheme, "bearer");
}

bool is_cut(const AnomalySet& anomalies, Anomaly too_long) noexcept {
  return anomalies.has(too_long) || anomalies.has(Anomaly::memory_limit);
}

}  // namespace

void Message::check_start_line(std::string_view version) {
  const bool is_ended = head.ends_with('\n') || head.ends_with('\r');
  if (is_ended && !head.ends_with("\r\n") && !is_cut(anomalies, Anomaly::start_line_too_long))
    anomalies.add(Anomaly::line_end_invalid);
  if (!is_request_) return;
  const StartLine& line = start();
  if (!line.third.empty() && line.third != version && !is_known_version(line.third))
    anomalies.add(Anomaly::version_unknown);
  if (std::any_of(line.first.begin(), line.first.end(), is_lower)) anomalies.add(Anomaly::method_lower_case);
  if (!is_authority_form(line)) read_target();
}

/// At once and not when asked for: what is odd is told whether or not a rule looks into the target.
void Message::read_target() {
  const Target parts = split_target(start().second);
  const TargetKinds kinds = kinds_of(parts);
  UriFindings findings;
  std::size_t others = 0;
  for (const Reading& reading : readings(server)) {
    const bool is_first = &reading == readings(server).data();
    if (is_plain(kinds, reading) || (reading.nul_ends && !findings.nul)) continue;
    const auto read = normalise(parts, reading, arena, findings);
    const auto is_known = [&](std::size_t i) { return read == uris_[i].value_or(parts.rest); };
    if (is_first) {
      uris_[0] = read;
    } else if (!read.empty() && !is_known(0) && (others == 0 || !is_known(others))) {
      uris_[++others] = read;
    }
  }
  add(findings, anomalies);
}

std::optional<std::string_view> Message::uri(std::size_t reading) noexcept {
  if (reading >= uris_.size()) return {};
  if (reading > 0 || uris_[0]) return uris_[reading];
  return is_authority_form(start()) ? std::string_view() : split_target(start().second).rest;
}

void Message::read_numbers() {
  // Request-Range is what browsers of 1996 sent, and Apache still reads where there is no Range.
  Header* range = headers.find("range");
  if (range == nullptr) range = headers.find("request-range");
  if (range != nullptr) ranges = read_ranges(headers.value(*range, arena));
  if (Header* const condition = headers.find("if"); condition != nullptr)
    if_path_length = longest_path(headers.value(*condition, arena));
}

void Message::check_headers() {
  const HeaderFlaws flaws = headers.flaws();
  if (flaws.nameless) anomalies.add(Anomaly::header_without_name);
  if (flaws.line_end && !is_cut(anomalies, Anomaly::header_too_long))
    anomalies.add(Anomaly::line_end_invalid);
  if (flaws.folded) anomalies.add(Anomaly::header_folded);
  if (flaws.name_invalid) anomalies.add(Anomaly::header_name_invalid);
  if (flaws.control_character) anomalies.add(Anomaly::header_control_character);
  const std::string_view protocol = is_request_ ? start().third : start().first;
  if (framing.has_coding && protocol == "HTTP/1.0") anomalies.add(Anomaly::chunked_in_old_version);
  if (!is_request_) return;
  read_numbers();
  if (protocol.empty() && !headers.all().empty()) anomalies.add(Anomaly::protocol_missing);
  const Header* const authorization = headers.find("authorization");
  if (authorization != nullptr && !is_known_scheme(authorization->value))
    anomalies.add(Anomaly::authorization_unknown);
  const Header* const host_header = headers.find("host");
  if (host_header == nullptr) return;
  const std::string_view of_target = is_authority_form(start()) ? "" : split_target(start().second).host;
  const bool differs = !of_target.empty() && !same_text(of_target, without_port(host_header->value));
  if (host_header->next != 0 || differs) anomalies.add(Anomaly::host_ambiguous);
}

}  // namespace bansoko::proto::http
