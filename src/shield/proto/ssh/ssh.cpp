// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "shield/proto/protocol.h"
#include "shield/proto/ssh/ssh_parser.h"

namespace bansoko::proto::ssh {
namespace {

constexpr std::array kLimits{
    Limit{"banner_size", "bytes looked into of the line that a side begins with", 255, 32, 4096, true},
    Limit{"prelude_size", "bytes of lines that may come before a server's", 8192, 0, 1 << 20, true},
    Limit{"kexinit_size", "bytes looked into of a side's list of algorithms", 35000, 512, 256 << 10, true},
    Limit{"memory",
          "for the lists of all connections, per worker, beyond a fixed part of each; when it is used up, "
          "longer "
          "lists are not looked into",
          16 << 20, 1 << 20, 1ULL << 40, true},
};

Limits read_limits(std::span<const std::uint64_t> limits) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(i < limits.size() ? limits[i] : kLimits[i].value);
  };
  return {.banner_size = at(0), .prelude_size = at(1), .kexinit_size = at(2), .memory = at(3)};
}

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<SshMemory>(read_limits(limits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<SshParser>(read_limits(limits), static_cast<SshMemory&>(*shared));
}

Guess probe(const StreamChunk& first, const Approach&) noexcept {
  constexpr std::string_view kMark = "SSH-";
  const std::string_view said = as_text(first.window).substr(0, kMark.size());
  if (!kMark.starts_with(said)) return Guess::no;
  return said.size() < kMark.size() ? Guess::maybe : Guess::yes;
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{
      .name = "ssh",
      .help = "SSH: who both sides say they are, and their messages before there are keys",
      .transports = kOverTcp,
      .probe = probe,
      .make_shared = make_shared,
      .make_parser = make_parser,
      .buffers = ssh_buffers(),
      .fields = ssh_fields(),
      .limits = kLimits,
      .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::ssh
