// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/tls/handshake.h"
#include "shield/proto/tls/record.h"

namespace bansoko::proto::tls {
namespace {

using Number = std::optional<std::uint64_t>;

Number version(const Flight& flight) noexcept {
  if (!flight.hello.is_here) return std::nullopt;
  return flight.hello.version;
}
// None at all is 0 too.
Number chain_length(const Flight& flight) noexcept { return flight.chain_count.value_or(0); }
Number not_before(const Flight& flight) noexcept { return flight.certificate.not_before; }
Number not_after(const Flight& flight) noexcept { return flight.certificate.not_after; }

Number signature_overrun(const Flight& flight) noexcept { return flight.signature_overrun; }

Number record_type(const Notice& notice) noexcept { return notice.record_type; }
Number record_size(const Notice& notice) noexcept { return notice.record_size; }

// The number in a record's first bytes, if it is of this type.
Number start_of(const Notice& notice, ContentType type, std::size_t from, std::size_t size) noexcept {
  if (notice.record_type != type || notice.start_size < from + size) return std::nullopt;
  ByteReader in(Bytes(notice.start).subspan(from));
  return size == 1 ? in.u8() : in.u16();
}
Number alert_level(const Notice& notice) noexcept { return start_of(notice, ContentType::alert, 0, 1); }
Number alert_description(const Notice& notice) noexcept { return start_of(notice, ContentType::alert, 1, 1); }
Number heartbeat_type(const Notice& notice) noexcept {
  return start_of(notice, ContentType::heartbeat, 0, 1);
}
Number heartbeat_size(const Notice& notice) noexcept {
  return start_of(notice, ContentType::heartbeat, 1, 2);
}
Number heartbeat_overread(const Notice& notice) noexcept { return notice.overread(); }
Number early_change(const Notice& notice) noexcept {
  if (notice.record_type != ContentType::change_cipher_spec) return std::nullopt;
  return notice.is_early ? 1 : 0;
}

template <Side kSide, Number (*kGet)(const Flight&)>
Number of_side(const Transaction& transaction) noexcept {
  const auto& ours = static_cast<const TlsTransaction&>(transaction);
  if (!ours.is_handshake) return std::nullopt;
  return kGet(static_cast<const Handshake&>(ours).flights[flow::index(kSide)]);
}

template <Side kSide, Number (*kGet)(const Notice&)>
Number of_notice(const Transaction& transaction) noexcept {
  const auto& ours = static_cast<const TlsTransaction&>(transaction);
  if (ours.is_handshake || transaction.progress[flow::index(kSide)] == kNotStarted) return std::nullopt;
  return kGet(static_cast<const Notice&>(ours));
}

constexpr std::array kRecordTypes{NamedValue{"change_cipher_spec", ContentType::change_cipher_spec},
                                  NamedValue{"alert", ContentType::alert},
                                  NamedValue{"heartbeat", ContentType::heartbeat}};
constexpr std::array kAlertLevels{NamedValue{"warning", 1}, NamedValue{"fatal", 2}};
constexpr std::array kHeartbeatTypes{NamedValue{"request", 1}, NamedValue{"response", 2}};

struct FieldRow {
  std::string_view name, help;
  std::span<const NamedValue> names = {};
};

template <Side kSide, Number (*kGet)(const Flight&)>
constexpr Field from_flight(FieldRow row, std::uint8_t ready_at) {
  return {row.name, row.help, kSide, ready_at, row.names, of_side<kSide, kGet>};
}
template <Side kSide, Number (*kGet)(const Notice&)>
constexpr Field from_notice(FieldRow row) {
  return {row.name, row.help, kSide, kComplete, row.names, of_notice<kSide, kGet>};
}

constexpr FieldRow kVersion{"tls.version",
                            "of the hello: the version that a server has chosen or a client likes best"};
constexpr FieldRow kChainLength{"tls.cert_chain_len", "how many certificates the chain has"};
constexpr FieldRow kNotBefore{"tls.cert_not_before",
                              "from when the first certificate is valid, in seconds since 1970"};
constexpr FieldRow kNotAfter{"tls.cert_not_after", "until when, in seconds since 1970"};
constexpr FieldRow kSignatureOverrun{"tls.signature_overrun",
                                     "of a client's CertificateVerify by ECDSA: by how many bytes a number "
                                     "of it exceeds the key (CVE-2014-6321)"};
constexpr FieldRow kRecordType{"tls.record_type", "of a record in the clear that is not the handshake's",
                               kRecordTypes};
constexpr FieldRow kRecordSize{"tls.record_size", "bytes in such a record"};
constexpr FieldRow kAlertLevel{"tls.alert_level", "of an alert in the clear", kAlertLevels};
constexpr FieldRow kAlertDescription{"tls.alert_description", "of an alert in the clear"};
constexpr FieldRow kHeartbeatType{"tls.heartbeat_type", "of a heartbeat in the clear", kHeartbeatTypes};
constexpr FieldRow kHeartbeatSize{"tls.heartbeat_size", "the length of payload that it states"};
constexpr FieldRow kOverread{
    "tls.heartbeat_overread",
    "by how much that and 16 bytes of padding reach beyond the record (CVE-2014-0160)"};
constexpr FieldRow kEarlyChange{
    "tls.early_change_cipher_spec",
    "1: a ChangeCipherSpec came before there can be keys (CVE-2014-0224); 0: in its turn"};

template <Side kSide>
constexpr auto fields_of_side() {
  return std::array{
      from_flight<kSide, version>(kVersion, step_hello),
      from_flight<kSide, not_before>(kNotBefore, step_certificates),
      from_flight<kSide, not_after>(kNotAfter, step_certificates),
      from_notice<kSide, record_type>(kRecordType),
      from_notice<kSide, record_size>(kRecordSize),
      from_notice<kSide, alert_level>(kAlertLevel),
      from_notice<kSide, alert_description>(kAlertDescription),
      from_notice<kSide, heartbeat_type>(kHeartbeatType),
      from_notice<kSide, heartbeat_size>(kHeartbeatSize),
      from_notice<kSide, heartbeat_overread>(kOverread),
      from_notice<kSide, early_change>(kEarlyChange),
  };
}

constexpr auto both_sides() {
  constexpr auto kOfClient = fields_of_side<Side::client>();
  constexpr auto kOfServer = fields_of_side<Side::server>();
  // The certificates of servers alone are counted, and clients alone verify theirs.
  std::array<Field, kOfClient.size() + kOfServer.size() + 2> all{};
  all.back() = from_flight<Side::server, chain_length>(kChainLength, step_certificates);
  all[all.size() - 2] = from_flight<Side::client, signature_overrun>(kSignatureOverrun, step_verified);
  for (std::size_t i = 0; i < kOfClient.size(); ++i) {
    all[i] = kOfClient[i];
    all[kOfClient.size() + i] = kOfServer[i];
  }
  return all;
}

constexpr auto kFields = both_sides();

}  // namespace

std::span<const Field> tls_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::tls
