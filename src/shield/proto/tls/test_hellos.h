// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shield/proto/tls/test_wire.h"

/// Records of which most dialogues of the tests are made.
namespace bansoko::proto::tls::wire {

inline const std::string kHello = record(kHandshake, ClientHello{.extensions = sni("example.org")}.wire());
inline const std::string kAnswer = record(kHandshake, ServerHello{}.wire());
inline const std::string kFull =
    record(kHandshake, ServerHello{}.wire() + chain({TestCertificate{}.wire()}) + message(14, ""));
inline const std::string kKeys = record(kHandshake, message(16, "key"));
inline const std::string kSealed = record(kHandshake, "encrypted");

inline const std::string kChosen13 = extension(43, u16(0x0304));
inline const std::string kOffers13 =
    record(kHandshake, ClientHello{.extensions = versions(u16(0x0304) + u16(0x0303))}.wire());

}  // namespace bansoko::proto::tls::wire
