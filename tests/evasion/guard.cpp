// SPDX-License-Identifier: Apache-2.0
#include "tests/evasion/guard.h"

#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "shield/engine/loader.h"
#include "shield/engine/pipeline.h"
#include "shield/keyword/keywords.h"
#include "shield/packet/decode.h"
#include "tests/evasion/receiver.h"
#include "tests/source_folder.h"
#include "tests/temporary_folder.h"

namespace bansoko::evasion {
namespace {

constexpr std::size_t kRecords = 1024;

std::string_view word_for(packet::WebServer server) {
  switch (server) {
    case packet::WebServer::apache:
      return "apache";
    case packet::WebServer::iis6:
      return "iis-6";
    case packet::WebServer::iis:
      return "iis";
    case packet::WebServer::generic:
      break;
  }
  return "generic";
}

/// The rules: the patch's own, or what a simpler engine would have.
std::string rules_for(const Attack& attack, std::optional<Defence> without) {
  if (without == Defence::reassembly)
    return fmt::format("drop tcp-pkt any any -> any {} (msg:\"{}\"; flow:to_server; {} sid:1;)\n",
                       attack.port, attack.name, attack.packet_rule);
  if (without == Defence::decoding)
    return fmt::format("drop tcp any any -> any {} (msg:\"{}\"; flow:established,to_server; {} sid:1;)\n",
                       attack.port, attack.name, attack.bytes_rule);
  if (without == Defence::framing)
    return fmt::format("drop tcp any any -> any {} (msg:\"{}\"; flow:established,to_server; {} sid:1;)\n",
                       attack.port, attack.name, attack.begin_rule);
  return contents_of(fmt::format("{}/content/patches/{}/patch.rules", source_folder(), attack.patch));
}

std::string_view word_for(packet::System system) {
  switch (system) {
    case packet::System::first:
      return "first";
    case packet::System::last:
      return "last";
    case packet::System::linux:
      return "linux";
    case packet::System::windows:
      return "windows";
    case packet::System::windows_2003:
      return "windows-2003";
    case packet::System::bsd:
      return "bsd";
    case packet::System::solaris:
      return "solaris";
  }
  return "";
}

std::string settings_for(const Attack& attack, const GuardSettings& guard, const std::string& rules) {
  return fmt::format(
      "shield:\n"
      "  mode: enforce\n"
      "  rule_files: [{}]\n"
      "  hosts:\n"
      "    systems: {{10.98.0.1: {}, 'fd98::1': {}}}\n"
      "    hops: {{10.98.0.1: {}, 'fd98::1': {}}}\n"
      "    web_servers: {{10.98.0.1: {}, 'fd98::1': {}}}\n"
      "  flows: {{max_flows: 1024}}\n"
      "{}",
      rules, word_for(guard.system), word_for(guard.system), kHops, kHops, word_for(attack.web_server),
      word_for(attack.web_server),
      guard.lets_conflicts_by ? "  streams: {on_conflict: pass}\n  fragments: {on_overlap: pass}\n" : "");
}

}  // namespace

struct Guard::State {
  State(const engine::ShieldSettings& given, std::optional<Defence> missing)
      : settings(given),
        without(missing),
        loader(keyword::all_keywords(), proto::all_protocols(), settings.inspection.max_flowbits),
        pipeline(settings, proto::all_protocols(), 1, 0, records) {}

  /// Whether an engine without this defence lets the packet by unseen.
  bool is_blind(const packet::Packet& packet) {
    if (without == Defence::defragmentation) return packet.is_fragment;
    if (without == Defence::ip_headers)
      return packet.ip_version == 6 || (packet.ip_version == 4 && (packet.ip.front() & 0x0fU) > 5);
    if (without != Defence::connection || !packet.is_tcp() || packet.source_port < 1024) return false;
    bool& is_over = over[packet.source_port];
    const bool begins =
        packet.has(packet::TcpFlag::syn) && packet.payload.empty() && !seen[packet.source_port];
    seen[packet.source_port] = true;
    constexpr std::uint8_t kEnds = packet::TcpFlag::fin | packet::TcpFlag::rst | packet::TcpFlag::syn;
    if (!begins && (packet.tcp.flags & kEnds) != 0) is_over = true;
    return is_over;
  }

  TemporaryFolder folder;
  engine::ShieldSettings settings;
  std::optional<Defence> without;
  engine::Loader loader;
  engine::LoadedRules rules;
  engine::Ring<engine::Record> records{kRecords};
  engine::Pipeline pipeline;
  std::chrono::nanoseconds now = std::chrono::hours(1);
  std::map<std::uint16_t, bool> over,
      seen;  // by the client's port, while connections are taken as anybody says
};

Guard::Guard(std::unique_ptr<State> state) : state_(std::move(state)) {}
Guard::~Guard() = default;

Result<std::unique_ptr<Guard>> Guard::against(const Attack& attack, const GuardSettings& guard) {
  TemporaryFolder folder;
  const std::string path = folder / "lab.rules";
  put_file(path, rules_for(attack, guard.without));
  settings::Faults faults;
  BANSOKO_TRY(
      const engine::ShieldSettings settings,
      engine::parse_settings(settings_for(attack, guard, path), "lab.yaml", proto::all_protocols(), faults));
  auto state = std::make_unique<State>(settings, guard.without);
  BANSOKO_TRY(state->rules, state->loader.load(settings));
  if (!state->rules.diagnostics.empty())
    return fail(Errc::invalid, "{}", to_text(state->rules.diagnostics.front()));
  if (state->rules.rules == 0) return fail(Errc::not_found, "the patch {} has no rules", attack.patch);
  BANSOKO_CHECK(state->pipeline.use(*state->rules.set));
  return std::unique_ptr<Guard>(new Guard(std::move(state)));
}

bool Guard::passes(Bytes packet, Bytes believed) {
  wait(std::chrono::milliseconds(1));
  const Bytes inspected = state_->without == Defence::validation ? believed : packet;
  const packet::Frame frame{.bytes = inspected,
                            .link = packet::Link::ip,
                            .arrived = state_->now,
                            .wire_size = static_cast<std::uint32_t>(inspected.size())};
  if (state_->is_blind(packet::decode(frame, 0, state_->settings.decode))) return true;
  const packet::Action action = state_->pipeline.inspect(frame).action;
  return action == packet::Action::accept || action == packet::Action::release;
}

void Guard::wait(std::chrono::nanoseconds time) {
  state_->now += time;
  state_->pipeline.tick(state_->now);
}

std::set<std::uint32_t> Guard::take_alerts() {
  std::set<std::uint32_t> sids;
  engine::Record record;
  while (state_->records.take(record))
    if (record.kind == engine::RecordKind::alert)
      sids.insert(state_->rules.set->rules()[record.match.rule].sid);
  return sids;
}

}  // namespace bansoko::evasion
