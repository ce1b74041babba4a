// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue: a byte that chooses TCP or UDP, then records of one byte of side and gap, two of
// length, then bytes. Over TCP it is fed once as given and once byte by byte: each call must come out the
// same.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "shield/proto/dcerpc/dcerpc_parser.h"
#include "shield/proto/lone_parser.h"

namespace bansoko::proto::dcerpc {
const Protocol& describe();

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::array<std::uint64_t, 5> kLimits{2048, 4, 3, 4, 1 << 20};

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
  parser.reset({.wanted = ~0ULL, .transport = transport});
  Digest digest;
  ByteReader in(dialogue);
  std::array<std::uint64_t, 2> offset{};
  Parsed result = Parsed::more;
  while (result == Parsed::more && !in.rest().empty()) {
    const std::uint8_t head = in.u8();
    const std::size_t wanted = in.u16();
    Bytes rest = in.take(std::min(wanted, in.rest().size()));
    const Side side = (head & 1U) != 0 ? Side::server : Side::client;
    std::uint32_t gap = (head & 2U) != 0 && transport == kOverTcp ? head >> 2U : 0;
    std::uint64_t& at = offset[flow::index(side)];
    while (result == Parsed::more && !rest.empty()) {
      const Bytes now = rest.first(std::min(piece, rest.size()));
      at += gap;
      result = parser.feed({.from = side, .gap = gap, .offset = at, .window = now}, digest);
      gap = 0;
      at += now.size();
      rest = rest.subspan(now.size());
    }
  }
  parser.end(digest);
  return digest;
}

/// What is taken of little memory is given back.
void run_with_little_memory(Bytes dialogue, Transports transport) {
  constexpr std::array<std::uint64_t, 5> kLittle{2048, 4, 3, 4, 3000};
  const auto shared = describe().make_shared(kLittle);
  const auto& budget = static_cast<const CallMemory&>(*shared).budget;
  {
    const auto parser = describe().make_parser(kLittle, shared.get());
    run(*parser, dialogue, 500, transport);
    parser->reset({.wanted = ~0ULL, .transport = transport});
  }
  require(budget.used() == 0);
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
  run_with_little_memory(dialogue, transport);
  describe().probe({.window = dialogue}, {.transport = transport});
  return 0;
}
