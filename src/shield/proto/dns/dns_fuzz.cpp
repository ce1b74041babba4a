// SPDX-License-Identifier: Apache-2.0
// A dialogue: per piece a byte (bit 0: the server, bit 1: after a loss) and its length in two bytes. The
// first byte of all says over what.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "shield/proto/dns/dns_parser.h"
#include "shield/proto/dns/probe.h"
#include "shield/proto/message_recorder.h"

namespace bansoko::proto::dns {
const Protocol& describe();

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

constexpr std::array<std::uint64_t, 3> kSmall{4, 64, 1 << 16};

struct Talk {
  Transports transport = kOverUdp;
  bool has_gap = false;
  std::vector<Sent> sent;
};

Talk read_talk(Bytes bytes) {
  ByteReader in(bytes);
  Talk talk{.transport = (in.u8() & 1U) != 0 ? kOverTcp : kOverUdp, .sent = {}};
  while (!in.rest().empty() && talk.sent.size() < 64) {
    const std::uint8_t head = in.u8();
    const std::size_t size = std::min<std::size_t>(in.u16(), in.rest().size());
    const std::uint32_t gap = talk.transport == kOverTcp && (head & 2U) != 0 ? head : 0;
    talk.has_gap |= gap != 0;
    talk.sent.push_back({.from = (head & 1U) != 0 ? Side::server : Side::client,
                         .bytes = std::string(as_text(in.take(size))),
                         .gap = gap});
  }
  return talk;
}

MessageRecorder run(Parser& parser, const Talk& talk, std::size_t piece) {
  MessageRecorder seen(describe());
  feed(parser, talk.sent, talk.transport, seen, piece);
  require(seen.ids == seen.ended);
  for (const auto& line : seen.lines)
    if (line.name.ends_with("name") || line.name == "dns.query") require(line.value.size() <= kLongestName);
  return seen;
}

}  // namespace
}  // namespace bansoko::proto::dns

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  using namespace bansoko::proto::dns;
  const Talk talk = read_talk(bansoko::Bytes(data, size));
  const auto shared = describe().make_shared(kSmall);
  {
    const auto parser = describe().make_parser(kSmall, shared.get());
    const MessageRecorder whole = run(*parser, talk, SIZE_MAX);
    if (!talk.has_gap && talk.transport == kOverTcp) {
      const MessageRecorder bytewise = run(*parser, talk, 1);
      const auto is_cut = [](const auto& line) { return line.value == "dns.memory_limit"; };
      if (std::ranges::none_of(bytewise.lines, is_cut)) require(whole.lines == bytewise.lines);
      require(whole.ids.size() == bytewise.ids.size());
    }
    parser->reset({});
  }
  require(static_cast<const DnsMemory&>(*shared).budget.used() == 0);
  for (const Transports transport : {kOverTcp, kOverUdp})
    for (const std::uint16_t port : {std::uint16_t{53}, std::uint16_t{5353}, std::uint16_t{4000}})
      probe({.window = bansoko::Bytes(data, size)},
            {.transport = transport, .client_port = 40000, .server_port = port});
  return 0;
}
