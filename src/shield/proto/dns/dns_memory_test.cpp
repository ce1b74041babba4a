// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dns/dns_parser.h"
#include "shield/proto/dns/test_message.h"
#include "shield/proto/message_recorder.h"
#include "tests/allocations.h"

namespace bansoko::proto::dns {
const Protocol& describe();

namespace {
using wire::request;
using wire::response;

TEST(DnsParserMemory, NothingIsAllocatedOnceWarm) {
  const std::string request_bytes = request("www.example.test").bytes();
  const std::string stream = request("www.example.test").framed();
  const LoneParser parser(describe());
  MessageRecorder quiet(describe());
  quiet.quiet = true;
  quiet.ended.reserve(1000);
  const std::string answer = response("www.example.test").bytes();
  const std::vector<Sent> datagrams{client(request_bytes), server(answer)};
  const std::vector<Sent> segments{client(stream), client(stream)};
  feed(*parser, datagrams, kOverUdp, quiet);
  feed(*parser, segments, kOverTcp, quiet, 5);
  const AllocationCounter allocations;
  for (int i = 0; i < 10; ++i) {
    feed(*parser, datagrams, kOverUdp, quiet);
    feed(*parser, segments, kOverTcp, quiet, 5);
  }
  EXPECT_EQ(allocations.count(), 0u);
}

TEST(DnsParserMemory, ComesBack) {
  constexpr std::array<std::uint64_t, 3> kLittle{64, 16, 4096};
  const auto shared = describe().make_shared(kLittle);
  const MemoryBudget& budget = static_cast<const DnsMemory&>(*shared).budget;
  {
    const auto parser = describe().make_parser(kLittle, shared.get());
    MessageRecorder seen(describe());
    feed(*parser, {client(request("a").raw(std::string(3000, 'x')).framed())}, kOverTcp, seen, 100);
    EXPECT_GT(budget.used(), 0u);
    parser->reset({});
    EXPECT_FALSE(budget.is_tight());
  }
  EXPECT_EQ(budget.used(), 0u);
}

}  // namespace
}  // namespace bansoko::proto::dns
