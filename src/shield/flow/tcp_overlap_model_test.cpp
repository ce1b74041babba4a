// SPDX-License-Identifier: Apache-2.0
// Random segments that contradict each other, against receivers written down the way their systems are.
#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/flow/conversation.h"

namespace bansoko::flow {
namespace {

using packet::System;

struct Piece {
  std::int64_t begin = 0;
  std::string bytes = {};

  std::int64_t end() const { return begin + static_cast<std::int64_t>(bytes.size()); }
  void cut_front(std::int64_t to) {
    bytes.erase(0, static_cast<std::size_t>(to - begin));
    begin = to;
  }
  void cut_back(std::int64_t to) { bytes.resize(static_cast<std::size_t>(to - begin)); }
};

/// What a receiver hands to its application.
class ModelReceiver {
 public:
  virtual ~ModelReceiver() = default;
  void take(Piece piece) {
    if (piece.end() <= next()) return;
    if (piece.begin < next()) piece.cut_front(next());
    queue(std::move(piece));
    hand_over();
  }
  std::string application;

 protected:
  std::int64_t next() const { return static_cast<std::int64_t>(application.size()); }

 private:
  virtual void queue(Piece piece) = 0;
  virtual void hand_over() = 0;
};

/// One copy of each byte: the first, or the last.
class ByByte final : public ModelReceiver {
 public:
  explicit ByByte(bool last_wins) : last_wins_(last_wins) {}

 private:
  void queue(Piece piece) override {
    for (std::size_t i = 0; i < piece.bytes.size(); ++i) {
      const std::int64_t at = piece.begin + static_cast<std::int64_t>(i);
      if (last_wins_ || !waiting_.contains(at)) waiting_[at] = piece.bytes[i];
    }
  }
  void hand_over() override {
    for (auto found = waiting_.find(next()); found != waiting_.end(); found = waiting_.find(next()))
      application += found->second;
  }
  bool last_wins_;
  std::map<std::int64_t, char> waiting_;
};

/// All that came is kept whole, sorted by where it began, longer ones first (tcp_data_queue_ofo).
class Linux final : public ModelReceiver {
 public:
  void queue(Piece piece) override {
    const auto place = std::find_if(pieces_.begin(), pieces_.end(), [&](const Piece& other) {
      return other.begin > piece.begin || (other.begin == piece.begin && other.end() < piece.end());
    });
    pieces_.insert(place, std::move(piece));
  }
  void hand_over() override {
    for (const Piece& piece : pieces_)
      if (piece.begin <= next() && piece.end() > next())
        application += piece.bytes.substr(static_cast<std::size_t>(next() - piece.begin));
  }

 private:
  std::list<Piece> pieces_;
};

/// A sorted queue without overlaps.
class Trimming : public ModelReceiver {
 protected:
  std::list<Piece> pieces_;

 private:
  void hand_over() override {
    while (!pieces_.empty() && pieces_.front().begin == next()) {
      application += pieces_.front().bytes;
      pieces_.pop_front();
    }
  }
};

/// tcp_reass() of 4.4BSD: what begins before is kept, of what begins behind the part that is not covered.
class Bsd final : public Trimming {
  void queue(Piece piece) override {
    auto behind =
        std::find_if(pieces_.begin(), pieces_.end(), [&](auto& it) { return it.begin > piece.begin; });
    if (behind != pieces_.begin()) {
      const Piece& before = *std::prev(behind);
      if (before.end() >= piece.end()) return;
      if (before.end() > piece.begin) piece.cut_front(before.end());
    }
    while (behind != pieces_.end() && behind->begin < piece.end()) {
      if (piece.end() < behind->end()) {
        behind->cut_front(piece.end());
        break;
      }
      behind = pieces_.erase(behind);
    }
    pieces_.insert(behind, std::move(piece));
  }
};

/// What begins before gives way, unless it ends behind; what begins behind goes if it is covered, and else
/// stays.
class Solaris final : public Trimming {
  void queue(Piece piece) override {
    for (auto it = pieces_.begin(); it != pieces_.end() && it->begin < piece.begin; ++it) {
      if (it->end() <= piece.begin) continue;
      if (it->end() >= piece.end()) return;
      it->cut_back(piece.begin);
    }
    auto place =
        std::find_if(pieces_.begin(), pieces_.end(), [&](auto& it) { return it.begin >= piece.begin; });
    while (place != pieces_.end() && place->end() <= piece.end()) place = pieces_.erase(place);
    if (place != pieces_.end() && place->begin < piece.end()) piece.cut_back(place->begin);
    if (!piece.bytes.empty()) pieces_.insert(place, std::move(piece));
  }
};

std::unique_ptr<ModelReceiver> model_of(System system) {
  switch (system) {
    case System::last:
      return std::make_unique<ByByte>(true);
    case System::linux:
      return std::make_unique<Linux>();
    case System::bsd:
    case System::windows_2003:
      return std::make_unique<Bsd>();
    case System::solaris:
      return std::make_unique<Solaris>();
    default:
      return std::make_unique<ByByte>(false);
  }
}

class OverlapModel : public testing::TestWithParam<System> {};

TEST_P(OverlapModel, SeesWhatTheReceiverSees) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    std::mt19937 random(seed);
    const auto model = model_of(GetParam());
    Conversation conversation({.history = seed % 3 * 16, .refused_arrives = true});
    conversation.flow.hosts[index(Side::server)].system = GetParam();
    conversation.isn = {static_cast<std::uint32_t>(0U - random() % 40), 5000};
    conversation.open();
    for (int i = 0; i < 60; ++i) {
      const auto begin = static_cast<std::int64_t>(random() % 80);
      const std::string bytes(random() % 12 + 1, static_cast<char>('!' + i));
      // Some of it in order, for the rest to be handed over at last.
      const bool ordered = random() % 5 == 0;
      const auto at = ordered ? static_cast<std::int64_t>(model->application.size()) : begin;
      model->take({at, bytes});
      conversation.send(c(at, bytes));
      ASSERT_EQ(conversation.sink.texts[0], model->application) << "seed " << seed << ", segment " << i;
      if (random() % 4 == 0)
        conversation.send(s(0).acks(static_cast<std::int64_t>(model->application.size())));
    }
    EXPECT_FALSE(conversation.sink.broken);
    conversation.tracker.end(conversation.flow, conversation.sink);
    EXPECT_EQ(conversation.tracker.counters().memory_used.value(), 0U);
  }
}

TEST_P(OverlapModel, NothingPassesThatContradictsWhatWasInspected) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const auto model = model_of(GetParam());
    Conversation conversation({});
    conversation.flow.hosts[index(Side::server)].system = GetParam();
    conversation.open();
    for (int i = 0; i < 60; ++i) {
      const auto begin = static_cast<std::int64_t>(random() % 80);
      const std::string bytes(random() % 12 + 1, static_cast<char>('!' + i % 4));
      if (conversation.send(c(begin, bytes)) == TcpTracker::Outcome::accept) model->take({begin, bytes});
      ASSERT_EQ(conversation.sink.texts[0], model->application) << "seed " << seed << ", segment " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(TcpTracker, OverlapModel,
                         testing::Values(System::first, System::last, System::linux, System::windows,
                                         System::windows_2003, System::bsd, System::solaris));

}  // namespace
}  // namespace bansoko::flow
