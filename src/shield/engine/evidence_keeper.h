// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/counter.h"
#include "base/result.h"
#include "event/evidence.h"
#include "shield/engine/packet_ring.h"
#include "shield/engine/settings.h"

namespace bansoko::engine {

/// Writes the packets that workers kept, one file per event. What cannot be written is counted and told,
/// and holds nothing up: a folder that cannot be used is tried again every ten seconds. Used by one thread;
/// the counter may be read by others.
class EvidenceKeeper {
 public:
  using Complain = std::function<void(const Error&)>;

  /// Does nothing unless the settings ask for packets. `complain` hears of each failure. At most
  /// `files_a_second` are begun: a flood of hits must not wash older evidence away, nor keep the disk busy.
  EvidenceKeeper(EvidenceSettings settings, std::optional<unsigned> files_a_second, Complain complain);

  /// Fails if the folder cannot be used: for those who would rather know at once.
  Result<> prepare();

  /// Writes all that is in the ring.
  void write(PacketRing& ring);

  /// The file that holds the packets of this evidence, by its name in the folder; empty if there is none.
  std::string file_of(const EvidenceKey& evidence) const;

  /// Removes what is too old or too much. Now and then.
  void maintain();

  /// Packets that could not be written.
  std::uint64_t lost() const noexcept { return lost_.value(); }

  /// Why the last packet could not be written; empty: it could. From maintain() on a new try is made even
  /// when no packet comes.
  const std::string& fault() const noexcept { return fault_; }

 private:
  bool ready();
  bool may_begin();
  void write_one(const KeptPacket& packet);
  event::EvidenceFile* file_for(const std::string& id);
  void complain(const Error& error);
  void try_again();

  static constexpr std::size_t kOpen = 64;  // files that may still grow; the one begun first is closed

  EvidenceSettings settings_;
  std::optional<unsigned> files_a_second_;
  Complain complain_;
  std::optional<event::EvidenceStore> store_;
  std::deque<std::pair<std::string, event::EvidenceFile>>
      open_;  // by event id; after the store they belong to
  std::vector<std::uint8_t> bytes_;
  std::chrono::steady_clock::time_point second_{};  // the one now counted
  unsigned begun_ = 0;                              // in it
  std::chrono::steady_clock::time_point next_try_{};
  std::chrono::steady_clock::time_point next_trim_{};
  std::string fault_;
  std::chrono::steady_clock::time_point next_probe_{};
  Counter lost_;
};

}  // namespace bansoko::engine
