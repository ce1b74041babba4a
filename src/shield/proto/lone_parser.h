// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "shield/proto/protocol.h"

namespace bansoko::proto {

/// For tests and fuzzing: a parser that shares its memory with no other.
class LoneParser {
 public:
  explicit LoneParser(const Protocol& protocol, std::span<const std::uint64_t> limits = {})
      : shared_(protocol.make_shared == nullptr ? nullptr : protocol.make_shared(limits)),
        parser_(protocol.make_parser(limits, shared_.get())) {}

  Parser& operator*() const noexcept { return *parser_; }
  Parser* operator->() const noexcept { return parser_.get(); }

 private:
  std::unique_ptr<SharedMemory> shared_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace bansoko::proto
