// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "shield/proto/rdp/anomaly.h"
#include "shield/proto/rdp/settings_blocks.h"

namespace bansoko::proto::rdp {

/// Types of PDUs: the tags of T.125, which are 101 and 102 of what opens a domain, and below 64 within it.
enum McsType : std::uint8_t {
  erect_domain_request = 1,
  disconnect_provider_ultimatum = 8,
  attach_user_request = 10,
  attach_user_confirm = 11,
  channel_join_request = 14,
  channel_join_confirm = 15,
  send_data_request = 25,
  send_data_indication = 26,
  connect_initial = 101,
  connect_response = 102,
};

/// What a domain is to have room for (T.125 section 7, DomainParameters).
struct DomainParameters {
  Number max_channel_ids = {}, max_user_ids = {}, max_token_ids = {}, max_pdu_size = {};
};

/// One MCS PDU (ITU-T T.125; [MS-RDPBCGR] sections 2.2.1.3 to 2.2.1.9).
struct McsPdu {
  Number type = {};
  Number result = {};
  Number initiator = {};
  Number channel_id = {};
  DomainParameters target = {}, minimum = {}, maximum = {};
  SettingsBlocks blocks = {};
  std::optional<Bytes> user_data = {};  // of GCC: the blocks
  std::optional<Bytes> data = {};       // sent to a channel
};

/// Reads a PDU; of channels no more are added to `channels` than it has capacity for.
AnomalyBits read_mcs(Bytes bytes, McsPdu& pdu, std::vector<Channel>& channels) noexcept;

/// The blocks within the connect data of GCC's ConferenceCreateRequest or -Response (T.124 section 8.7).
/// Nothing: it is none of them.
std::optional<Bytes> conference_user_data(Bytes connect_data) noexcept;

/// What stands behind the first of the two keys: for connect data that is not as it should be, since a server
/// may be less strict.
std::optional<Bytes> find_user_data(Bytes connect_data) noexcept;

}  // namespace bansoko::proto::rdp
