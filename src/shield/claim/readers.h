// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "shield/claim/claim.h"
#include "shield/proto/protocol.h"

/// How parts of transactions become claims: ReadBytes and ReadNumber of topics.
namespace bansoko::claim {

/// The bytes as they are.
void read_text(Bytes part, std::string_view argument, Claim& claim) noexcept;

/// The same, if all of them are printable ASCII: what is not, is no name.
void read_ascii(Bytes part, std::string_view argument, Claim& claim) noexcept;

/// The value of a header out of lines of "Name: value"; `argument` is its name.
void read_header(Bytes part, std::string_view argument, Claim& claim) noexcept;

/// The rest of the line that begins with `argument`: "redis_version:".
void read_line(Bytes part, std::string_view argument, Claim& claim) noexcept;

/// VERSION and names out of an NTLMSSP message, wherever it begins in `part` ([MS-NLMP] sections 2.2.1 and
/// 2.2.2.10): "5.2.3790 computer=FS1 dns=fs1.corp.example". Names are those of a CHALLENGE's target alone,
/// since what stands in the other messages is about people.
void read_ntlmssp(Bytes part, std::string_view argument, Claim& claim) noexcept;

/// The same out of the base64 that HTTP has in a header (RFC 4559); `argument` is the header's name.
void read_ntlmssp_header(Bytes part, std::string_view argument, Claim& claim) noexcept;

/// 0x08000762 as "8.0.1890": major, minor, build of TDS ([MS-TDS] section 2.2.6.5).
void read_tds_version(std::uint64_t number, const proto::Field& field, Claim& claim) noexcept;

/// 0x0301 as "1.0" (RFC 8446 section 4.1.3), 0x0300 as "ssl3", 2 as "ssl2".
void read_tls_version(std::uint64_t number, const proto::Field& field, Claim& claim) noexcept;

/// What a server says first, its lines in one, without their codes ("+OK", "220-"); a line with another code
/// ends it. What differs each time (the
/// time of day, a stamp for APOP) is left out.
void read_greeting(std::string_view said, Claim& claim) noexcept;

}  // namespace bansoko::claim
