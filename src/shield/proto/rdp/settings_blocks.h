// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "shield/proto/rdp/anomaly.h"

namespace bansoko::proto::rdp {

using Number = std::optional<std::uint64_t>;

/// A name of UTF-16, without the zero bytes between letters.
class Utf16Name {
 public:
  static constexpr std::size_t kMost = 64;

  void read(Bytes characters) noexcept;
  std::optional<Bytes> text() const noexcept {
    return is_here_ ? std::optional(Bytes(bytes_).first(size_)) : std::nullopt;
  }

 private:
  std::array<std::uint8_t, kMost> bytes_{};
  std::size_t size_ = 0;
  bool is_here_ = false;
};

/// What the blocks say that client and server exchange in GCC's user data ([MS-RDPBCGR] sections 2.2.1.3 and
/// 2.2.1.4). A block that comes twice counts each time: numbers and names are those of the last one,
/// channels those of all.
struct SettingsBlocks {
  Number version = {}, desktop_width = {}, desktop_height = {}, color_depth = {}, keyboard_layout = {};
  Number build = {}, keyboard_type = {}, keyboard_subtype = {}, function_keys = {};
  Number early_capabilities = {}, requested_protocols = {};
  Number encryption_methods = {}, encryption_level = {};
  Number cluster_flags = {}, channels_stated = {}, monitors = {};
  Utf16Name name = {}, ime_file = {}, product_id = {};
};

/// One channel that a client asks for ([MS-RDPBCGR] section 2.2.1.3.4.1).
struct Channel {
  Bytes name = {};  // up to its zero byte
  std::uint32_t options = 0;
};

/// Reads blocks; of channels no more are added to `channels` than it has capacity for.
AnomalyBits read_settings_blocks(Bytes bytes, SettingsBlocks& blocks,
                                 std::vector<Channel>& channels) noexcept;

}  // namespace bansoko::proto::rdp
