// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/http/buffers.h"
#include "shield/proto/http2/anomaly.h"
#include "shield/proto/http2/buffers.h"
#include "shield/proto/http2/limits.h"
#include "shield/proto/http2/parser.h"
#include "shield/proto/http2/probe.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http2 {
namespace {

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> values) {
  const Limits limits = Limits::from(values);
  return std::make_unique<http::HttpMemory>(limits.http.memory, limits.http.inflaters);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<Http2Parser>(Limits::from(limits), static_cast<http::HttpMemory&>(*shared),
                                       http::wanted_bodies);
}

constexpr std::array<std::string_view, 1> kAlso{"http"};

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "http2",
                                 .also = kAlso,
                                 .help = "HTTP/2 without TLS (RFC 9113, 7541)",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = buffers(),
                                 .fields = numbers(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::http2
