// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/anomaly.h"
#include "shield/proto/http/buffers.h"
#include "shield/proto/http/limits.h"
#include "shield/proto/http/parser.h"
#include "shield/proto/http/probe.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http {
namespace {

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits) {
  return std::make_unique<HttpParser>(Limits::from(limits), wanted_bodies);
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "http",
                                 .help = "HTTP/1.x and 0.9",
                                 .transport = packet::Protocol::tcp,
                                 .probe = probe,
                                 .make_parser = make_parser,
                                 .buffers = buffers(),
                                 .fields = {},
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::http
