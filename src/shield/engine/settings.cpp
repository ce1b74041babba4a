// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/settings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/file.h"
#include "event/spool_settings.h"
#include "shield/engine/settings_failures.h"
#include "shield/engine/settings_hosts.h"
#include "shield/engine/settings_streams.h"

namespace bansoko::engine {
namespace {

using settings::Choice;
using settings::Section;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::uint64_t kKiB = 1U << 10U;
constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::uint64_t kGiB = 1U << 30U;
constexpr std::uint64_t kTiB = std::uint64_t{1} << 40U;
constexpr seconds kDay{86400};

constexpr std::array<Choice<Mode>, 2> kModes{{{"observe", Mode::observe}, {"enforce", Mode::enforce}}};
constexpr std::array<Choice<ObserveBy>, 2> kObserveBy{
    {{"copies", ObserveBy::copies}, {"queue", ObserveBy::queue}}};
constexpr std::array<Choice<Payload>, 3> kPayloads{
    {{"none", Payload::none}, {"matched-bytes", Payload::matched_bytes}, {"packets", Payload::packets}}};
constexpr std::array<Choice<capture::Place>, 3> kPlaces{{{"host", capture::Place::host},
                                                         {"gateway", capture::Place::gateway},
                                                         {"bridge", capture::Place::bridge}}};
constexpr std::array<Choice<flow::OnLimit>, 2> kOnLimit{
    {{"pass", flow::OnLimit::pass}, {"drop", flow::OnLimit::drop}}};
constexpr std::array<std::string_view, 3> kOtherPrograms{"lockdown", "assess", "console"};

void bind_capture(Section& section, ShieldSettings& s) {
  section.choice(
      "place", s.capture.place, kPlaces,
      "Where this machine stands: host protects itself, gateway routes for others, bridge joins two "
      "segments.");
  section.list("interfaces", s.interfaces,
               "Only packets that come in or leave by one of these interfaces. Empty: all.");
  section.number("first_queue", s.capture.first_queue, 0, 65535,
                 "Number of the first netfilter queue; worker n has queue first_queue + n.");
  section.choice(
      "observe_by", s.observe_by, kObserveBy,
      "What mode observe takes from the kernel: copies, so that no packet ever waits for the engine, "
      "or the packets themselves through the queue, as mode enforce does.");
  section.number("first_group", s.capture.first_group, 0, 65535,
                 "Number of the first netfilter log group, for copies; worker n has group first_group + n.");
  section.number("queue_length", s.capture.queue_length, 1, 1U << 20U,
                 "Packets the kernel holds for one worker.");
  section.size("receive_buffer", s.capture.receive_buffer, 64 * kKiB, kGiB,
               "Kernel memory for the packets on their way to one worker.");
  section.require("first_queue", s.capture.first_queue + s.workers <= 65536,
                  "first_queue and workers lead past queue 65535");
  section.require("first_group", s.capture.first_group + s.workers <= 65536,
                  "first_group and workers lead past group 65535");
}

void bind_flows(Section& section, ShieldSettings& s) {
  section.number("max_flows", s.flows.max_flows, 16, 1U << 24U,
                 "Conversations followed at one time, per worker. Their memory is reserved at start.");
  section.choice(
      "on_limit", s.on_flow_limit, kOnLimit,
      "What becomes of a new conversation when the table is full of established ones: pass lets it by "
      "uninspected.");
  section.duration("tcp_opening", s.flows.tcp_opening, seconds(1), kDay,
                   "How long a silent TCP connection that is not established yet is remembered.");
  section.duration("tcp_established", s.flows.tcp_established, seconds(1), kDay, "The same, established.");
  section.duration("tcp_closed", s.flows.tcp_closed, seconds(1), kDay, "The same, closed.");
  section.duration("udp", s.flows.udp, seconds(1), kDay, "The same for UDP.");
  section.duration("other", s.flows.other, seconds(1), kDay, "The same for every other protocol.");
  section.number(
      "max_expected", s.max_expected_flows, 1, 65536,
      "Connections that another announced and that have not come yet (FTP's for data), per worker. For one "
      "more the oldest is forgotten: what it carries is looked into as a stream alone.");
}

Result<packet::PortList> ports_of(const std::vector<std::string>& words) {
  packet::PortList ports;
  for (const std::string& word : words) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), port);
    if (error != std::errc() || end != word.data() + word.size() || port == 0)
      return fail(Errc::invalid, "'{}' is no port", word);
    if (!ports.add(port)) return fail(Errc::limit, "more than {} ports", packet::PortList::kMost);
  }
  return ports;
}

