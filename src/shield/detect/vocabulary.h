// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>

#include "shield/proto/protocol.h"

namespace bansoko::detect {

/// The words that protocols bring into the rule language, each with the protocols that have it.
class Vocabulary {
 public:
  /// A bit for each protocol, by its index.
  using Protocols = std::uint64_t;

  struct BufferWord {
    Protocols with = 0;
    std::string_view name;  // in a protocol's table
    bool several = false;   // each mention stands for another instance
  };
  struct FieldWord {
    Protocols with = 0;
    const proto::Field* field = nullptr;  // of the first protocol that has it
  };

  /// At most 64; they must outlive this.
  explicit Vocabulary(std::span<const proto::Protocol* const> protocols);

  Protocols all() const noexcept { return all_; }
  /// Null: it is not a buffer of any; the same for fields.
  const BufferWord* buffer(std::string_view name) const noexcept;
  const FieldWord* field(std::string_view name) const noexcept;
  /// Those which one of these IP protocols may carry; an empty list means any.
  Protocols carried_by(std::span<const std::uint8_t> transports) const noexcept;

 private:
  std::unordered_map<std::string_view, BufferWord> buffers_;
  std::unordered_map<std::string_view, FieldWord> fields_;
  Protocols all_ = 0, over_tcp_ = 0, over_udp_ = 0;
};

}  // namespace bansoko::detect
