// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/rdp/settings_blocks.h"

#include <algorithm>

namespace bansoko::proto::rdp {
namespace {

enum BlockType : std::uint16_t {
  server_core = 0x0c01,
  server_security = 0x0c02,
  server_network = 0x0c03,
  client_core = 0xc001,
  client_security = 0xc002,
  client_network = 0xc003,
  client_cluster = 0xc004,
  client_monitor = 0xc005,
};

constexpr std::uint32_t kMostChannels = 31;

/// Nothing: the block ends before.
Number take16(ByteReader& in) noexcept {
  const std::uint16_t value = in.u16le();
  return in.ok() ? Number(value) : std::nullopt;
}
Number take32(ByteReader& in) noexcept {
  const std::uint32_t value = in.u32le();
  return in.ok() ? Number(value) : std::nullopt;
}

AnomalyBits whole(const ByteReader& in) noexcept { return in.ok() ? 0 : bit(malformed_user_data); }

// Section 2.2.1.3.2. What stands behind imeFileName is optional, from the end.
AnomalyBits read_client_core(Bytes bytes, SettingsBlocks& blocks) noexcept {
  ByteReader in(bytes);
  blocks.version = take32(in);
  blocks.desktop_width = take16(in);
  blocks.desktop_height = take16(in);
  blocks.color_depth = take16(in);
  in.skip(2);  // SASSequence
  blocks.keyboard_layout = take32(in);
  blocks.build = take32(in);
  blocks.name.read(in.take(32));
  blocks.keyboard_type = take32(in);
  blocks.keyboard_subtype = take32(in);
  blocks.function_keys = take32(in);
  blocks.ime_file.read(in.take(64));
  const AnomalyBits anomalies = whole(in);
  in.skip(2 + 2 + 4);  // postBeta2ColorDepth, clientProductId, serialNumber
  if (const Number high_color_depth = take16(in)) blocks.color_depth = high_color_depth;
  in.skip(2);  // supportedColorDepths
  blocks.early_capabilities = take16(in);
  blocks.product_id.read(in.take(64));
  in.skip(1 + 1);  // connectionType, pad1octet
  blocks.requested_protocols = take32(in);
  return anomalies;
}

// Section 2.2.1.4.2.
AnomalyBits read_server_core(Bytes bytes, SettingsBlocks& blocks) noexcept {
  ByteReader in(bytes);
  blocks.version = take32(in);
  const AnomalyBits anomalies = whole(in);
  blocks.requested_protocols = take32(in);
  blocks.early_capabilities = take32(in);
  return anomalies;
}

// Sections 2.2.1.3.3 and 2.2.1.4.3: of a client the second number is for the French version alone.
AnomalyBits read_security(Bytes bytes, bool is_client, SettingsBlocks& blocks) noexcept {
  ByteReader in(bytes);
  blocks.encryption_methods = take32(in);
  const Number second = take32(in);
  if (!is_client) blocks.encryption_level = second;
  return whole(in);
}

Bytes until_zero(Bytes name) noexcept {
  return name.first(static_cast<std::size_t>(std::ranges::find(name, std::uint8_t{0}) - name.begin()));
}

AnomalyBits read_client_network(Bytes bytes, SettingsBlocks& blocks,
                                std::vector<Channel>& channels) noexcept {
  constexpr std::size_t kNameSize = 8;
  ByteReader in(bytes);
  const std::uint32_t stated = in.u32le();
  if (!in.ok()) return bit(malformed_user_data);
  blocks.channels_stated = std::max(blocks.channels_stated.value_or(0), std::uint64_t{stated});
  AnomalyBits anomalies = stated > kMostChannels ? bit(channel_count) : 0;
  for (std::uint32_t i = 0; i < stated; ++i) {
    const Bytes name = in.take(kNameSize);
    const std::uint32_t options = in.u32le();
    if (!in.ok()) return anomalies | bit(channel_count);
    if (channels.size() == channels.capacity()) return anomalies | bit(channel_limit);
    channels.push_back({.name = until_zero(name), .options = options});
  }
  return anomalies;
}

// Section 2.2.1.4.4.
AnomalyBits read_server_network(Bytes bytes, SettingsBlocks& blocks) noexcept {
  ByteReader in(bytes);
  in.skip(2);  // MCSChannelId
  blocks.channels_stated = take16(in);
  return whole(in);
}

// Section 2.2.1.3.5.
AnomalyBits read_cluster(Bytes bytes, SettingsBlocks& blocks) noexcept {
  ByteReader in(bytes);
  blocks.cluster_flags = take32(in);
  return whole(in);
}

// Section 2.2.1.3.6.
AnomalyBits read_monitors(Bytes bytes, SettingsBlocks& blocks) noexcept {
  ByteReader in(bytes);
  in.skip(4);  // flags
  blocks.monitors = take32(in);
  return whole(in);
}

AnomalyBits read_block(std::uint16_t type, Bytes bytes, SettingsBlocks& blocks,
                       std::vector<Channel>& channels) noexcept {
  switch (type) {
    case client_core:
      return read_client_core(bytes, blocks);
    case server_core:
      return read_server_core(bytes, blocks);
    case client_security:
    case server_security:
      return read_security(bytes, type == client_security, blocks);
    case client_network:
      return read_client_network(bytes, blocks, channels);
    case server_network:
      return read_server_network(bytes, blocks);
    case client_cluster:
      return read_cluster(bytes, blocks);
    case client_monitor:
      return read_monitors(bytes, blocks);
    default:
      return 0;
  }
}

}  // namespace

void Utf16Name::read(Bytes characters) noexcept {
  ByteReader in(characters.first(std::min(characters.size(), kMost)));
  is_here_ = !characters.empty();
  size_ = 0;
  while (in.rest().size() >= 2) {
    const std::uint16_t letter = in.u16le();
    if (letter == 0) return;
    bytes_[size_++] = static_cast<std::uint8_t>(letter & 0xffU);
    if (letter > 0xff) bytes_[size_++] = static_cast<std::uint8_t>(letter >> 8U);
  }
}

AnomalyBits read_settings_blocks(Bytes bytes, SettingsBlocks& blocks,
                                 std::vector<Channel>& channels) noexcept {
  constexpr std::size_t kHeaderSize = 4;
  AnomalyBits anomalies = 0;
  ByteReader in(bytes);
  while (in.rest().size() >= kHeaderSize) {
    const std::uint16_t type = in.u16le();
    const std::size_t size = in.u16le();
    if (size < kHeaderSize) return anomalies | bit(malformed_user_data);
    const std::size_t content = size - kHeaderSize;
    if (content > in.rest().size()) anomalies |= bit(malformed_user_data);
    anomalies |= read_block(type, in.take(std::min(content, in.rest().size())), blocks, channels);
  }
  return in.rest().empty() ? anomalies : anomalies | bit(malformed_user_data);
}

}  // namespace bansoko::proto::rdp
