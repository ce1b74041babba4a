// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "patches/scope.h"
#include "patches/templates.h"
#include "patches/yaml.h"

namespace bansoko::patches {

struct Port {
  bool udp = false;
  std::uint16_t number = 0;
};

/// One step of a dialogue.
struct Move {
  enum class What : std::uint8_t { client, server, wait, connect, close, reset };

  What what = What::client;
  std::string bytes = {};            // client, server: one message
  std::chrono::nanoseconds time{0};  // wait
  Port port = {};                    // connect: a new connection
};

inline constexpr std::size_t kMostMoves = 4096;
inline constexpr std::size_t kMostBytes = std::size_t{4} << 20U;

/// The steps of a dialogue as moves; what is wrong goes to the faults. More moves or bytes than the limits
/// are a fault.
std::vector<Move> read_moves(const Node& steps, const Scope& scope, const Templates& templates,
                             Faults& faults);

/// "tcp/445"; a fault if it is not.
Port read_port(const Node& node, const FaultSink& faults);

/// "500 ms"; a fault if it is not.
std::chrono::nanoseconds read_time(const Node& node, const FaultSink& faults);

}  // namespace bansoko::patches
