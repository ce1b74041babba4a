// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "shield/engine/quarantine.h"
#include "shield/engine/ring.h"
#include "shield/engine/settings.h"
#include "shield/engine/totals.h"
#include "shield/recon/detector.h"

namespace bansoko::engine {

/// The generator of alerts about reconnaissance; their signature ids are those of recon::Shape, from 1.
inline constexpr std::uint32_t kReconGid = 900;
/// What their verdict says, which is about a source and not about a packet.
inline constexpr std::string_view kReconReason = "reconnaissance", kReconAction = "quarantine";

/// Takes what all workers saw of attempts, has it judged, and puts words to what is found. Off the packet
/// path: one thread calls take(), the counters may be read by others.
class Lookout {
 public:
  /// `proven`: the source is where its address says.
  using Tell = std::function<void(const event::Event&, bool proven)>;

  Lookout(const ShieldSettings& settings, Quarantine::Gate gate, std::uint64_t seed);

  /// All that is in the ring, up to one filling of it. True: there was something.
  bool take(Ring<recon::Attempt>& attempts, std::uint64_t generation, const Tell& tell);

  /// What is ours may have been said anew. From any thread.
  void know_home(const ShieldSettings& settings);

  /// The next attempts belong to another capture.
  void begin_again();

  Quarantine& quarantine() noexcept { return quarantine_; }
  void add_to(Totals& totals) const;

 private:
  event::Event event_of(const recon::Finding& finding, Isolation isolation, std::uint64_t generation);

  ReconSettings settings_;
  Mode mode_;
  recon::Settings detector_settings_;
  std::mutex home_mutex_;
  rule::AddressSet home_;
  recon::Detector detector_;
  Quarantine quarantine_;
  std::vector<recon::Finding> findings_;
  std::uint64_t told_ = 0;
};

}  // namespace bansoko::engine
