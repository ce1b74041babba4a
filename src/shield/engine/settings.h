// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/settings.h"
#include "event/evidence.h"
#include "event/spool.h"
#include "shield/capture/capture.h"
#include "shield/detect/inspector.h"
#include "shield/engine/exception_settings.h"
#include "shield/engine/infection_settings.h"
#include "shield/engine/patch_settings.h"
#include "shield/engine/recon_settings.h"
#include "shield/engine/settings_sources.h"
#include "shield/flow/flow_table.h"
#include "shield/flow/tcp_tracker.h"
#include "shield/packet/decode.h"
#include "shield/packet/defragmenter.h"
#include "shield/packet/tunnel.h"
#include "shield/pattern/database_cache.h"
#include "shield/proto/protocol.h"
#include "shield/rule/rule_text.h"

namespace bansoko::engine {

enum class Mode : std::uint8_t { observe, enforce };

/// How mode observe sees packets: as copies, or as enforce does, held until answered.
enum class ObserveBy : std::uint8_t { copies, queue };

/// Packet contents are personal data: how much of them is kept beside an event.
enum class Payload : std::uint8_t { none, matched_bytes, packets };

struct EvidenceSettings : event::EvidenceSettings {
  Payload payload = Payload::matched_bytes;
  std::uint32_t recent_memory = 4U << 20U;  // bytes per worker, reserved at start if packets are kept
};

/// What becomes of traffic when something of ours fails; crash and overload are capture's to know.
struct FailureSettings {
  capture::OnFailure hang = capture::OnFailure::open;
  std::chrono::milliseconds hang_time{2000};
  capture::OnFailure spool = capture::OnFailure::open;
  capture::OnFailure slow_rule = capture::OnFailure::open;
};

/// What hosts say of their software in passing.
struct InventorySettings {
  bool enabled = true;
  std::uint32_t max_claims = 8192;
  std::chrono::seconds repeat{86400};
};

/// What operators say of their hosts, by network; packet::HostTable is made of it.
struct HostSettings {
  settings::Words systems, web_servers, hops, modes;
};

/// UDP ports of tunnels as the file has them; packet::TunnelSettings has them as numbers.
struct TunnelPorts {
  std::vector<std::string> vxlan = {"4789"}, geneve = {"6081"}, teredo = {"3544"};
};

/// The `shield:` section of bansoko.yaml. Every field's default is the product's default.
struct ShieldSettings {
  Mode mode = Mode::observe;
  std::vector<std::string> rule_files = {"/etc/bansoko/rules/*.rules"};
  std::string classification_file;    // empty: the built-in classes
  std::string reputation_categories;  // empty: rules cannot ask for reputation
  std::vector<std::string> reputation_files;
  pattern::DatabaseCache::Settings pattern_cache;
  SourceSettings sources;
  PatchSettings patches;
  rule::Variables variables = rule::default_variables();
  settings::Words groups;  // of addresses, for exceptions
  ExceptionsByName exceptions;
  std::string driver = "nfqueue";  // see driver_in_use()
  ObserveBy observe_by = ObserveBy::copies;
  unsigned workers = 1;
  std::vector<std::string> interfaces;  // empty: all
  capture::Settings capture;
  FailureSettings on_failure;
  packet::DecodeSettings decode;
  packet::TunnelSettings tunnels;
  TunnelPorts tunnel_ports;
  flow::OnLimit on_tunnel_limit = flow::OnLimit::drop;
  packet::DefragSettings defrag;
  HostSettings hosts;
  flow::FlowSettings flows;
  flow::StreamSettings streams;
  flow::OnLimit on_flow_limit = flow::OnLimit::pass;
  std::uint32_t max_expected_flows = 256;
  bool early_release = true;  // flows past the depth go by in the kernel
  flow::OnLimit on_malformed = flow::OnLimit::drop;
  flow::OnLimit on_truncated = flow::OnLimit::pass;
  detect::InspectorSettings inspection;
  std::chrono::microseconds parser_budget{5000};
  std::map<std::string, std::map<std::string, std::uint64_t>> protocol_limits;  // by protocol and limit name
  ReconSettings recon;
  InfectionSettings infection;
  InventorySettings inventory;
  EvidenceSettings evidence;
  event::SpoolSettings spool;
  std::string control_socket = "/run/bansoko/shield.sock";
};

using Protocols = std::span<const proto::Protocol* const>;

/// The defaults, with the limits of these protocols filled in.
ShieldSettings default_settings(Protocols protocols);

/// Reads the `shield:` section of a file; what it does not say has its default, and the sections of the
/// other programs are left alone. Every fault goes to `faults`; the error tells the first. Without a way to
/// read the library, no patches are in force and their ids are not looked at.
Result<ShieldSettings> load_settings(const std::string& path, Protocols protocols, settings::Faults& faults,
                                     const ReadLibrary& read_library = {});

/// The same from a text; `file` is its name in faults.
Result<ShieldSettings> parse_settings(std::string_view text, std::string_view file, Protocols protocols,
                                      settings::Faults& faults, const ReadLibrary& read_library = {});

/// etc/bansoko.yaml: every setting with its default and its explanation.
std::string default_settings_yaml(Protocols protocols);

/// Which settings differ: "mode", "streams.depth".
std::vector<std::string> settings_apart(const ShieldSettings& one, const ShieldSettings& other,
                                        Protocols protocols);

/// Is it one of those about rules? Every other setting is read at start alone.
bool takes_effect_on_reload(std::string_view setting) noexcept;

/// The settings in force, as `bansoko config show` prints them.
std::string settings_yaml(const ShieldSettings& settings, Protocols protocols);

}  // namespace bansoko::engine
