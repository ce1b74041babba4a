// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "shield/proto/protocol.h"

namespace bansoko::proto::smtp {

inline constexpr std::size_t kMostFiles = 32;
inline constexpr std::size_t kMostListed = 128;
inline constexpr std::size_t kMostDepth = 16;

/// In the order of Limits::from().
inline constexpr std::array kLimits{
    Limit{"line_limit", "one line of commands, answers or mail; longer ones are read in pieces", 4096, 512,
          1 << 16, true},
    Limit{"header_limit", "one header of a mail or a part of it; its end is left out", 16 << 10, 256, 1 << 20,
          true},
    Limit{"text_limit", "addresses and headers of one mail that rules may look into; later ones are left out",
          64 << 10, 1024, 1 << 20, true},
    Limit{"list_limit", "recipients, Received headers and links of one mail; later ones are left out",
          kMostListed, 1, kMostListed},
    Limit{"file_limit", "parts of one mail looked into; what is in later ones is not", kMostFiles, 1,
          kMostFiles},
    Limit{"file_size", "of each part of a mail, decoded, looked into; the rest passes unread", 100 << 10,
          1024, 1 << 28, true},
    Limit{"mime_depth", "multiparts one inside another; deeper ones are looked at as they stand", 8, 1,
          kMostDepth},
    Limit{"memory",
          "for the mails of all connections, per worker, beyond a fixed part of each; when it is used up, no "
          "more of them is kept",
          64 << 20, 1 << 20, 1ULL << 40, true},
    Limit{"digest_limit", "of a part of a mail, decoded, whose digest rules ask for; a larger one has none",
          64 << 20, 1024, 1ULL << 40, true},
};

struct Limits {
  std::size_t line = 0, header = 0, text = 0, listed = 0, files = 0, file_size = 0, depth = 0, memory = 0;
  std::uint64_t digest = 0;

  /// Where `values` is short, the defaults.
  static Limits from(std::span<const std::uint64_t> values) noexcept {
    const auto at = [values](std::size_t i) {
      return static_cast<std::size_t>(i < values.size() ? values[i] : kLimits[i].value);
    };
    return {at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8)};
  }
};

}  // namespace bansoko::proto::smtp
