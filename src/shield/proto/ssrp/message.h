// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::ssrp {

/// Indexes into kAnomalies.
enum Anomaly : std::uint8_t { malformed_data, unknown_type, name_too_long, response_size };

inline constexpr std::array<std::string_view, 4> kAnomalies{
    "ssrp.malformed_data",  // ends within what its type has, or goes on behind it
    "ssrp.unknown_type",    // none of [MC-SQLR] section 2.2
    "ssrp.name_too_long",   // an instance name of more than 32 bytes
    "ssrp.response_size",   // an answer of another size than it states
};

/// [MC-SQLR] section 2.2.
enum Type : std::uint8_t {
  broadcast = 0x02,
  unicast = 0x03,
  instance_request = 0x04,
  response = 0x05,
  ping = 0x0A,  // SQL Server 2000 answers it in kind (CVE-2002-0650)
  dac_request = 0x0F,
};

inline constexpr std::size_t kMaxName = 32;

/// One message of the SQL Server Resolution Protocol ([MC-SQLR]).
class SsrpMessage final : public Transaction {
 public:
  /// A bit per anomaly.
  std::uint32_t read(Bytes bytes) noexcept;
  void reset() noexcept {}

  std::optional<std::uint64_t> type = {};
  std::optional<Bytes> instance = {};  // up to its zero, or to the end where it has none
  std::optional<std::uint64_t> instance_length = {};
  std::optional<Bytes> answer = {};               // what the servers say of themselves
  std::optional<std::uint64_t> stated_size = {};  // of that
  std::optional<std::uint64_t> dac_port = {};     // where the dedicated administrator connection is

 private:
  std::uint32_t read_name(Bytes rest) noexcept;
  std::uint32_t read_answer(ByteReader in) noexcept;
};

/// Whether it is an answer about instances, which on any port nothing else looks like.
bool is_instance_list(Bytes bytes) noexcept;

}  // namespace bansoko::proto::ssrp
