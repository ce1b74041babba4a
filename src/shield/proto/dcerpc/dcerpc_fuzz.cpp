// SPDX-License-Identifier: Apache-2.0
// The input is a byte that chooses TCP or UDP, then a dialogue (fuzz_dialogue.h). Over TCP it is fed once as
// given and once byte by byte: each call must come out the same.
#include <array>
#include <cstdint>

#include "shield/proto/dcerpc/dcerpc_parser.h"
#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"

namespace bansoko::proto::dcerpc {
const Protocol& describe();

namespace {

using fuzz::require;

constexpr std::array<std::uint64_t, 5> kLimits{2048, 4, 3, 4, 1 << 20};
constexpr std::array<std::uint64_t, 5> kLittle{2048, 4, 3, 4, 3000};

class Digest final : public TransactionSink {
 public:
  void on_progress(Transaction& transaction, Side side) noexcept override {
    const std::uint8_t progress = transaction.progress[flow::index(side)];
    require(progress > kNotStarted);
    require(transaction.progress[flow::index(flow::other(side))] == kNotStarted);
    for (const Buffer& buffer : describe().buffers) {
      if (buffer.side != side || buffer.ready_at > progress) continue;
      const auto bytes = buffer.get(transaction, 0);
      require(!bytes || bytes->size() <= kLimits[0]);
      require(!buffer.get(transaction, 1));
    }
    for (const Field& field : describe().fields)
      if (field.side == side && field.ready_at <= progress) field.get(transaction);
  }
  void on_end(Transaction& transaction) noexcept override {
    const Call& call = static_cast<const Call&>(transaction);
    require(call.is_told);
    ++ended;
    add(call.id);
    add(call.type);
    add(call.opnum.value_or(0xFFFFF));
    add(call.progress[flow::index(call.side)]);
    for (const std::uint8_t byte : call.stub()) add(byte);
    if (call.interface)
      for (const std::uint8_t byte : *call.interface) add(byte);
  }
  void on_anomaly(Side, std::size_t anomaly) noexcept override {
    require(anomaly < describe().anomalies.size());
    add(anomaly);
  }

  std::uint64_t sum = 14695981039346656037ULL;
  std::size_t ended = 0;

 private:
  void add(std::uint64_t number) noexcept { sum = (sum ^ number) * 1099511628211ULL; }
};

Digest run(Parser& parser, Bytes dialogue, std::size_t piece, Transports transport) {
  Digest digest;
  fuzz::feed(parser, dialogue, piece, digest, transport);
  return digest;
}

}  // namespace
}  // namespace bansoko::proto::dcerpc

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  using namespace bansoko::proto::dcerpc;
  if (size == 0) return 0;
  const Transports transport = (data[0] & 1U) != 0 ? kOverUdp : kOverTcp;
  const bansoko::Bytes dialogue(data + 1, size - 1);
  static const LoneParser parser(describe(), kLimits);
  const Digest whole = run(*parser, dialogue, SIZE_MAX, transport);
  if (transport == kOverTcp) {
    const Digest bytewise = run(*parser, dialogue, 1, transport);
    require(whole.sum == bytewise.sum && whole.ended == bytewise.ended);
  }
  fuzz::run_with_little_memory<CallMemory>(describe(), kLittle, dialogue, transport);
  describe().probe({.window = dialogue}, {.transport = transport});
  return 0;
}
