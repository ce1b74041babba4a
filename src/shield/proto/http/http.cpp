// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/http/anomaly.h"
#include "shield/proto/http/buffers.h"
#include "shield/proto/http/fields.h"
#include "shield/proto/http/limits.h"
#include "shield/proto/http/parser.h"
#include "shield/proto/http/probe.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http {
namespace {

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> values) {
  const Limits limits = Limits::from(values);
  return std::make_unique<HttpMemory>(limits.memory, limits.inflaters);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<HttpParser>(Limits::from(limits), static_cast<HttpMemory&>(*shared), wanted_bodies);
}

constexpr std::array<std::string_view, 1> kAlso{"http1"};

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "http",
                                 .also = kAlso,
                                 .help = "HTTP/1.x and 0.9",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = buffers(),
                                 .fields = fields(),
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::http
