// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "shield/proto/http/inflater.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http {

/// Undoes one content coding of one body.
struct Decoder {
  Inflater inflater;
  std::vector<std::uint8_t> taken = {};  // until something is made of them: they are plain if nothing ever is
  bool has_made = false;
  bool is_plain = false;
  bool is_over = false;
};

/// The decoders of one worker. Each is large, so there is a fixed number of them; one is made when no used
/// one is free, and kept.
class DecoderPool {
 public:
  explicit DecoderPool(std::size_t most);

  /// Ready for another body. Null: all are in use.
  Decoder* take();
  void give_back(Decoder* decoder) noexcept;
  std::size_t in_use() const noexcept { return all_.size() - free_.size(); }

 private:
  std::vector<std::unique_ptr<Decoder>> all_;
  std::vector<Decoder*> free_;
  std::size_t most_;
};

/// What the HTTP parsers of one worker share.
class HttpMemory final : public SharedMemory {
 public:
  HttpMemory(std::size_t memory, std::size_t most_decoders) : budget(memory), decoders(most_decoders) {}

  MemoryBudget budget;  // for heads and bodies
  DecoderPool decoders;
};

}  // namespace bansoko::proto::http
