// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/evidence_keeper.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "base/file.h"
#include "shield/engine/teller.h"

namespace bansoko::engine {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kRetry = 10s;
constexpr auto kProbe = 1s;
constexpr std::size_t kProbeSize = 64U << 10U;
constexpr auto kTrimEvery = 60s;

std::string id_of(const EvidenceKey& evidence) {
  return event_id(evidence.time, evidence.flow_id, evidence.record);
}

}  // namespace

EvidenceKeeper::EvidenceKeeper(EvidenceSettings settings, std::optional<unsigned> files_a_second,
                               Complain complain)
    : settings_(std::move(settings)), files_a_second_(files_a_second), complain_(std::move(complain)) {}

Result<> EvidenceKeeper::prepare() {
  if (store_ || settings_.payload != Payload::packets) return {};
  BANSOKO_TRY(store_, event::EvidenceStore::open(settings_));
  return {};
}

bool EvidenceKeeper::ready() {
  if (store_) return true;
  if (steady_clock::now() < next_try_) return false;
  next_try_ = steady_clock::now() + kRetry;
  if (const auto prepared = prepare(); !prepared) complain(prepared.error());
  return store_.has_value();
}

bool EvidenceKeeper::may_begin() {
  if (!files_a_second_) return true;
  if (const auto now = steady_clock::now(); now - second_ >= 1s) {
    second_ = now;
    begun_ = 0;
  }
  return begun_++ < *files_a_second_;
}

void EvidenceKeeper::write(PacketRing& ring) {
  KeptPacket packet;
  while (ring.take(packet, bytes_)) write_one(packet);
}

void EvidenceKeeper::write_one(const KeptPacket& packet) {
  event::EvidenceFile* const file = ready() ? file_for(id_of(packet.evidence)) : nullptr;
  if (file == nullptr) return lost_.add();
  const std::string comment =
      fmt::format("packet {}: {} ({})", packet.number, name_of(packet.action), name_of(packet.reason));
  // One more than the event may have is refused, and counted by the store: that is no loss.
  const auto added = file->add(
      {.bytes = bytes_, .arrived = packet.arrived, .wire_size = packet.wire_size, .comment = comment});
  if (added) return fault_.clear();
  lost_.add();
  complain(added.error());
}

void EvidenceKeeper::complain(const Error& error) {
  fault_ = error.message;
  complain_(error);
}

/// A file of some size: that one can be begun says little on a full disk.
void EvidenceKeeper::try_again() {
  if (fault_.empty() || steady_clock::now() < next_probe_) return;
  next_probe_ = steady_clock::now() + kProbe;
  if (!store_ && !ready()) return;
  const std::string probe = settings_.directory + "/.probe";
  if (write_file_atomic(probe, std::string(kProbeSize, '\0'), 0600)) fault_.clear();
  std::error_code error;
  std::filesystem::remove(probe, error);
}

/// The file of that event, begun if need be; null if that cannot be.
event::EvidenceFile* EvidenceKeeper::file_for(const std::string& id) {
  const auto known = std::ranges::find(open_, id, &decltype(open_)::value_type::first);
  if (known != open_.end()) return &known->second;
  if (!may_begin()) return nullptr;
  auto begun = store_->begin(id, event::Link::raw_ip, "");
  if (!begun) {
    complain(begun.error());
    return nullptr;
  }
  if (open_.size() == kOpen) open_.pop_front();
  return &open_.emplace_back(id, std::move(*begun)).second;
}

std::string EvidenceKeeper::file_of(const EvidenceKey& evidence) const {
  if (!evidence.any || !store_) return {};
  std::string name = id_of(evidence) + ".pcapng";
  std::error_code error;
  return std::filesystem::exists(settings_.directory + "/" + name, error) ? name : std::string();
}

void EvidenceKeeper::maintain() {
  try_again();
  if (!store_ || steady_clock::now() < next_trim_) return;
  next_trim_ = steady_clock::now() + kTrimEvery;
  if (const auto trimmed = store_->trim(std::chrono::system_clock::now()); !trimmed)
    complain(trimmed.error());
}

}  // namespace bansoko::engine
