// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bansoko::proto::tls {

enum Anomaly : std::uint8_t {
  invalid_sslv2_header,
  invalid_tls_header,
  invalid_record_type,
  invalid_record_version,
  invalid_record_length,
  invalid_handshake_message,
  handshake_invalid_length,
  invalid_alert_message,
  heartbeat_message,
  invalid_heartbeat_message,
  overflow_heartbeat_message,
  dataleak_heartbeat_mismatch,
  multiple_sni_extensions,
  invalid_sni_type,
  invalid_sni_length,
  early_change_cipher_spec,
  certificate_invalid_length,
  certificate_invalid_der,
  certificate_invalid_version,
  certificate_invalid_serial,
  certificate_invalid_algorithmidentifier,
  certificate_invalid_x509name,
  certificate_invalid_date,
  certificate_invalid_extensions,
  invalid_certificate_verify,
  hello_repeated,
  hello_limit,
  message_limit,
  memory_limit,
  gap,
  count
};

/// By Anomaly. Those that have a like among the events of Suricata's rule language bear its name.
inline constexpr std::array<std::string_view, Anomaly::count> kAnomalies{
    "tls.invalid_sslv2_header",
    "tls.invalid_tls_header",         // the first bytes are no record
    "tls.invalid_record_type",        // a later record of no known type
    "tls.invalid_record_version",     // of no version from 3.0 to 3.4
    "tls.invalid_record_length",      // empty, or longer than a record may be
    "tls.invalid_handshake_message",  // a hello or chain that cannot be read
    "tls.handshake_invalid_length",   // a message that ends within its fields, or behind them
    "tls.invalid_alert_message",
    "tls.heartbeat_message",            // one in the clear: nobody needs it before the keys are agreed on
    "tls.invalid_heartbeat_message",    // of no known type, or too short
    "tls.overflow_heartbeat_message",   // it states more payload than its record holds
    "tls.dataleak_heartbeat_mismatch",  // a response longer than what was asked for
    "tls.multiple_sni_extensions",
    "tls.invalid_sni_type",
    "tls.invalid_sni_length",
    "tls.early_change_cipher_spec",  // before there can be keys (CVE-2014-0224)
    "tls.certificate_invalid_length",
    "tls.certificate_invalid_der",
    "tls.certificate_invalid_version",
    "tls.certificate_invalid_serial",
    "tls.certificate_invalid_algorithmidentifier",
    "tls.certificate_invalid_x509name",
    "tls.certificate_invalid_date",
    "tls.certificate_invalid_extensions",
    "tls.invalid_certificate_verify",  // cut short, or no two numbers where there should be
    "tls.hello_repeated",              // a side says hello again: another transaction
    "tls.hello_limit",                 // too often: no longer parsed
    "tls.message_limit",               // a message longer than message_size: its end is not looked into
    "tls.memory_limit",                // a message is not kept whole
    "tls.gap",                         // bytes of the stream were lost
};

/// What is wrong with a message, to be told once it has been read.
class Faults {
 public:
  void add(Anomaly anomaly) noexcept { bits_ |= 1U << anomaly; }
  bool has(Anomaly anomaly) const noexcept { return (bits_ >> anomaly & 1U) != 0; }
  bool any() const noexcept { return bits_ != 0; }

  template <class Tell>
  void for_each(Tell tell) const noexcept {
    for (std::uint8_t i = 0; i < Anomaly::count; ++i)
      if (has(static_cast<Anomaly>(i))) tell(static_cast<Anomaly>(i));
  }

 private:
  static_assert(Anomaly::count <= 32);
  std::uint32_t bits_ = 0;
};

}  // namespace bansoko::proto::tls
