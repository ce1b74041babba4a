// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "shield/proto/http/message.h"
#include "shield/proto/http2/field_list.h"
#include "shield/proto/http2/frame.h"

namespace bansoko::proto::http2 {

/// What rules may ask of the frame that a transaction is about.
struct FrameFacts {
  FrameHeader header;
  std::uint64_t number = 0;  // how many of its type that side has sent by now, this one included
  std::optional<std::uint32_t> error = {};
  std::optional<std::uint8_t> priority = {};
  std::optional<std::uint32_t> increment = {};
  std::uint64_t block_size = 0;  // of the whole header block, as sent
  std::uint32_t continuations = 0;
};

/// One side of a stream.
struct Half {
  FrameFacts facts;
  FieldList fields;
  std::vector<std::uint64_t> updates = {};  // of the dynamic table's size, in its header block
  bool is_begun = false;                    // its message has
  bool has_data = false;
  std::uint64_t body_size = 0;

  explicit Half(MemoryBudget& budget) noexcept : fields(budget) {}
  void reset() noexcept;
};

/// A stream with its request and answer; or one frame that belongs to no message.
struct StreamTransaction final : http::HttpTransaction {
  static constexpr std::size_t kFixed = HttpTransaction::kFixed + 2 * FieldList::kFixed;

  explicit StreamTransaction(http::HttpMemory& memory) noexcept
      : HttpTransaction(memory), halves{Half(memory.budget), Half(memory.budget)} {}

  Half& half(Side side) noexcept { return halves[flow::index(side)]; }
  const Half& half(Side side) const noexcept { return halves[flow::index(side)]; }
  void reset() noexcept;
  void shrink() noexcept;
  void shrink_if_tight() noexcept;
  void count_memory() noexcept;

  std::uint32_t stream = 0;
  std::array<Half, 2> halves;  // by Side
  std::vector<std::uint64_t> settings =
      {};  // of a SETTINGS frame: the name in the upper half, the value below
};

}  // namespace bansoko::proto::http2
