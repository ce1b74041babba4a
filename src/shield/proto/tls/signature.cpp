// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/signature.h"

#include <algorithm>
#include <array>

#include "shield/proto/tls/der.h"
#include "shield/proto/tls/record.h"

namespace bansoko::proto::tls {
namespace {

constexpr std::uint32_t kLargestNumber = 66;  // P-521
constexpr std::array<std::uint8_t, 7> kElliptic{0x2a, 0x86, 0x48, 0xce,
                                                0x3d, 0x02, 0x01};  // 1.2.840.10045.2.1

struct Curve {
  Bytes id;
  std::uint32_t number_size;
};
constexpr std::array<std::uint8_t, 8> kP256{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr std::array<std::uint8_t, 5> kP384{0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr std::array<std::uint8_t, 5> kP521{0x2b, 0x81, 0x04, 0x00, 0x23};
constexpr std::array kCurves{Curve{kP256, 32}, Curve{kP384, 48}, Curve{kP521, kLargestNumber}};

/// What a point (SEC 1 section 2.3.3) says of its coordinates; 0: it is none.
std::uint32_t number_size_of(Bytes bits) noexcept {
  constexpr std::uint8_t kUncompressed = 4;
  ByteReader in(bits);
  const std::uint8_t unused_bits = in.u8();
  const std::uint8_t form = in.u8();
  if (!in.ok() || unused_bits != 0) return 0;
  return static_cast<std::uint32_t>(form == kUncompressed ? in.rest().size() / 2 : in.rest().size());
}

/// A signature with what tells how to read it.
struct Signature {
  bool is_ecdsa = false;
  std::size_t stated_size = 0;
  Bytes bytes = {};
};

// TLS 1.2 names two algorithms first. Where the server's choice was not seen, the length tells: it
// reaches to the message's end.
std::optional<Signature> read_verify(Bytes verify, const PublicKey& key, std::uint16_t version) noexcept {
  constexpr std::uint8_t kEcdsa = 3;
  ByteReader in(verify);
  Signature found{.is_ecdsa = key.is_elliptic};
  const bool has_algorithms =
      version != 0 ? version >= Version::tls1_2 : ByteReader(verify).u16() + std::size_t{2} != verify.size();
  if (has_algorithms) {
    in.u8();
    found.is_ecdsa |= in.u8() == kEcdsa;
  }
  found.stated_size = in.u16();
  if (!in.ok()) return std::nullopt;
  found.bytes = in.take(std::min(found.stated_size, in.rest().size()));
  return found;
}

std::size_t size_without_zero(Bytes number) noexcept {
  return number.size() - (!number.empty() && number.front() == 0 ? 1 : 0);
}

}  // namespace

PublicKey read_public_key(Bytes info) noexcept {
  BerReader in(info);
  BerReader algorithm(in.take(der_sequence));
  PublicKey key{.is_elliptic = std::ranges::equal(algorithm.take(der_object_id), kElliptic)};
  if (!key.is_elliptic) return key;
  const auto curve = algorithm.take_if(der_object_id);
  key.number_size = number_size_of(in.take(der_bit_string));
  for (const Curve& known : kCurves)
    if (curve && std::ranges::equal(*curve, known.id)) key.number_size = known.number_size;
  return key;
}

std::optional<std::uint64_t> signature_overrun(Bytes verify, const PublicKey& key, std::uint16_t version,
                                               Faults& faults) noexcept {
  const auto signature = read_verify(verify, key, version);
  if (!signature) {
    faults.add(invalid_certificate_verify);
    return std::nullopt;
  }
  if (!signature->is_ecdsa) return std::nullopt;
  BerReader whole(signature->bytes);
  BerReader numbers(whole.take(der_sequence));
  const Bytes first = numbers.take(der_integer), second = numbers.take(der_integer);
  std::size_t longest = std::max(size_without_zero(first), size_without_zero(second));
  if (!whole.ok() || !numbers.ok() || signature->bytes.size() != signature->stated_size) {
    faults.add(invalid_certificate_verify);
    longest = signature->stated_size;
  }
  const std::size_t room = key.number_size == 0 ? kLargestNumber : key.number_size;
  return longest > room ? longest - room : 0;
}

}  // namespace bansoko::proto::tls
