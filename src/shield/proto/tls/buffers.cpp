// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/tls/fingerprint.h"
#include "shield/proto/tls/handshake.h"
#include "shield/proto/tls/name_text.h"
#include "shield/proto/tls/record.h"

namespace bansoko::proto::tls {
namespace {

using Found = std::optional<Bytes>;

constexpr std::size_t kRandomSize = 32;
constexpr std::size_t kTimeSize = 4;

Found once(unsigned instance, bool is_here, Bytes bytes) noexcept {
  if (instance != 0 || !is_here) return std::nullopt;
  return bytes;
}

Found server_name(Flight& flight, unsigned instance) noexcept {
  const auto names = flight.hello.names();
  return once(0, instance < names.size(), instance < names.size() ? names[instance] : Bytes{});
}

Found random_part(const Flight& flight, unsigned instance, std::size_t from, std::size_t to) noexcept {
  const Bytes random = flight.hello.random;
  const bool is_here = flight.hello.is_here && random.size() == kRandomSize;
  return once(instance, is_here, is_here ? random.subspan(from, to - from) : Bytes{});
}
Found random_whole(Flight& flight, unsigned instance) noexcept {
  return random_part(flight, instance, 0, kRandomSize);
}
Found random_time(Flight& flight, unsigned instance) noexcept {
  return random_part(flight, instance, 0, kTimeSize);
}
Found random_rest(Flight& flight, unsigned instance) noexcept {
  return random_part(flight, instance, kTimeSize, kRandomSize);
}

Found application_protocol(Flight& flight, unsigned instance) noexcept {
  return flight.protocols.item(flight.hello.protocols, instance, [](Bytes& list) -> Found {
    ByteReader in(list);
    const Bytes name = in.take(in.u8());
    list = in.rest();
    if (!in.ok()) return std::nullopt;
    return name;
  });
}

// Of a hello in the form of SSL 2.0 there is no fingerprint: it has no cipher suites of TLS.
bool has_fingerprint(const Flight& flight) noexcept { return flight.hello.random.size() == kRandomSize; }

template <void (*kWrite)(const Hello&, BudgetedBytes&)>
Found ja3_text(Flight& flight, unsigned instance) noexcept {
  if (instance != 0 || !has_fingerprint(flight)) return std::nullopt;
  return flight.ja3.get([&](BudgetedBytes& text) { kWrite(flight.hello, text); });
}

void write_digest(Digest& digest, Bytes of, BudgetedBytes& text) {
  constexpr std::string_view kSigns = "0123456789abcdef";
  digest.add(of);
  for (const std::uint8_t byte : digest.finish()) {
    const std::array<char, 2> digits{kSigns[byte >> 4U], kSigns[byte & 0xfU]};
    text.append(as_bytes({digits.data(), digits.size()}), 2 * Digest::kMaxSize);
  }
}

template <void (*kWrite)(const Hello&, BudgetedBytes&)>
Found ja3_digest(Flight& flight, unsigned instance) noexcept {
  const Found text = ja3_text<kWrite>(flight, instance);
  if (!text) return std::nullopt;
  return flight.ja3_hash.get([&](BudgetedBytes& to) { write_digest(flight.memory.md5, *text, to); });
}

Found ja4_text(Flight& flight, unsigned instance) noexcept {
  if (instance != 0 || !has_fingerprint(flight)) return std::nullopt;
  const Bytes text =
      flight.ja4.get([&](BudgetedBytes& to) { write_ja4(flight.hello, flight.memory.ja4, to); });
  if (text.empty()) return std::nullopt;
  return text;
}

Found certificate_bytes(Flight& flight, unsigned instance) noexcept {
  return flight.certificates.item(flight.chain, instance, next_certificate);
}

Found subject(Flight& flight, unsigned instance) noexcept {
  if (instance != 0 || !flight.certificate.subject) return std::nullopt;
  return flight.subject.get([&](BudgetedBytes& to) { write_name(*flight.certificate.subject, to); });
}
Found issuer(Flight& flight, unsigned instance) noexcept {
  if (instance != 0 || !flight.certificate.issuer) return std::nullopt;
  return flight.issuer.get([&](BudgetedBytes& to) { write_name(*flight.certificate.issuer, to); });
}
Found serial(Flight& flight, unsigned instance) noexcept {
  if (instance != 0 || !flight.certificate.serial) return std::nullopt;
  return flight.serial.get(
      [&](BudgetedBytes& to) { write_hexadecimal(*flight.certificate.serial, Digits::upper, to); });
}
Found fingerprint(Flight& flight, unsigned instance) noexcept {
  if (instance != 0 || flight.chain_count.value_or(0) == 0) return std::nullopt;
  return flight.fingerprint.get([&](BudgetedBytes& to) {
    flight.memory.sha1.add(flight.leaf);
    write_hexadecimal(flight.memory.sha1.finish(), Digits::lower, to);
  });
}

Found other_name(Flight& flight, unsigned instance) noexcept {
  return flight.other_names.item(flight.certificate.other_names, instance, next_other_name);
}

template <Side kSide, Found (*kGet)(Flight&, unsigned)>
Found of_side(Transaction& transaction, unsigned instance) noexcept {
  auto& ours = static_cast<TlsTransaction&>(transaction);
  if (!ours.is_handshake) return std::nullopt;
  return kGet(static_cast<Handshake&>(ours).flights[flow::index(kSide)], instance);
}

struct BufferRow {
  std::string_view name, help;
  bool several = false, readings = false;
};

template <Side kSide, Found (*kGet)(Flight&, unsigned)>
constexpr Buffer at_hello(BufferRow row) {
  return {row.name, row.help, kSide, step_hello, false, of_side<kSide, kGet>, row.several, row.readings};
}
template <Side kSide, Found (*kGet)(Flight&, unsigned)>
constexpr Buffer at_certificates(BufferRow row) {
  return {row.name,    row.help,    kSide, step_certificates, false, of_side<kSide, kGet>,
          row.several, row.readings};
}

constexpr BufferRow kSni{"tls.sni", "the server's name that the client asks for", true, true};
constexpr BufferRow kAlpn{"tls.alpn", "the protocols offered, or chosen: one instance each", true};
constexpr BufferRow kRandom{"tls.random", "the hello's 32 random bytes"};
constexpr BufferRow kRandomTime{"tls.random_time", "the first 4 of them"};
constexpr BufferRow kRandomBytes{"tls.random_bytes", "the other 28"};
constexpr BufferRow kCerts{"tls.certs", "the certificates as sent (DER): one instance each", true};
constexpr BufferRow kSubject{"tls.cert_subject",
                             "of the first certificate: \"C=US, O=Example, CN=example.org\""};
constexpr BufferRow kIssuer{"tls.cert_issuer", "likewise, of who signed it"};
constexpr BufferRow kSerial{"tls.cert_serial", "likewise: \"00:AB:CD\""};
constexpr BufferRow kFingerprint{"tls.cert_fingerprint", "SHA-1 of the first certificate: \"4a:a3:...\""};
constexpr BufferRow kOtherNames{
    "tls.subjectaltname",
    "hosts, mailboxes and resources that the first certificate is for: one instance each", true};

constexpr auto kClient = Side::client, kServer = Side::server;

constexpr std::array kBuffers{
    at_hello<kClient, server_name>(kSni),
    at_hello<kClient, ja3_digest<write_ja3>>({"ja3.hash", "MD5 of ja3.string"}),
    at_hello<kClient, ja3_text<write_ja3>>(
        {"ja3.string", "version,ciphers,extensions,groups,point formats of the client's hello"}),
    at_hello<kClient, ja4_text>({"ja4.hash", "JA4 of the client's hello: \"t13d1516h2_...\""}),
    at_hello<kServer, ja3_digest<write_ja3s>>({"ja3s.hash", "MD5 of ja3s.string"}),
    at_hello<kServer, ja3_text<write_ja3s>>(
        {"ja3s.string", "version,cipher,extensions of the server's hello"}),
    at_hello<kClient, application_protocol>(kAlpn),
    at_hello<kServer, application_protocol>(kAlpn),
    at_hello<kClient, random_whole>(kRandom),
    at_hello<kServer, random_whole>(kRandom),
    at_hello<kClient, random_time>(kRandomTime),
    at_hello<kServer, random_time>(kRandomTime),
    at_hello<kClient, random_rest>(kRandomBytes),
    at_hello<kServer, random_rest>(kRandomBytes),
    at_certificates<kClient, certificate_bytes>(kCerts),
    at_certificates<kServer, certificate_bytes>(kCerts),
    at_certificates<kClient, subject>(kSubject),
    at_certificates<kServer, subject>(kSubject),
    at_certificates<kClient, issuer>(kIssuer),
    at_certificates<kServer, issuer>(kIssuer),
    at_certificates<kClient, serial>(kSerial),
    at_certificates<kServer, serial>(kSerial),
    at_certificates<kClient, fingerprint>(kFingerprint),
    at_certificates<kServer, fingerprint>(kFingerprint),
    at_certificates<kClient, other_name>(kOtherNames),
    at_certificates<kServer, other_name>(kOtherNames),
};

}  // namespace

std::span<const Buffer> tls_buffers() noexcept { return kBuffers; }

}  // namespace bansoko::proto::tls