void bind_ports(Section& section, std::string_view key, std::vector<std::string>& words,
                packet::PortList& ports, std::string_view help) {
  section.list(key, words, help);
  const auto read = ports_of(words);
  section.require(key, read.has_value(), read ? "" : read.error().message);
  if (read) ports = *read;
}

void bind_tunnels(Section& section, ShieldSettings& s) {
  section.number("max_tunnels", s.tunnels.max_depth, 0, packet::kMostTunnels,
                 "Tunnels in tunnels that are looked into.");
  section.choice("on_tunnel_limit", s.on_tunnel_limit, kOnLimit,
                 "A packet in more tunnels than that. pass is open to evasion.");
  bind_ports(section, "vxlan_ports", s.tunnel_ports.vxlan, s.tunnels.vxlan,
             "UDP ports to which VXLAN is sent; up to 8.");
  bind_ports(section, "geneve_ports", s.tunnel_ports.geneve, s.tunnels.geneve, "The same for Geneve.");
  bind_ports(section, "teredo_ports", s.tunnel_ports.teredo, s.tunnels.teredo,
             "UDP ports from or to which Teredo is sent.");
}

void bind_inspection(Section& section, ShieldSettings& s) {
  section.flag(
      "verify_checksums", s.decode.verify_checksums,
      "Whether a packet with a wrong checksum, which its receiver will throw away, is kept from inspection.");
  section.choice("on_malformed", s.on_malformed, kOnLimit,
                 "A packet whose IP or UDP header lies about its length or cannot be read. pass is open to "
                 "evasion: its receiver may understand what we do not.");
  section.choice(
      "on_truncated", s.on_truncated, kOnLimit,
      "A packet longer than the kernel hands over (65531 bytes, on lo): its end is not inspected.");
  bind_tunnels(section, s);
  section.number("max_transactions", s.inspection.max_transactions, 16, 1U << 24U,
                 "Requests under way about which something is noted, per worker.");
  section.number("max_candidates", s.inspection.max_candidates, 16, 65536,
                 "Rules under way for one side of a request. Those beyond are counted and not evaluated.");
  section.number("max_tracked", s.inspection.max_tracked, 16, 1U << 24U,
                 "Addresses counted by threshold and detection_filter, per worker.");
  section.number("max_flowbits", s.inspection.max_flowbits, 1, 65536, "Distinct flowbits of all rules.");
  section.size(
      "max_transformed", s.inspection.max_transformed, 4096, 1U << 26U,
      "What transforms (dotprefix, to_sha256, ...) may make of one message's buffers, per worker. What "
      "is beyond is counted, and rules about it do not match.");
  section.number(
      "max_flowints", s.inspection.max_flowints, 1, 4096,
      "Distinct flowint variables of all rules; a flow in which one is set takes 4 bytes for each.");
  section.number(
      "max_xbits", s.inspection.max_xbits, 16, 1U << 24U,
      "Xbits set on addresses and pairs of them, per worker, and distinct names of them. Where they "
      "are too many, the one that would end soonest gives way.");
  section.duration("rule_budget", s.inspection.rule_budget, microseconds(10), seconds(1),
                   "Processor time for one evaluation of a rule. Measured while packets are slow; "
                   "on_failure.slow_rule says what becomes of one that takes longer.");
  section.duration("parser_budget", s.parser_budget, microseconds(10), seconds(1),
                   "The same for one step of a protocol's parser. One that takes longer is taken off its "
                   "connection; rules about bytes go on.");
  section.duration("suspension", s.inspection.suspension, seconds(1), kDay,
                   "How long a rule is suspended before it is tried again.");
}

