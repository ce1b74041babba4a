// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). It is fed once as given and once byte by byte: what a rule could
// see at the end of each message, and of each call in a pipe, must be the same. In which order calls,
// messages and anomalies are told is not part of it.
#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/smb/smb_parser.h"

namespace bansoko::proto::smb {
const Protocol& describe();

namespace {

using fuzz::require;

constexpr std::array<std::uint64_t, 13> kLimits{4096, 4, 8, 1 << 22, 2, 2048, 4, 3, 3, 2048, 1024, 2, 2048};
constexpr std::array<std::uint64_t, 4> kLittle{4096, 4, 8, 2500};

class Digest final : public TransactionSink {
 public:
  void on_progress(Transaction& transaction, Side side) noexcept override {
    const std::uint8_t progress = transaction.progress[flow::index(side)];
    require(progress > kNotStarted);
    require(transaction.progress[flow::index(flow::other(side))] == kNotStarted);
    is_call_ = static_cast<const dcerpc::CarrierTransaction&>(transaction).is_call();
    for (const Buffer& buffer : describe().buffers) {
      if (buffer.side != side || buffer.ready_at > progress) continue;
      for (unsigned i = 0; const auto bytes = buffer.get(transaction, i); ++i) {
        require(i < kLimits[2] && bytes->size() <= kLimits[0]);
        if (progress == kComplete) add(*bytes);
      }
    }
    for (const Field& field : describe().fields) {
      if (field.side != side || field.ready_at > progress) continue;
      const auto value = field.get(transaction);
      if (progress == kComplete) add(value.value_or(~0ULL));
    }
  }
  void on_end(Transaction& transaction) noexcept override {
    is_call_ = static_cast<const dcerpc::CarrierTransaction&>(transaction).is_call();
    add(transaction.id);
    ++ended;
  }
  void on_anomaly(Side, std::size_t anomaly) noexcept override {
    require(anomaly < anomalies.size());
    ++anomalies[anomaly];
  }

  bool operator==(const Digest& other) const noexcept {
    return sums == other.sums && ended == other.ended && anomalies == other.anomalies;
  }

  std::array<std::uint64_t, 2> sums{14695981039346656037ULL, 14695981039346656037ULL};  // messages, calls
  std::size_t ended = 0;
  std::array<std::uint32_t, first_of_calls + dcerpc::kCallAnomalies.size()> anomalies{};

 private:
  void add(std::uint64_t number) noexcept {
    std::uint64_t& sum = sums[is_call_ ? 1 : 0];
    sum = (sum ^ number) * 1099511628211ULL;
  }
  void add(Bytes bytes) noexcept {
    add(bytes.size());
    for (const std::uint8_t byte : bytes) add(byte);
  }

  bool is_call_ = false;
};

Digest run(Parser& parser, Bytes dialogue, std::size_t piece) {
  Digest digest;
  fuzz::feed(parser, dialogue, piece, digest);
  return digest;
}

}  // namespace
}  // namespace bansoko::proto::smb

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto::smb;
  const bansoko::Bytes dialogue(data, size);
  static const bansoko::proto::LoneParser parser(describe(), kLimits);
  const Digest whole = run(*parser, dialogue, SIZE_MAX);
  const Digest bytewise = run(*parser, dialogue, 1);
  require(whole == bytewise);
  bansoko::proto::fuzz::run_with_little_memory<SmbMemory>(describe(), kLittle, dialogue);
  describe().probe({.window = dialogue}, {});
  return 0;
}
