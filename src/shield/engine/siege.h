// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/loader.h"
#include "shield/engine/pipeline.h"
#include "shield/keyword/keywords.h"
#include "tests/allocations.h"
#include "tests/temporary_folder.h"
#include "tests/traffic/frames.h"
#include "tests/traffic/test_tcp.h"

/// For tests: a pipeline under attack.
namespace bansoko::engine {

inline std::chrono::nanoseconds processor_time() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

inline ShieldSettings tight_settings() {
  ShieldSettings settings;
  settings.mode = Mode::enforce;
  settings.flows.max_flows = 1024;
  settings.streams.memory = 4U << 20U;
  settings.defrag.max_datagrams = 64;
  settings.defrag.memory = 512U << 10U;
  settings.inspection.max_transactions = 1024;
  settings.inspection.max_tracked = 1024;
  return settings;
}

/// A pipeline in which one honest conversation goes on while others attack.
class Siege {
 public:
  Siege(const ShieldSettings& settings, std::string_view rules)
      : settings_(settings),
        loader_(keyword::all_keywords(), proto::all_protocols(), settings_.inspection.max_flowbits),
        pipeline_(settings_, proto::all_protocols(), 0x5eed, 0, records_, &packets_) {
    put_file(folder_ / "test.rules", rules);
    settings_.rule_files = {folder_ / "test.rules"};
    auto loaded = loader_.load(settings_);
    EXPECT_TRUE(loaded);
    loaded_ = std::move(*loaded);
    EXPECT_EQ(loaded_.rules, static_cast<std::size_t>(std::ranges::count(rules, '\n')));
    EXPECT_TRUE(pipeline_.use(*loaded_.set));
    honest_.handshake();
    EXPECT_TRUE(goes_on());
  }

  packet::Action send(const traffic::Octets& frame) {
    now_ += std::chrono::microseconds(100);
    const auto before = processor_time();
    const AllocationCounter allocations;
    const packet::Action action =
        pipeline_
            .inspect({.bytes = frame, .arrived = now_, .wire_size = static_cast<std::uint32_t>(frame.size())})
            .action;
    pipeline_.tick(now_);
    allocations_ += allocations.count();
    slowest_ = std::max(slowest_, processor_time() - before);
    Record record;
    while (records_.take(record)) told_.push_back(record.kind);
    return action;
  }

  /// The honest conversation: a question and its answer pass.
  bool goes_on() {
    honest_.client("is there anybody?\n").server("yes\n");
    return send_rest() == packet::Action::accept;
  }
  /// And it is inspected all the while.
  bool is_inspected() {
    honest_.client("EVIL\n");
    return send_rest() == packet::Action::block;
  }

  /// The same rules once more, as a new set.
  void load_again() {
    auto loaded = loader_.load(settings_);
    ASSERT_TRUE(loaded);
    ASSERT_TRUE(pipeline_.use(*loaded->set));
    loaded_ = std::move(*loaded);
  }

  /// The wall clock is put forward or back, as a live driver sees it.
  void jump(std::chrono::hours by, std::chrono::seconds steady) {
    now_ += by + std::chrono::seconds(1);
    pipeline_.look_at_clocks(now_, steady);
  }
  /// As a capture shows it.
  void jump_in_capture(std::chrono::nanoseconds by) { now_ += by; }

  Pipeline& pipeline() { return pipeline_; }
  std::chrono::nanoseconds slowest() const { return slowest_; }
  std::size_t allocations() const { return allocations_; }
  std::size_t told(RecordKind kind) const {
    return static_cast<std::size_t>(std::ranges::count(told_, kind));
  }

 private:
  packet::Action send_rest() {
    packet::Action worst = packet::Action::accept;
    for (; sent_ < honest_.frames().size(); ++sent_) worst = std::max(worst, send(honest_.frames()[sent_]));
    return worst;
  }

  TemporaryFolder folder_;
  ShieldSettings settings_;
  Loader loader_;
  LoadedRules loaded_;
  Ring<Record> records_{4096};
  PacketRing packets_{1U << 13U};
  Pipeline pipeline_;
  traffic::TestTcp honest_{packet::Address::v4(192, 0, 2, 1), 50000};
  std::size_t sent_ = 0;
  std::chrono::nanoseconds now_ = std::chrono::hours(1);
  std::chrono::nanoseconds slowest_{};
  std::size_t allocations_ = 0;
  std::vector<RecordKind> told_;
};

inline packet::Address attacker(std::size_t number) {
  return packet::Address::v4(10, static_cast<std::uint8_t>(number >> 16U),
                             static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number));
}

}  // namespace bansoko::engine
