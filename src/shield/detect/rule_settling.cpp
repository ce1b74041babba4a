// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/rule_settling.h"

#include <algorithm>

namespace bansoko::detect {
namespace {

using flow::Side;

constexpr std::array kSideList{Side::client, Side::server};

/// The rows of a table that bear a name, one per side; -1: none.
template <class Row>
std::array<std::int16_t, 2> rows_of(std::span<const Row> table, std::string_view name) {
  std::array<std::int16_t, 2> rows{-1, -1};
  for (std::size_t row = 0; row < table.size(); ++row)
    if (table[row].name == name) rows[flow::index(table[row].side)] = static_cast<std::int16_t>(row);
  return rows;
}

/// Whether a step reads a number in the byte order that its message states.
bool wants_order(const Step& step) {
  return std::visit(
      [](const auto& kind) {
        if constexpr (requires { kind.number; }) return kind.number.stated_order;
        return false;
      },
      step.kind);
}

/// The same for buffers: where two have the same bytes, the row of the one that is built.
std::array<std::int16_t, 2> rows_of_buffer(std::span<const proto::Buffer> table, std::string_view name) {
  auto rows = rows_of(table, name);
  for (std::int16_t& row : rows) {
    if (row < 0) continue;
    const proto::Buffer& named = table[static_cast<std::size_t>(row)];
    if (!named.same_as.empty()) row = rows_of(table, named.same_as)[flow::index(named.side)];
  }
  return rows;
}

bool is_payload(const Part& part) { return part.is_payload(); }
bool is_of_packet(const Part& part) { return part.of_packet != nullptr; }
bool is_of_protocol(const Part& part) { return !is_payload(part) && !is_of_packet(part); }

bool is_changed(const Part& part) { return !part.transforms.empty(); }

void settle_carriers(CompiledRule& rule, const proto::Protocol& protocol) {
  std::vector<std::uint8_t> carriers = carriers_of(protocol);
  if (!rule.transports.empty())
    std::erase_if(carriers, [&rule](std::uint8_t carrier) {
      return std::ranges::find(rule.transports, carrier) == rule.transports.end();
    });
  rule.transports = std::move(carriers);
}

void settle_rows(CompiledRule& rule, const proto::Protocol& protocol) {
  for (Part& part : rule.parts)
    if (is_of_protocol(part)) part.row = rows_of_buffer(protocol.buffers, part.name);
  for (FieldTest& field : rule.fields) field.row = rows_of(protocol.fields, field.name);
}

Result<> settle_sides(CompiledRule& rule) {
  for (const Side side : kSideList) {
    const std::size_t s = flow::index(side);
    const bool lacks_buffer = std::ranges::any_of(
        rule.parts, [s](const Part& part) { return part.row[s] < 0 && is_of_protocol(part); });
    const bool lacks_field =
        std::ranges::any_of(rule.fields, [s](const FieldTest& field) { return field.row[s] < 0; });
    if (lacks_buffer || lacks_field) rule.sides = static_cast<Sides>(rule.sides & ~bit_of(side));
  }
  if (rule.sides == 0)
    return fail(Errc::invalid, "no message has all the buffers it looks into: check the direction in flow");
  return {};
}

/// Whether its answer is the same for all packets of a flow's side: one about addresses, or about marks on
/// them. What it changes once it has matched, it changes once; all this as in Suricata.
bool holds_for_flows(const CompiledRule& rule) {
  const bool asks_flow = !rule.bit_tests.empty() || (rule.memory && !rule.memory->number_tests.empty());
  return rule.parts.empty() && !rule.flow.stated && rule.source_ports.is_any() && rule.dest_ports.is_any() &&
         !asks_flow && std::ranges::all_of(rule.checks, &Check::is_of_flow);
}

Result<> settle_scope(CompiledRule& rule, const StreamNeeds& needs) {
  const bool has_payload = std::ranges::any_of(rule.parts, is_payload);
  const bool has_buffers = std::ranges::any_of(rule.parts, is_of_protocol) || !rule.fields.empty();
  // A stream is never whole: what is changed first is the payload of a packet.
  const bool is_changed_payload =
      std::ranges::any_of(rule.parts, [](const Part& part) { return is_payload(part) && is_changed(part); });
  const bool tcp_only = rule.transports == std::vector<std::uint8_t>{packet::Protocol::tcp};
  if (rule.about_anomaly) {
    if (has_buffers || (has_payload && !rule.protocol_anomaly.empty()))
      return fail(Errc::invalid, "a rule about what is wrong with {} cannot look for contents as well",
                  rule.protocol_anomaly.empty() ? "packets" : rule.protocol_anomaly);
    rule.scope = Scope::anomaly;
    // What looks at bytes of packets alone is about packets of that protocol's flows.
  } else if (has_buffers || (rule.protocol >= 0 && rule.parts.empty())) {
    rule.scope = Scope::transaction;
  } else if (has_payload && tcp_only && !needs.packets && !rule.flow.no_stream && !is_changed_payload) {
    rule.scope = Scope::stream;
    // A position counted from the start may be meant in the packet or in the stream: both are tried.
    for (const Part& part : rule.parts)
      for (const Step& step : part.steps)
        if (const auto* content = std::get_if<Content>(&step.kind))
          rule.packets_too |= content->has_depth || content->has_offset;
    if (needs.stream || rule.flow.only_stream) rule.packets_too = false;
  } else if (holds_for_flows(rule) && !needs.packets) {
    rule.scope = Scope::once;
  } else {
    rule.scope = Scope::packet;
  }
  if (is_changed_payload && !has_buffers && (needs.stream || rule.flow.only_stream))
    return fail(Errc::invalid, "the payload of packets can be changed, a stream cannot");
  if (rule.scope == Scope::stream && rule.flow.no_stream)
    return fail(Errc::invalid, "flow:no_stream contradicts a rule about the stream");
  return {};
}

Result<> settle_order(const CompiledRule& rule, const proto::Protocol* protocol) {
  const bool is_stated = protocol != nullptr && protocol->is_little_endian != nullptr;
  for (const Part& part : rule.parts)
    if (std::ranges::any_of(part.steps, wants_order) && (!is_stated || is_payload(part)))
      return fail(Errc::invalid, "'dce' is about numbers in buffers of DCE/RPC, and '{}' is none", part.name);
  return {};
}

void settle_needs(CompiledRule& rule, const proto::Protocol& protocol, Side side) {
  const std::size_t s = flow::index(side);
  std::uint8_t need = 1;
  for (const Part& part : rule.parts) {
    if (part.row[s] < 0) continue;
    const proto::Buffer& buffer = protocol.buffers[static_cast<std::size_t>(part.row[s])];
    // Only at the end is it known that a buffer which grows has nothing in it.
    const bool needs_end = is_changed(part) || part.absence != Part::Absence::fails;
    need = std::max(need, ready_at(buffer, needs_end));
    rule.grows[s] |= buffer.growing && !is_changed(part);
  }
  for (const FieldTest& field : rule.fields)
    if (field.row[s] >= 0)
      need = std::max(need, protocol.fields[static_cast<std::size_t>(field.row[s])].ready_at);
  rule.needs[s] = need;
  // What is in the stream may come after what is in the message.
  rule.grows[s] |= std::ranges::any_of(rule.parts, is_payload);
}

/// What is asked first costs least where it fails: a buffer's size before what is in any.
void settle_sizes_first(CompiledRule& rule) {
  std::stable_partition(rule.parts.begin(), rule.parts.end(), [](const Part& part) {
    return part.steps.size() == 1 && std::holds_alternative<BufferSize>(part.steps.front().kind);
  });
}

}  // namespace

std::uint8_t ready_at(const proto::Buffer& buffer, bool is_changed) noexcept {
  if (buffer.growing && is_changed) return proto::kComplete;
  return std::max<std::uint8_t>(buffer.ready_at, proto::kNotStarted + 1);
}

std::vector<std::uint8_t> carriers_of(const proto::Protocol& protocol) {
  std::vector<std::uint8_t> carriers;
  if ((protocol.transports & proto::kOverTcp) != 0) carriers.push_back(packet::Protocol::tcp);
  if ((protocol.transports & proto::kOverUdp) != 0) carriers.push_back(packet::Protocol::udp);
  return carriers;
}

Result<CompiledRule> settle(CompiledRule rule, const proto::Protocol* protocol, const StreamNeeds& needs) {
  if (protocol != nullptr) {
    settle_carriers(rule, *protocol);
    settle_rows(rule, *protocol);
  }
  BANSOKO_CHECK(settle_sides(rule));
  BANSOKO_CHECK(settle_scope(rule, needs));
  BANSOKO_CHECK(settle_order(rule, protocol));
  if (rule.scope == Scope::transaction)
    for (const Side side : kSideList) settle_needs(rule, *protocol, side);
  settle_sizes_first(rule);
  for (Part& part : rule.parts) link_steps(part.steps);
  return rule;
}

}  // namespace bansoko::detect
