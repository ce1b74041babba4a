// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/rule_builder.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "shield/detect/rule_settling.h"

namespace bansoko::detect {
namespace {

constexpr std::uint64_t bit(std::size_t protocol) noexcept { return std::uint64_t{1} << protocol; }

std::uint64_t called(const CompileSettings& settings, std::string_view name) {
  std::uint64_t found = 0;
  for (std::size_t p = 0; p < settings.protocols.size(); ++p) {
    const auto same = [name](std::string_view other) { return same_text(other, name); };
    const proto::Protocol& protocol = *settings.protocols[p];
    if (same(protocol.name) || std::ranges::any_of(protocol.also, same)) found |= bit(p);
  }
  return found;
}

struct HeaderProtocol {
  std::string_view name;
  std::uint8_t ip_version;
  std::array<std::uint8_t, 2> transports;  // 0: none
  bool packets;
  bool stream;
};

constexpr std::array kHeaderProtocols{
    HeaderProtocol{"ip", 0, {0, 0}, false, false},     HeaderProtocol{"ipv4", 4, {0, 0}, false, false},
    HeaderProtocol{"ip4", 4, {0, 0}, false, false},    HeaderProtocol{"ipv6", 6, {0, 0}, false, false},
    HeaderProtocol{"ip6", 6, {0, 0}, false, false},    HeaderProtocol{"tcp", 0, {6, 0}, false, false},
    HeaderProtocol{"tcp-pkt", 0, {6, 0}, true, false}, HeaderProtocol{"tcp-stream", 0, {6, 0}, false, true},
    HeaderProtocol{"udp", 0, {17, 0}, false, false},   HeaderProtocol{"icmp", 0, {1, 58}, false, false},
    HeaderProtocol{"icmpv4", 4, {1, 0}, false, false}, HeaderProtocol{"icmpv6", 6, {58, 0}, false, false},
    HeaderProtocol{"sctp", 0, {132, 0}, false, false}, HeaderProtocol{"pkthdr", 0, {0, 0}, true, false},
};

}  // namespace

RuleBuilder::RuleBuilder(const rule::RuleText& text, const CompileSettings& settings, const Vocabulary& words,
                         TextPool& texts)
    : settings_(settings), words_(words), texts_(texts), file_(text.file), protocols_(words.all()) {
  rule_.source = text.source;
  rule_.dest = text.dest;
  rule_.source_ports = text.source_ports;
  rule_.dest_ports = text.dest_ports;
  rule_.both_directions = text.both_directions;
  info_.action = text.action;
}

Result<> RuleBuilder::use_protocol(std::string_view name) {
  for (const HeaderProtocol& header : kHeaderProtocols) {
    if (!same_text(header.name, name)) continue;
    rule_.ip_version = header.ip_version;
    for (const std::uint8_t transport : header.transports)
      if (transport != 0) rule_.transports.push_back(transport);
    needs_packet_ = header.packets;
    needs_stream_ = header.stream;
    return {};
  }
  const ProtocolBits meant = called(settings_, name);
  if (meant == 0) return fail(Errc::invalid, "'{}' is not a protocol", name);
  return narrow(meant, name);
}

std::string RuleBuilder::known_protocols() const {
  std::string names;
  for (const HeaderProtocol& header : kHeaderProtocols) names += std::string(header.name) + ", ";
  for (const proto::Protocol* protocol : settings_.protocols) names += std::string(protocol->name) + ", ";
  if (!names.empty()) names.resize(names.size() - 2);
  return names;
}

std::string RuleBuilder::names_of(ProtocolBits protocols) const {
  std::string names;
  for (std::size_t p = 0; p < settings_.protocols.size(); ++p)
    if ((protocols & bit(p)) != 0)
      names += (names.empty() ? "" : " or ") + std::string(settings_.protocols[p]->name);
  return names;
}

Result<> RuleBuilder::narrow(ProtocolBits to, std::string_view because) {
  if (names_application_ && (protocols_ & to) == 0)
    return fail(Errc::invalid, "'{}' belongs to {}, but the rule is about {}", because, names_of(to),
                names_of(protocols_));
  const ProtocolBits carried = words_.carried_by(rule_.transports);
  if ((protocols_ & to & carried) == 0)
    return fail(Errc::invalid, "'{}' belongs to {}, which the rule's transport protocol does not carry",
                because, names_of(to));
  protocols_ &= to & carried;
  names_application_ = true;
  return {};
}

const proto::Field* RuleBuilder::find_field(std::string_view name) const noexcept {
  const Vocabulary::FieldWord* const word = words_.field(name);
  return word == nullptr ? nullptr : word->field;
}

std::uint64_t RuleBuilder::protocols_called(std::string_view name) const { return called(settings_, name); }

Result<> RuleBuilder::add_field(std::string_view field, Range range) {
  return add_field(field, std::span<const Range>(&range, 1));
}

Result<> RuleBuilder::add_field(std::string_view field, std::span<const Range> ranges) {
  const Vocabulary::FieldWord* const known = words_.field(field);
  if (known == nullptr) return fail(Errc::invalid, "'{}' is not a field", field);
  BANSOKO_CHECK(narrow(known->with, field));
  rule_.fields.push_back(
      {.name = known->field->name, .range = ranges.front(), .or_ranges = {ranges.begin() + 1, ranges.end()}});
  return {};
}

Result<> RuleBuilder::add_moment(std::string_view field, FieldTest::Clock clock) {
  BANSOKO_CHECK(add_field(field, Range{}));
  rule_.fields.back().clock = clock;
  return {};
}

Result<> RuleBuilder::about_anomaly_of(std::string_view protocol, std::string_view anomaly) {
  ProtocolBits with = 0;
  std::string_view known;
  for (std::size_t p = 0; p < settings_.protocols.size(); ++p)
    for (const std::string_view entry : settings_.protocols[p]->anomalies)
      if (entry == anomaly && (called(settings_, protocol) & bit(p)) != 0) {
        with |= bit(p);
        known = entry;
      }
  if (with == 0) return fail(Errc::invalid, "'{}' is not an event that is noticed here", anomaly);
  if (!rule_.protocol_anomaly.empty() && rule_.protocol_anomaly != known)
    return fail(Errc::invalid, "the rule is about '{}' already", rule_.protocol_anomaly);
  BANSOKO_CHECK(narrow(with, anomaly));
  rule_.about_anomaly = true;
  rule_.protocol_anomaly = known;
  return {};
}

Result<std::uint8_t> RuleBuilder::define_variable(std::string_view name) {
  if (name.empty()) return fail(Errc::invalid, "a variable needs a name");
  const auto known = std::ranges::find(variables_, name);
  if (known != variables_.end()) return static_cast<std::uint8_t>(known - variables_.begin());
  if (variables_.size() == kMaxVariables)
    return fail(Errc::limit, "a rule may have {} variables, and '{}' is one more", kMaxVariables, name);
  variables_.emplace_back(name);
  return static_cast<std::uint8_t>(variables_.size() - 1);
}

Result<Amount> RuleBuilder::amount(std::string_view text) const {
  const std::string_view word = trim(text);
  const auto known = std::ranges::find(variables_, word);
  if (known != variables_.end())
    return Amount{.value = 0, .variable = static_cast<std::uint8_t>(known - variables_.begin())};
  const bool negative = word.starts_with('-');
  const auto number = parse_number(negative ? word.substr(1) : word);
  if (!number || *number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return fail(Errc::invalid, "'{}' is neither a number nor a variable that an earlier option fills", word);
  const auto value = static_cast<std::int64_t>(*number);
  return Amount{.value = negative ? -value : value};
}

void RuleBuilder::tell_metadata(std::string_view settings) {
  const bool is_first = info_.metadata.empty();
  info_.metadata = texts_.keep(is_first ? settings : fmt::format("{}, {}", info_.metadata, settings));
}

Result<std::vector<CompiledRule>> RuleBuilder::finish() {
  if (info_.sid == 0) return fail(Errc::invalid, "the rule has no sid");
  BANSOKO_CHECK(check_parts());
  info_.references = texts_.keep_all(std::span<const std::string_view>(references_));
  info_.tags = texts_.keep_all(std::span<const Tag>(tags_));
  const StreamNeeds needs{.packets = needs_packet_, .stream = needs_stream_};
  std::vector<CompiledRule> rules;
  if (!names_application_) {
    BANSOKO_TRY(auto settled, settle(std::move(rule_), nullptr, needs));
    rules.push_back(std::move(settled));
    return rules;
  }
  std::optional<Error> refused;
  for (std::size_t p = 0; p < settings_.protocols.size(); ++p) {
    if ((protocols_ & bit(p)) == 0) continue;
    rule_.protocol = static_cast<std::int16_t>(p);
    const bool is_last = protocols_ >> p == 1;
    auto settled = settle(is_last ? std::move(rule_) : rule_, settings_.protocols[p], needs);
    if (settled) {
      rules.push_back(std::move(*settled));
    } else {
      refused = settled.error();
    }
  }
  if (rules.empty()) return tl::unexpected<Error>(*refused);
  return rules;
}

}  // namespace bansoko::detect