void bind_protocols(Section& section, ShieldSettings& s, Protocols protocols) {
  for (const proto::Protocol* protocol : protocols) {
    if (protocol->limits.empty()) continue;
    section.sub(protocol->name, protocol->help, [&](Section& limits) {
      auto& values = s.protocol_limits[std::string(protocol->name)];
      for (const proto::Limit& limit : protocol->limits) {
        std::uint64_t& value = values[std::string(limit.name)];
        if (limit.is_size)
          limits.size(limit.name, value, limit.least, limit.most, limit.help);
        else
          limits.number(limit.name, value, limit.least, limit.most, limit.help);
      }
    });
  }
}

void bind_evidence(Section& section, ShieldSettings& s) {
  section.choice(
      "payload", s.evidence.payload, kPayloads,
      "What is kept of the traffic that a rule matched. Packet contents are personal data: none keeps "
      "nothing, matched-bytes up to 64 bytes inside the event, packets those around the match as pcapng.");
  section.text("directory", s.evidence.directory,
               "Where the packets are kept, readable for the engine alone.");
  section.number("max_packets", s.evidence.max_packets, 1, 10000,
                 "Packets kept of one flow; at most half of them are from before the match.");
  section.size(
      "recent_memory", s.evidence.recent_memory, 0, kGiB,
      "Memory per worker for the packets seen last, from which those before a match are taken. 0: none.");
  section.size("max_file_bytes", s.evidence.max_file_bytes, 4 * kKiB, kGiB, "Bytes kept of one flow.");
  section.size("max_bytes", s.evidence.max_bytes, kMiB, kTiB,
               "Bytes of the whole directory. The oldest files make room.");
  section.number("max_days", s.evidence.max_days, 1, 3650, "Days after which evidence is removed.");
  section.require("max_file_bytes", s.evidence.max_file_bytes <= s.evidence.max_bytes,
                  "must not be more than max_bytes");
}

template <class Parse>
void require_variables(Section& section, std::string_view group, const settings::Words& words, Parse parse) {
  for (const auto& [name, value] : words) {
    std::size_t offset = 0;
    const auto parsed = parse(value, offset);
    section.require(fmt::format("{}.{}", group, name), parsed.has_value(),
                    parsed ? "" : parsed.error().message);
  }
}

void bind_variables(Section& section, ShieldSettings& s) {
  section.map("addresses", s.variables.addresses, "Addresses, as rules write them.");
  section.map("ports", s.variables.ports, "Ports, as rules write them.");
  require_variables(section, "addresses", s.variables.addresses,
                    [&](std::string_view text, std::size_t& offset) {
                      return rule::parse_addresses(text, s.variables, offset);
                    });
  require_variables(section, "ports", s.variables.ports, [&](std::string_view text, std::size_t& offset) {
    return rule::parse_ports(text, s.variables, offset);
  });
}

void bind_driver(Section& section, ShieldSettings& s) {
  section.text("driver", s.driver, "How packets come in. On a live system: nfqueue.");
  std::vector<std::string_view> names;
  for (const capture::Driver* driver : capture::all_drivers()) names.push_back(driver->name);
  const bool known = std::ranges::find(names, s.driver) != names.end();
  section.require("driver", known,
                  fmt::format("unknown driver '{}', built in are: {}", s.driver, fmt::join(names, ", ")));
}

void bind_inventory(Section& section, ShieldSettings& s) {
  using std::chrono::seconds;
  InventorySettings& inventory = s.inventory;
  section.flag("enabled", inventory.enabled,
               "Whether it is noted: banners, versions and names, in events of type inventory.");
  section.number(
      "max_claims", inventory.max_claims, 64, 1U << 20U,
      "Of each worker: hosts, ports and topics that are remembered, so that each thing said is told "
      "once in repeat. What there is no room for is counted and not told; of one host, port and "
      "topic six different things are told.");
  section.duration("repeat", inventory.repeat, seconds(60), seconds(30 * 86400),
                   "The same is told again after this, so that readers see what is still there.");
}

