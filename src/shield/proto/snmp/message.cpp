// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/snmp/message.h"

#include "shield/proto/snmp/ber_lengths.h"

namespace bansoko::proto::snmp {
namespace {

constexpr std::uint8_t kFirstPdu = 0xA0, kTrap = 0xA4, kLastPdu = 0xA8;
constexpr std::uint64_t kUserBased = 3;  // RFC 3411 section 5
constexpr std::uint8_t kEncrypted = 0x02;

constexpr std::uint32_t bit(Anomaly anomaly) noexcept { return 1U << anomaly; }

}  // namespace

bool begins_message(Bytes bytes) noexcept { return !bytes.empty() && bytes.front() == BerReader::kSequence; }

void SnmpMessage::measure(Bytes bytes) noexcept {
  if (!begins_message(bytes)) return;
  const BerLengths found = measure_ber(bytes);
  overrun = found.overrun;
  oid_length = found.oid_length;
}

std::uint32_t SnmpMessage::read(Bytes bytes) noexcept {
  version = pdu_type = trap_type = overrun = oid_length = std::nullopt;
  community = user = std::nullopt;
  anomalies_ = 0;
  measure(bytes);
  BerReader outer(bytes);
  BerReader in(outer.take(BerReader::kSequence));
  const std::uint64_t number = in.integer();
  if (!outer.ok() || !in.ok() || number == 2 || number > 3) return bit(malformed_data);
  version = number == 3 ? 3 : number + 1;
  if (!first_version_) first_version_ = version;
  if (version != first_version_) anomalies_ |= bit(version_mismatch);
  bool is_whole = false;
  if (version == 3) {
    is_whole = read_version_3(in);
  } else {
    const Bytes name = in.take(BerReader::kOctets);
    if (in.ok()) community = name;
    is_whole = in.ok() && read_pdu(in);
  }
  if (!is_whole) anomalies_ |= bit(malformed_data);
  return anomalies_;
}

// RFC 3412 section 6.
bool SnmpMessage::read_version_3(BerReader& in) noexcept {
  BerReader global(in.take(BerReader::kSequence));
  global.integer();  // message id
  global.integer();  // largest message
  const Bytes flags = global.take(BerReader::kOctets);
  const std::uint64_t model = global.integer();
  const Bytes parameters = in.take(BerReader::kOctets);
  if (!global.ok() || !in.ok() || flags.size() != 1) return false;
  if (model != kUserBased) {
    anomalies_ |= bit(unknown_security_model);
  } else if (!read_user(parameters)) {
    return false;
  }
  if ((flags.front() & kEncrypted) != 0) return in.tag() == BerReader::kOctets;
  BerReader scoped(in.take(BerReader::kSequence));
  scoped.take(BerReader::kOctets);  // context engine
  scoped.take(BerReader::kOctets);  // context name
  return in.ok() && scoped.ok() && read_pdu(scoped);
}

// RFC 3414 section 2.4.
bool SnmpMessage::read_user(Bytes parameters) noexcept {
  BerReader outer(parameters);
  BerReader in(outer.take(BerReader::kSequence));
  in.take(BerReader::kOctets);  // engine
  in.integer();                 // its boots
  in.integer();                 // its time
  const Bytes name = in.take(BerReader::kOctets);
  if (!outer.ok() || !in.ok()) return false;
  user = name;
  return true;
}

bool SnmpMessage::read_pdu(BerReader& in) noexcept {
  const std::uint8_t tag = in.tag();
  if (tag < kFirstPdu || tag > kLastPdu) return false;
  pdu_type = tag - kFirstPdu;
  BerReader pdu(in.take(tag));
  if (!in.ok()) return false;
  if (tag != kTrap) return true;
  pdu.skip();  // enterprise
  pdu.skip();  // the agent's address
  const std::uint64_t kind = pdu.integer();
  if (pdu.ok()) trap_type = kind;
  return pdu.ok();
}

}  // namespace bansoko::proto::snmp
