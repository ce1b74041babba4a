// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/rule_builder.h"

#include <algorithm>
#include <functional>

#include "base/text.h"

namespace bansoko::detect {
namespace {

using flow::Side;

constexpr std::array kSideList{Side::client, Side::server};

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
    HeaderProtocol{"sctp", 0, {132, 0}, false, false},
};

}  // namespace

RuleBuilder::RuleBuilder(const rule::RuleText& text, const CompileSettings& settings) : settings_(settings) {
  rule_.source = text.source;
  rule_.dest = text.dest;
  rule_.source_ports = text.source_ports;
  rule_.dest_ports = text.dest_ports;
  rule_.both_directions = text.both_directions;
  info_.action = text.action;
  info_.file = text.file;
  info_.line = text.line;
  info_.text = text.text;
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
  for (std::size_t i = 0; i < settings_.protocols.size(); ++i)
    if (same_text(settings_.protocols[i]->name, name))
      return adopt_protocol(static_cast<std::int16_t>(i), name);
  return fail(Errc::invalid, "'{}' is not a protocol", name);
}

std::string RuleBuilder::known_protocols() const {
  std::string names;
  for (const HeaderProtocol& header : kHeaderProtocols) names += std::string(header.name) + ", ";
  for (const proto::Protocol* protocol : settings_.protocols) names += std::string(protocol->name) + ", ";
  if (!names.empty()) names.resize(names.size() - 2);
  return names;
}

Result<> RuleBuilder::adopt_protocol(std::int16_t protocol, std::string_view because) {
  if (rule_.protocol == protocol) return {};
  const auto& known = *settings_.protocols[static_cast<std::size_t>(protocol)];
  if (rule_.protocol >= 0)
    return fail(Errc::invalid, "'{}' belongs to {}, but the rule is about {}", because, known.name,
                settings_.protocols[static_cast<std::size_t>(rule_.protocol)]->name);
  const auto transport = static_cast<std::uint8_t>(known.transport);
  if (!rule_.transports.empty() && std::ranges::find(rule_.transports, transport) == rule_.transports.end())
    return fail(Errc::invalid, "'{}' belongs to {}, which the rule's transport protocol does not carry",
                because, known.name);
  rule_.protocol = protocol;
  rule_.transports = {transport};
  return {};
}

RuleBuilder::BufferRows RuleBuilder::find_buffer(std::string_view name) const noexcept {
  for (std::size_t p = 0; p < settings_.protocols.size(); ++p) {
    BufferRows found;
    const auto& buffers = settings_.protocols[p]->buffers;
    for (std::size_t row = 0; row < buffers.size(); ++row) {
      if (buffers[row].name != name) continue;
      found.protocol = static_cast<std::int16_t>(p);
      found.row[flow::index(buffers[row].side)] = static_cast<std::int16_t>(row);
      found.name = buffers[row].name;
      found.several = buffers[row].several && !buffers[row].readings;
    }
    if (found.protocol >= 0) return found;
  }
  return {};
}

const proto::Field* RuleBuilder::find_field(std::string_view name) const noexcept {
  for (const proto::Protocol* protocol : settings_.protocols)
    for (const proto::Field& field : protocol->fields)
      if (field.name == name) return &field;
  return nullptr;
}

bool RuleBuilder::is_buffer(std::string_view name) const noexcept { return find_buffer(name).protocol >= 0; }
bool RuleBuilder::is_field(std::string_view name) const noexcept { return find_field(name) != nullptr; }

Result<Part*> RuleBuilder::part_for(std::string_view buffer) {
  if (buffer == "payload") {
    const auto payload = std::ranges::find(rule_.parts, buffer, &Part::name);
    if (payload != rule_.parts.end()) return &*payload;
    rule_.parts.emplace_back();
    return &rule_.parts.back();
  }
  const BufferRows found = find_buffer(buffer);
  if (found.protocol < 0) return fail(Errc::invalid, "'{}' is not a buffer", buffer);
  BANSOKO_CHECK(adopt_protocol(found.protocol, buffer));
  // Each mention of a buffer that comes several times per transaction stands for another of them.
  const auto same = std::ranges::find(rule_.parts, found.name, &Part::name);
  if (same != rule_.parts.end() && !found.several) return &*same;
  rule_.parts.push_back(Part{.row = found.row, .name = found.name, .steps = {}});
  return &rule_.parts.back();
}

Result<> RuleBuilder::look_into(std::string_view buffer) {
  BANSOKO_TRY(Part* const part, part_for(buffer));
  part_ = static_cast<std::size_t>(part - rule_.parts.data());
  has_part_ = true;
  return {};
}

void RuleBuilder::add(StepKind step) {
  if (!has_part_) {
    part_ = static_cast<std::size_t>(*part_for("payload") - rule_.parts.data());
    has_part_ = true;
  }
  rule_.parts[part_].steps.push_back(Step{.kind = std::move(step)});
}