void bind_rules(Section& section, ShieldSettings& s, const ReadLibrary& read_library) {
  section.choice("mode", s.mode, kModes, "observe reports and never drops; enforce drops what rules say.");
  section.list("rule_files", s.rule_files, "Files of rules; shell patterns may be used.");
  section.text("classification_file", s.classification_file,
               "A classification.config. Empty: the classes that are built in.");
  section.text("reputation_categories", s.reputation_categories,
               "Categories that iprep in rules may name: lines of number, short name and description. Empty: "
               "none.");
  section.list(
      "reputation_files", s.reputation_files,
      "What is said of addresses: lines of address or network, number of the category, and score (1 to "
      "127); shell patterns may be used.");
  section.sub("pattern_cache", "Compiled patterns on the disk, so that the next start need not compile them.",
              [&s](Section& cache) {
                cache.text("folder", s.pattern_cache.folder,
                           "Made if it is not there. One that others may write to is not used. Empty: none.");
                cache.size("max_size", s.pattern_cache.max_size, kMiB, kTiB,
                           "All files together; beyond it those longest not used are removed.");
              });
  section.sub("sources", "Rules of others, as \"bansoko rules import\" keeps them.",
              [&s](Section& sources) { bind_sources(sources, s.sources); });
  section.sub("vars", "What variables in rules stand for. What you name is added to these, or replaces one.",
              [&s](Section& vars) { bind_variables(vars, s); });
  bind_patches(section, s.patches, read_library);
  bind_exceptions(section, s);
}

settings::Part part_of(ShieldSettings& s, Protocols protocols, const ReadLibrary& read_library = {}) {
  const auto bind = [&s, protocols, read_library](Section& section) {
    const auto sub = [&](std::string_view key, std::string_view help,
                         void (*bind_sub)(Section&, ShieldSettings&)) {
      section.sub(key, help, [&](Section& inner) { bind_sub(inner, s); });
    };
    bind_rules(section, s, read_library);
    bind_driver(section, s);
    section.number("workers", s.workers, 1, 64, "Threads that inspect. Each has its own queue and memory.");
    sub("capture", "How packets are taken from the kernel.", bind_capture);
    sub("on_failure",
        "What becomes of traffic when something fails. Flows already blocked stay blocked throughout. What "
        "happens when a limit is reached stands beside the limit.",
        bind_failures);
    sub("hosts",
        "What you know of the protected hosts, by network (\"192.0.2.0/24\": windows-2003); of several the "
        "longest prefix wins.",
        bind_hosts);
    sub("flows", "The table of conversations.", bind_flows);
    sub("streams", "Putting TCP back in order.", bind_streams);
    sub("fragments", "Putting IP fragments back together.", bind_fragments);
    sub("inspection", "Applying rules.", bind_inspection);
    section.sub("protocols", "Limits of the application protocols.",
                [&](Section& inner) { bind_protocols(inner, s, protocols); });
    section.sub("recon", "Finding out who scans, and who spreads like a worm.",
                [&](Section& inner) { bind_recon(inner, s.recon, s.variables); });
    section.sub("infection",
                "Hosts of ours that attack, answer as a backdoor does, or ask for a kill switch.",
                [&](Section& inner) { bind_infection(inner, s.infection, s.variables); });
    sub("inventory", "What hosts of HOME_NET say of their software in passing, for \"bansoko assess\".",
        bind_inventory);
    sub("evidence", "The traffic kept beside an event.", bind_evidence);
    section.sub("spool", "The events.", [&](Section& inner) { event::bind_spool(inner, s.spool); });
    section.text("control_socket", s.control_socket, "Where the bansoko command talks to the engine.");
  };
  return {"shield", "Virtual patching: rules that stop exploits on the wire.", bind};
}

