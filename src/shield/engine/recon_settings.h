// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/settings.h"
#include "shield/recon/detector.h"
#include "shield/rule/rule_text.h"

namespace bansoko::engine {

/// What is done about a source that scans or spreads.
enum class ReconAction : std::uint8_t { event, quarantine };

/// `recon:` of the settings.
struct ReconSettings {
  bool enabled = true;
  std::chrono::seconds window{300};
  std::uint32_t port_scan = 20;
  std::uint32_t host_scan = 50;
  std::uint32_t fan_out = 60;
  std::vector<std::string> ports = {"22", "23", "135", "139", "445", "1433", "1434/udp", "3389"};
  std::vector<std::string> except;
  std::chrono::seconds answer_time{3};
  std::uint32_t max_tracked = 4096;
  ReconAction action = ReconAction::event;
  std::chrono::seconds quarantine_time{600};
  bool require_handshake = true;
  std::uint32_t max_quarantined = 1024;
};

/// Describes them; `variables` are what `except` may name.
void bind_recon(settings::Section& section, ReconSettings& recon, const rule::Variables& variables);

/// The same for the detector. Words that cannot be read, which bind_recon() refuses, are left out.
recon::Settings detector_settings(const ReconSettings& recon, const rule::Variables& variables);

/// A list as one set; empty for an empty list.
Result<rule::AddressSet> address_set(const std::vector<std::string>& list, const rule::Variables& variables);

}  // namespace bansoko::engine