Result<> RuleBuilder::add_for(std::string_view buffer, StepKind step) {
  BANSOKO_TRY(Part* const part, part_for(buffer));
  part->steps.push_back(Step{.kind = std::move(step)});
  return {};
}

Result<Content*> RuleBuilder::last_content() {
  if (has_part_) {
    auto& steps = rule_.parts[part_].steps;
    const auto last = std::find_if(steps.rbegin(), steps.rend(), [](const Step& step) {
      return std::holds_alternative<Content>(step.kind);
    });
    if (last != steps.rend()) return std::get_if<Content>(&last->kind);
  }
  return fail(Errc::invalid, "there is no content before it to modify");
}

Result<> RuleBuilder::add_field(std::string_view field, Range range) {
  for (std::size_t p = 0; p < settings_.protocols.size(); ++p) {
    FieldTest test{.name = {}, .range = range};
    const auto& fields = settings_.protocols[p]->fields;
    for (std::size_t row = 0; row < fields.size(); ++row) {
      if (fields[row].name != field) continue;
      test.row[flow::index(fields[row].side)] = static_cast<std::int16_t>(row);
      test.name = fields[row].name;
    }
    if (test.name.empty()) continue;
    BANSOKO_CHECK(adopt_protocol(static_cast<std::int16_t>(p), field));
    rule_.fields.push_back(test);
    return {};
  }
  return fail(Errc::invalid, "'{}' is not a field", field);
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

Result<> RuleBuilder::settle_sides() {
  for (const Side side : kSideList) {
    const auto missing = [side](const auto& part) {
      return part.row[flow::index(side)] < 0 && part.name != "payload";
    };
    if (std::ranges::any_of(rule_.parts, missing) || std::ranges::any_of(rule_.fields, missing))
      rule_.sides = static_cast<Sides>(rule_.sides & ~bit_of(side));
  }
  if (rule_.sides == 0)
    return fail(Errc::invalid, "no message has all the buffers it looks into: check the direction in flow");
  return {};
}

Result<> RuleBuilder::settle_scope() {
  const auto is_payload = [](const Part& part) { return part.name == "payload"; };
  const bool has_payload = std::ranges::any_of(rule_.parts, is_payload);
  const bool has_buffers = std::ranges::any_of(rule_.parts, std::not_fn(is_payload)) || !rule_.fields.empty();
  const bool tcp_only = rule_.transports == std::vector<std::uint8_t>{packet::Protocol::tcp};
  if (has_buffers || (rule_.protocol >= 0 && !has_payload)) {
    rule_.scope = Scope::transaction;
  } else if (has_payload && tcp_only && !needs_packet_ && !rule_.flow.no_stream) {
    rule_.scope = Scope::stream;
    // A position counted from the start may be meant in the packet or in the stream: both are tried.
    for (const Part& part : rule_.parts)
      for (const Step& step : part.steps)
        if (const auto* content = std::get_if<Content>(&step.kind))
          rule_.packets_too |= content->has_depth || content->has_offset;
    if (needs_stream_ || rule_.flow.only_stream) rule_.packets_too = false;
  } else if (!has_payload && rule_.checks.empty() && !rule_.flow.stated && rule_.source_ports.is_any() &&
             rule_.dest_ports.is_any() && !needs_packet_) {
    rule_.scope = Scope::once;
  } else {
    rule_.scope = Scope::packet;
  }
  if (rule_.scope == Scope::stream && rule_.flow.no_stream)
    return fail(Errc::invalid, "flow:no_stream contradicts a rule about the stream");
  return {};
}

Result<> RuleBuilder::settle_needs(Side side) {
  if (rule_.scope != Scope::transaction) return {};
  const auto& protocol = *settings_.protocols[static_cast<std::size_t>(rule_.protocol)];
  const std::size_t s = flow::index(side);
  std::uint8_t need = 1;
  for (const Part& part : rule_.parts) {
    if (part.row[s] < 0) continue;
    const proto::Buffer& buffer = protocol.buffers[static_cast<std::size_t>(part.row[s])];
    need = std::max(need, buffer.ready_at);
    rule_.grows[s] |= buffer.growing;
  }
  for (const FieldTest& field : rule_.fields)
    if (field.row[s] >= 0)
      need = std::max(need, protocol.fields[static_cast<std::size_t>(field.row[s])].ready_at);
  rule_.needs[s] = need;
  // What is in the stream may come after what is in the message.
  rule_.grows[s] |= std::ranges::any_of(rule_.parts, [](const Part& part) { return part.name == "payload"; });
  return {};
}

Result<> RuleBuilder::finish() {
  if (info_.sid == 0) return fail(Errc::invalid, "the rule has no sid");
  for (const Part& part : rule_.parts)
    if (part.steps.empty()) return fail(Errc::invalid, "nothing is looked for in '{}'", part.name);
  BANSOKO_CHECK(settle_sides());
  BANSOKO_CHECK(settle_scope());
  for (const Side side : kSideList) BANSOKO_CHECK(settle_needs(side));
  for (Part& part : rule_.parts) link_steps(part.steps);
  return {};
}

}  // namespace bansoko::detect
