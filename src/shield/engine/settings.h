// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "event/spool.h"
#include "shield/capture/capture.h"
#include "shield/detect/inspector.h"
#include "shield/flow/flow_table.h"
#include "shield/flow/tcp_tracker.h"
#include "shield/packet/decode.h"
#include "shield/packet/defragmenter.h"
#include "shield/rule/rule_text.h"

namespace bansoko::engine {

enum class Mode : std::uint8_t { observe, enforce };

/// Packet contents are personal data: how much of them is kept beside an event.
enum class Payload : std::uint8_t { none, matched_bytes, packets };

struct EvidenceSettings {
  Payload payload = Payload::matched_bytes;
  std::string directory = "/var/lib/bansoko/evidence";
  std::uint32_t max_packets = 16;         // kept of one flow, around the first hit of a rule
  std::uint64_t max_bytes = 256U << 20U;  // of the whole directory; the oldest files go first
  std::uint32_t max_days = 30;
};

/// The `shield:` section of bansoko.yaml. Every field's default is the product's default.
struct ShieldSettings {
  Mode mode = Mode::observe;
  std::vector<std::string> rule_files = {"/etc/bansoko/rules/*.rules"};
  std::string classification_file;  // empty: the built-in classes
  rule::Variables variables;
  std::string driver = "nfqueue";
  unsigned workers = 1;
  std::vector<std::string> interfaces;  // empty: all
  capture::Settings capture;
  packet::DecodeSettings decode;
  packet::DefragSettings defrag;
  flow::FlowSettings flows;
  flow::StreamSettings streams;
  flow::OnLimit on_flow_limit = flow::OnLimit::pass;
  bool early_release = true;  // flows past the depth go by in the kernel
  detect::InspectorSettings inspection;
  std::map<std::string, std::map<std::string, std::uint64_t>> protocol_limits;  // by protocol and limit name
  EvidenceSettings evidence;
  event::SpoolSettings spool;
  std::string control_socket = "/run/bansoko/shield.sock";
  std::string state_directory = "/var/lib/bansoko";
};

}  // namespace bansoko::engine
