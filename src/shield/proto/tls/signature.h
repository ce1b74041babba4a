// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "shield/proto/tls/anomaly.h"

namespace bansoko::proto::tls {

/// What of a certificate's key tells how long its signatures may be.
struct PublicKey {
  bool is_elliptic = false;       // id-ecPublicKey (RFC 5480)
  std::uint32_t number_size = 0;  // of an elliptic one: bytes of a coordinate; 0: not known
};

/// Reads the content of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) as far as it can be read.
PublicKey read_public_key(Bytes info) noexcept;

/// Of a CertificateVerify (RFC 5246 section 7.4.8; RFC 4492 section 5.8) that signs by ECDSA: by how many
/// bytes the longer of its two numbers exceeds a number of the key. One leading zero byte does not count: DER
/// asks for it. Where the key is not known, it is taken for one of the largest curve, P-521. A signature that
/// cannot be read as two numbers counts as one. Nothing: it is no ECDSA, or there is no signature.
/// `version`: what the server has chosen; 0: not known.
std::optional<std::uint64_t> signature_overrun(Bytes verify, const PublicKey& key, std::uint16_t version,
                                               Faults& faults) noexcept;

}  // namespace bansoko::proto::tls
