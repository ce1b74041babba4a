// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "shield/proto/protocol.h"

namespace bansoko::proto {

/// For tests: reads all that rules could see and notes nothing, so that only the parser may allocate.
class QuietReader final : public TransactionSink {
 public:
  explicit QuietReader(const Protocol& protocol) : protocol_(protocol) {}

  void on_progress(Transaction& transaction, Side side) noexcept override {
    for (const Buffer& buffer : protocol_.buffers)
      if (buffer.side == side) bytes += buffer.get(transaction, 0).value_or(Bytes{}).size();
  }
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}

  std::size_t bytes = 0;

 private:
  const Protocol& protocol_;
};

}  // namespace bansoko::proto
