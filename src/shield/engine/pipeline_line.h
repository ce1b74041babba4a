// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "shield/claim/topics.h"
#include "shield/engine/loader.h"
#include "shield/engine/pipeline.h"
#include "shield/keyword/keywords.h"
#include "tests/temporary_folder.h"
#include "tests/traffic/frames.h"

/// For tests alone: a pipeline to be fed with frames.
namespace bansoko::engine {

inline ShieldSettings small_settings(Mode mode) {
  ShieldSettings settings;
  settings.mode = mode;
  settings.flows.max_flows = 256;
  settings.inspection.max_transactions = 256;
  settings.inspection.max_tracked = 256;
  settings.streams.memory = 8U << 20U;
  settings.defrag.max_datagrams = 16;
  return settings;
}

/// A pipeline under rules given as text, fed with frames; time goes on by a millisecond for each.
class Line {
 public:
  explicit Line(std::string_view rules, const ShieldSettings& base = small_settings(Mode::enforce))
      : settings_(base),
        loader_(keyword::all_keywords(), proto::all_protocols(), settings_.inspection.max_flowbits),
        pipeline_(settings_, proto::all_protocols(), 1, 0, records_, &packets_, nullptr, &claims_) {
    load(rules);
    EXPECT_TRUE(pipeline_.use(*loaded_.set));
  }

  void load(std::string_view rules) {
    put_file(folder_ / "test.rules", rules);
    settings_.rule_files = {folder_ / "test.rules"};
    auto loaded = loader_.load(settings_);
    ASSERT_TRUE(loaded) << loaded.error().message;
    for (const auto& diagnostic : loaded->diagnostics) ADD_FAILURE() << to_text(diagnostic);
    before_ = std::exchange(loaded_, std::move(*loaded));
  }

  /// Rules as `modes` of patches have them, from now on: what a reload does.
  void reload(std::string_view rules, const settings::Words& modes) {
    settings_.patches.modes = modes;
    load(rules);
    EXPECT_TRUE(pipeline_.use(*loaded_.set));
  }

  /// Before the next frame.
  void wait(std::chrono::nanoseconds time) { now_ += time; }

  packet::Action send(const traffic::Octets& frame) {
    now_ += std::chrono::milliseconds(1);
    const packet::Verdict verdict = pipeline_.inspect(
        {.bytes = frame, .arrived = now_, .wire_size = static_cast<std::uint32_t>(frame.size())});
    pipeline_.tick(now_);
    return verdict.action;
  }

  /// The verdicts as one letter for each frame: a, r(elease), d, b, j (reject).
  std::string send_all(const std::vector<traffic::Octets>& frames) {
    std::string verdicts;
    for (const traffic::Octets& frame : frames) verdicts += "ardbj"[static_cast<std::size_t>(send(frame))];
    return verdicts;
  }

  std::vector<Record> records() {
    std::vector<Record> all;
    Record record;
    while (records_.take(record)) all.push_back(record);
    return all;
  }

  /// "1:rule 2:rule": the sid and reason of each alert told.
  std::string alerts() {
    std::string text;
    for (const Record& record : records()) {
      if (record.kind != RecordKind::alert) continue;
      if (!text.empty()) text += ' ';
      text += std::to_string(loaded_.set->rules()[record.match.rule].sid) + ":" +
              std::string(name_of(record.reason));
    }
    return text;
  }

  /// "10.0.0.2:80 http.server=Apache; ...": what hosts said of themselves.
  std::string claims() {
    std::string text;
    claim::Claim claim;
    while (claims_.take(claim))
      text += packet::to_text(claim.host) + ":" + std::to_string(claim.port) + " " +
              std::string(claim::topic_names()[claim.topic]) + "=" + std::string(claim.said()) + "; ";
    return text;
  }

  /// The numbers of the packets kept as evidence.
  std::string kept() {
    std::string numbers;
    KeptPacket packet;
    std::vector<std::uint8_t> bytes;
    while (packets_.take(packet, bytes)) numbers += std::to_string(packet.number) + " ";
    return numbers;
  }

  Pipeline& pipeline() { return pipeline_; }
  /// The bytes of the packets kept as evidence.
  std::vector<traffic::Octets> evidence() {
    std::vector<traffic::Octets> all;
    KeptPacket packet;
    traffic::Octets bytes;
    while (packets_.take(packet, bytes)) all.push_back(bytes);
    return all;
  }

  const detect::RuleSet& rules() const { return *loaded_.set; }

 private:
  TemporaryFolder folder_;
  ShieldSettings settings_;
  Loader loader_;
  LoadedRules before_, loaded_;
  Ring<Record> records_{256};
  Ring<claim::Claim> claims_{8};
  PacketRing packets_{1U << 16U};
  Pipeline pipeline_;
  std::chrono::nanoseconds now_ = std::chrono::hours(1);
};

}  // namespace bansoko::engine
