// SPDX-License-Identifier: Apache-2.0
#include "explain/codes.h"

#include <algorithm>

#include <fmt/format.h>

#include "explain/text.h"
#include "shield/engine/engine_event.h"
#include "shield/engine/infection.h"
#include "shield/engine/judge.h"
#include "shield/engine/lookout.h"
#include "shield/engine/quarantine.h"
#include "shield/packet/anomaly.h"
#include "shield/proto/protocol.h"
#include "shield/recon/detector.h"

namespace bansoko::explain {
namespace {

constexpr std::string_view kReconPlaces = "count host port source window";
constexpr std::string_view kInfectedPlaces = "host sid";

class Collector {
 public:
  void add(std::string_view group, std::string_view word, std::string_view places = {}) {
    codes_.push_back({fmt::format("{}.{}", group, word), places});
  }
  void add(const TextRow& text) { codes_.push_back({std::string(text.key), text.places}); }

  /// The words of an enumeration that counts from 0 and has `count` of them.
  template <class E>
  void add_all(std::string_view group, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) add(group, name_of(static_cast<E>(i)));
  }

  std::vector<Code> take() { return std::move(codes_); }

 private:
  std::vector<Code> codes_;
};

/// Protocols may note the same things, such as HTTP/2 what HTTP does.
void add_protocol_anomalies(Collector& codes) {
  std::vector<std::string_view> names;
  for (const proto::Protocol* const protocol : proto::all_protocols())
    names.insert(names.end(), protocol->anomalies.begin(), protocol->anomalies.end());
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string_view name : names) codes.add("anomaly", name);
}

}  // namespace

std::vector<Code> all_codes() {
  using packet::Action;
  Collector codes;
  codes.add_all<engine::Reason>("reason", engine::kReasonCount);
  codes.add("reason", engine::kReconReason);
  for (const Action action : {Action::accept, Action::release, Action::drop, Action::block, Action::reject})
    codes.add("action", engine::name_of(action));
  codes.add("action", engine::kReconAction);
  for (const Action action : {Action::drop, Action::block, Action::reject})
    codes.add("observed", engine::name_of(action));
  codes.add("reason", engine::kInfectionReason);
  codes.add_all<engine::Isolation>("isolation", engine::kIsolations);
  codes.add_all<engine::Isolation>("egress", engine::kIsolations);
  for (std::size_t i = 0; i < engine::kInfectionSigns; ++i)
    codes.add("infected", engine::name_of(static_cast<engine::InfectionSign>(i)), kInfectedPlaces);
  for (std::size_t i = 0; i < recon::kShapes; ++i)
    codes.add("shape", recon::name_of(static_cast<recon::Shape>(i)), kReconPlaces);
  codes.add_all<engine::EngineEvent>("engine", engine::kEngineEvents);
  codes.add_all<packet::Anomaly>("anomaly", packet::kAnomalyCount);
  add_protocol_anomalies(codes);
  for (const TextRow& text : kTexts) codes.add(text);
  return codes.take();
}

}  // namespace bansoko::explain