/// What a text of settings says, by path: "streams.depth" is " 1 MiB". Its indentation tells what is below
/// what.
std::map<std::string, std::string> by_path(std::string_view yaml) {
  std::map<std::string, std::string> values;
  std::vector<std::string_view> path;
  while (!yaml.empty()) {
    const std::string_view line = yaml.substr(0, yaml.find('\n'));
    yaml.remove_prefix(std::min(yaml.size(), line.size() + 1));
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t colon = std::min(line.find(": ", indent), line.size() - 1);
    const bool is_item = line.substr(indent).starts_with("- ");
    if (!is_item) {
      path.resize(std::min(path.size(), indent / 2));
      path.push_back(line.substr(indent, colon - indent));
    }
    // The first is the name of the part.
    values[fmt::format("{}", fmt::join(std::span(path).subspan(1), "."))] +=
        line.substr(is_item ? indent : colon + 1);
  }
  return values;
}

/// What follows from other settings and is nobody's to set.
void derive(ShieldSettings& s) {
  s.inspection.max_flows = s.flows.max_flows;
  s.capture.observe = s.mode == Mode::observe;
  s.tunnels.verify_checksums = s.decode.verify_checksums;
}

}  // namespace

ShieldSettings default_settings(Protocols protocols) {
  ShieldSettings s;
  for (const proto::Protocol* protocol : protocols)
    for (const proto::Limit& limit : protocol->limits)
      s.protocol_limits[std::string(protocol->name)][std::string(limit.name)] = limit.value;
  derive(s);
  return s;
}

Result<ShieldSettings> parse_settings(std::string_view text, std::string_view file, Protocols protocols,
                                      settings::Faults& faults, const ReadLibrary& read_library) {
  ShieldSettings s = default_settings(protocols);
  const std::size_t before = faults.size();
  if (!settings::read(text, file, part_of(s, protocols, read_library), kOtherPrograms, faults)) {
    const std::size_t more = faults.size() - before - 1;
    return fail(Errc::invalid, "{}{}", settings::to_text(faults[before]),
                more == 0 ? "" : fmt::format(" (and {} more)", more));
  }
  derive(s);
  return s;
}

Result<ShieldSettings> load_settings(const std::string& path, Protocols protocols, settings::Faults& faults,
                                     const ReadLibrary& read_library) {
  BANSOKO_TRY(const std::string text, read_file(path, settings::kMaxFileSize));
  return parse_settings(text, path, protocols, faults, read_library);
}

std::string default_settings_yaml(Protocols protocols) {
  ShieldSettings s = default_settings(protocols);
  return "# Settings of Bansoko, one section per program. Each line here states its default and may be left "
         "out.\n"
         "# \"bansoko config check\" tells what is wrong, \"bansoko config show\" what is in force.\n\n" +
         settings::write(part_of(s, protocols), settings::Comments::all);
}

std::vector<std::string> settings_apart(const ShieldSettings& one, const ShieldSettings& other,
                                        Protocols protocols) {
  const auto ones = by_path(settings_yaml(one, protocols));
  auto others = by_path(settings_yaml(other, protocols));
  std::vector<std::string> apart;
  for (const auto& [path, value] : ones)
    if (auto found = others.extract(path); found.empty() || found.mapped() != value) apart.push_back(path);
  for (const auto& [path, value] : others) apart.push_back(path);
  return apart;
}

bool takes_effect_on_reload(std::string_view setting) noexcept {
  // The sources are no matter of the engine's.
  return setting == "rule_files" || setting == "classification_file" || setting.starts_with("reputation_") ||
         setting.starts_with("vars.") || setting.starts_with("sources.") || setting.starts_with("patches.") ||
         setting.starts_with("groups") || setting.starts_with("exceptions") ||
         setting.starts_with("hosts.modes") || setting == "infection.kill_switch_files";
}

std::string settings_yaml(const ShieldSettings& settings, Protocols protocols) {
  ShieldSettings s = settings;
  return settings::write(part_of(s, protocols), settings::Comments::none);
}

}  // namespace bansoko::engine
