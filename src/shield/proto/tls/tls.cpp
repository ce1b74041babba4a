// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/protocol.h"
#include "shield/proto/tls/anomaly.h"
#include "shield/proto/tls/handshake.h"
#include "shield/proto/tls/probe.h"
#include "shield/proto/tls/tls_parser.h"

namespace bansoko::proto::tls {
namespace {

constexpr std::array kLimits{
    Limit{"message_size", "bytes looked into of a hello, or of a chain of certificates", 0x21000, 1024,
          1 << 24, true},
    Limit{"hellos", "hellos of one side of a connection; with more it is no longer parsed", 8, 1, 1024},
    Limit{"memory",
          "for the hellos and certificates of all connections, per worker, beyond a fixed part of each; when "
          "it "
          "is used up, what is at hand of a message is looked into",
          32 << 20, 1 << 20, 1ULL << 40, true},
    Limit{"search_encrypted",
          "1: rules about raw bytes look at encrypted application data as well, where they find nothing but "
          "by chance",
          0, 0, 1},
};

Limits read_limits(std::span<const std::uint64_t> limits) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(i < limits.size() ? limits[i] : kLimits[i].value);
  };
  return {.message_size = at(0), .hellos = at(1), .memory = at(2), .seals = at(3) == 0};
}

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<TlsMemory>(read_limits(limits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<TlsParser>(read_limits(limits), static_cast<TlsMemory&>(*shared));
}

constexpr std::array<std::string_view, 1> kOtherNames{"ssl"};

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "tls",
                                 .also = kOtherNames,
                                 .help = "handshakes of TLS 1.0 to 1.3 and SSL 3.0, and hellos of SSL 2.0",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = tls_buffers(),
                                 .fields = tls_fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::tls
