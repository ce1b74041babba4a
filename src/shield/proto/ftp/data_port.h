// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "shield/packet/address.h"

namespace bansoko::proto::ftp {

/// Where somebody waits for a connection for data.
struct DataPort {
  std::optional<packet::Address> host = {};  // nothing: the one who says so
  std::uint16_t port = 0;
};

/// "10,0,0,1,4,2": the argument of PORT, or in the answer to PASV (RFC 959), wherever in the text it stands.
std::optional<DataPort> read_port(std::string_view text) noexcept;
/// "|1|10.0.0.1|1026|": the argument of EPRT (RFC 2428).
std::optional<DataPort> read_extended_port(std::string_view text) noexcept;
/// "... (|||1026|)": the answer to EPSV.
std::optional<DataPort> read_extended_passive(std::string_view text) noexcept;

}  // namespace bansoko::proto::ftp
