// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/counter.h"
#include "base/result.h"
#include "event/pcapng.h"

namespace bansoko::event {

struct EvidenceSettings {
  std::string directory = "/var/lib/bansoko/evidence";
  std::uint32_t max_packets = 16;            // kept of one flow, around the first hit of a rule
  std::uint32_t max_file_bytes = 1U << 20U;  // of one event
  std::uint64_t max_bytes =
      256U << 20U;  // of the whole directory, in blocks of 4 KiB; the oldest files go first
  std::uint32_t max_days = 30;
};

struct EvidenceCounters {
  Counter files, packets, refused_files, refused_packets, removed_files, bytes;
};

/// The packets of one event, while they come in. Its store must outlive it.
class EvidenceFile {
 public:
  EvidenceFile(EvidenceFile&&) noexcept;
  EvidenceFile& operator=(EvidenceFile&&) noexcept;
  ~EvidenceFile();

  /// Keeps one more packet. False: it was refused, since the event has as many packets or bytes as it may.
  Result<bool> add(const CapturedPacket& packet);

  /// The file's name in the store's directory, as an event states it.
  const std::string& name() const noexcept;

 private:
  friend class EvidenceStore;
  struct State;
  explicit EvidenceFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Keeps the packets of events, one pcapng file per event, within the bytes and days allowed. The
/// directory is ours alone (mode 0700). Used by one thread; its counters may be read by others.
class EvidenceStore {
 public:
  static Result<EvidenceStore> open(const EvidenceSettings& settings);
  EvidenceStore(EvidenceStore&&) noexcept;
  EvidenceStore& operator=(EvidenceStore&&) noexcept;
  ~EvidenceStore();

  /// Begins <directory>/<id>.pcapng. An id is 1 to 64 letters, digits, '-' and '_'. Makes room by
  /// removing the oldest files, a sixteenth of what is allowed at once; fails if the disk is full or an event
  /// of that id has evidence already.
  Result<EvidenceFile> begin(std::string_view id, Link link, std::string_view interface);

  /// Removes what is over the days or bytes allowed. Gives how many files went.
  Result<std::uint64_t> trim(std::chrono::system_clock::time_point now);

  const EvidenceCounters& counters() const noexcept;

 private:
  friend class EvidenceFile;
  struct State;
  explicit EvidenceStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::event
