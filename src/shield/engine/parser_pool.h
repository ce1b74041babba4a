// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "shield/proto/protocol.h"

namespace bansoko::engine {

/// The parsers of one protocol in one worker. One is made when no used one is free; from then on it is
/// only lent out, so that a worker which has seen its busiest moment allocates no more. What parsers hold
/// beyond a fixed part each comes from the memory that they share.
class ParserPool {
 public:
  /// `limits` in the order of Protocol::limits. At most `most` parsers are ever made.
  ParserPool(const proto::Protocol& protocol, std::vector<std::uint64_t> limits, std::uint32_t most);

  /// Null: the protocol has no parser, or all are in use.
  proto::Parser* take(const proto::Assignment& assignment) noexcept;
  void give_back(proto::Parser* parser) noexcept;

 private:
  const proto::Protocol& protocol_;
  std::vector<std::uint64_t> limits_;
  std::unique_ptr<proto::SharedMemory> shared_;  // outlives the parsers
  std::vector<std::unique_ptr<proto::Parser>> all_;
  std::vector<proto::Parser*> free_;
};

}  // namespace bansoko::engine
