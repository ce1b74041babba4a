// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "shield/proto/tls/anomaly.h"
#include "shield/proto/tls/signature.h"

namespace bansoko::proto::tls {

/// The few fields of an X.509 certificate (RFC 5280) that rules look into. Views into it.
struct Certificate {
  std::optional<Bytes> serial = {};
  std::optional<Bytes> issuer = {};   // the sequence of relative names
  std::optional<Bytes> subject = {};  // likewise
  Bytes other_names = {};             // of the extension subjectAltName: the sequence of names
  std::optional<std::uint64_t> not_before = {};
  std::optional<std::uint64_t> not_after = {};
  PublicKey key = {};
};

/// Reads a certificate as far as it can be read; what comes before a fault is kept.
Certificate read_certificate(Bytes der, Faults& faults) noexcept;

/// Takes the next name that is text (of a host, a mailbox, a resource) out of subjectAltName's; nothing:
/// there is no other.
std::optional<Bytes> next_other_name(Bytes& names) noexcept;

/// Takes the next certificate out of a chain (RFC 5246 section 7.4.2), whole or as much as there is.
std::optional<Bytes> next_certificate(Bytes& chain) noexcept;

}  // namespace bansoko::proto::tls
