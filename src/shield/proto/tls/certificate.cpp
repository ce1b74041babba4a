// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/certificate.h"

#include <algorithm>
#include <array>

#include "shield/proto/tls/der.h"

namespace bansoko::proto::tls {
namespace {

constexpr std::uint8_t kVersionTag = 0xa0;  // [0], explicit
constexpr std::uint8_t kExtensions = 0xa3;
constexpr std::uint8_t kIssuerId = 0x81, kSubjectId = 0x82;
constexpr std::array<std::uint8_t, 3> kSubjectAltName{0x55, 0x1d, 0x11};  // 2.5.29.17

// RFC 5280 section 4.2.1.6.
enum GeneralName : std::uint8_t { mailbox = 0x81, host = 0x82, resource = 0x86 };

void read_validity(Bytes validity, Certificate& certificate, Faults& faults) noexcept {
  BerReader in(validity);
  certificate.not_before = der_time(in.next());
  certificate.not_after = der_time(in.next());
  if (!in.ok() || !certificate.not_before || !certificate.not_after) faults.add(certificate_invalid_date);
}

void read_extensions(Bytes bytes, Certificate& certificate, Faults& faults) noexcept {
  BerReader outer(bytes);
  BerReader list(outer.take(der_sequence));
  while (outer.ok() && list.ok() && !list.at_end()) {
    BerReader extension(list.take(der_sequence));
    const Bytes id = extension.take(der_object_id);
    extension.skip_if(der_boolean);
    BerReader content(extension.take(der_octet_string));
    if (!extension.ok()) return faults.add(certificate_invalid_extensions);
    if (!std::ranges::equal(id, kSubjectAltName)) continue;
    certificate.other_names = content.take(der_sequence);
    if (!content.ok()) faults.add(certificate_invalid_extensions);
  }
  if (!outer.ok() || !list.ok()) faults.add(certificate_invalid_extensions);
}

bool read_version(BerReader& in, Faults& faults) noexcept {
  if (in.tag() != kVersionTag) return true;
  BerReader version(in.take(kVersionTag));
  const Bytes number = version.take(der_integer);
  if (version.ok() && number.size() == 1 && number.front() <= 2) return true;
  faults.add(certificate_invalid_version);
  return version.ok();
}

// The fields have an order, so a fault hides all that comes after it.
Certificate read_signed_part(Bytes bytes, Faults& faults) noexcept {
  Certificate certificate;
  BerReader in(bytes);
  const auto read = [&](std::uint8_t tag, Anomaly fault) -> std::optional<Bytes> {
    const Bytes content = in.take(tag);
    if (in.ok()) return content;
    faults.add(fault);
    return std::nullopt;
  };
  if (!read_version(in, faults)) return certificate;
  certificate.serial = read(der_integer, certificate_invalid_serial);
  if (!certificate.serial || !read(der_sequence, certificate_invalid_algorithmidentifier)) return certificate;
  certificate.issuer = read(der_sequence, certificate_invalid_x509name);
  if (!certificate.issuer) return certificate;
  const auto validity = read(der_sequence, certificate_invalid_date);
  if (!validity) return certificate;
  read_validity(*validity, certificate, faults);
  certificate.subject = read(der_sequence, certificate_invalid_x509name);
  const auto key = certificate.subject ? read(der_sequence, certificate_invalid_der) : std::nullopt;
  if (!key) return certificate;
  certificate.key = read_public_key(*key);
  in.skip_if(kIssuerId);
  in.skip_if(kSubjectId);
  if (in.tag() == kExtensions) read_extensions(in.take(kExtensions), certificate, faults);
  return certificate;
}

}  // namespace

Certificate read_certificate(Bytes der, Faults& faults) noexcept {
  BerReader whole(der);
  BerReader parts(whole.take(der_sequence));
  const Bytes signed_part = parts.take(der_sequence);
  if (!whole.ok() || !parts.ok()) {
    faults.add(certificate_invalid_der);
    return {};
  }
  return read_signed_part(signed_part, faults);
}

std::optional<Bytes> next_other_name(Bytes& names) noexcept {
  while (!names.empty()) {
    BerReader in(names);
    const BerElement name = in.next();
    if (!in.ok()) break;
    names = in.rest();
    if (name.tag == mailbox || name.tag == host || name.tag == resource) return name.content;
  }
  names = {};
  return std::nullopt;
}

std::optional<Bytes> next_certificate(Bytes& chain) noexcept {
  if (chain.empty()) return std::nullopt;
  ByteReader in(chain);
  const std::size_t size = in.u24();
  const Bytes found = in.take(std::min(size, in.rest().size()));
  const bool ok = in.ok();
  chain = in.rest();
  if (!ok) return std::nullopt;
  return found;
}

}  // namespace bansoko::proto::tls
