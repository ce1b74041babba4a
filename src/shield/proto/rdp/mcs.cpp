// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/rdp/mcs.h"

#include "shield/proto/ber_reader.h"
#include "shield/proto/rdp/per_length.h"

namespace bansoko::proto::rdp {
namespace {

constexpr std::uint16_t kFirstUser = 1001;  // what user ids are counted from in PER

DomainParameters read_parameters(BerReader& in) noexcept {
  BerReader numbers(in.take(BerReader::kSequence));
  // Clients write 65535 in two bytes, which would be -1.
  const auto take = [&numbers]() -> Number {
    std::uint64_t value = 0;
    for (const std::uint8_t digit : numbers.take(BerReader::kInteger)) value = value << 8 | digit;
    return numbers.ok() ? Number(value) : std::nullopt;
  };
  DomainParameters read;
  read.max_channel_ids = take();
  read.max_user_ids = take();
  read.max_token_ids = take();
  for (int i = 0; i < 3; ++i) numbers.skip();  // numPriorities, minThroughput, maxHeight
  read.max_pdu_size = take();
  return read;
}

AnomalyBits read_user_data(Bytes connect_data, McsPdu& pdu, std::vector<Channel>& channels) noexcept {
  pdu.user_data = conference_user_data(connect_data);
  const AnomalyBits anomalies = pdu.user_data ? 0 : bit(malformed_gcc);
  if (!pdu.user_data) pdu.user_data = find_user_data(connect_data);
  return pdu.user_data ? anomalies | read_settings_blocks(*pdu.user_data, pdu.blocks, channels) : anomalies;
}

AnomalyBits read_connect_initial(Bytes content, McsPdu& pdu, std::vector<Channel>& channels) noexcept {
  BerReader in(content);
  in.take(BerReader::kOctets);   // callingDomainSelector
  in.take(BerReader::kOctets);   // calledDomainSelector
  in.take(BerReader::kBoolean);  // upwardFlag
  pdu.target = read_parameters(in);
  pdu.minimum = read_parameters(in);
  pdu.maximum = read_parameters(in);
  const Bytes connect_data = in.take(BerReader::kOctets);
  const bool is_whole =
      in.ok() && pdu.target.max_pdu_size && pdu.minimum.max_pdu_size && pdu.maximum.max_pdu_size;
  const AnomalyBits anomalies = read_user_data(in.ok() ? connect_data : content, pdu, channels);
  return is_whole ? anomalies : anomalies | bit(malformed_mcs);
}

AnomalyBits read_connect_response(Bytes content, McsPdu& pdu, std::vector<Channel>& channels) noexcept {
  BerReader in(content);
  const std::uint64_t result = in.integer(BerReader::kEnumerated);
  in.integer();  // calledConnectId
  pdu.target = read_parameters(in);
  const Bytes connect_data = in.take(BerReader::kOctets);
  if (!in.ok()) return bit(malformed_mcs);
  pdu.result = result;
  return read_user_data(connect_data, pdu, channels);
}

AnomalyBits read_connect(Bytes bytes, McsPdu& pdu, std::vector<Channel>& channels) noexcept {
  ByteReader in(bytes);
  const auto header = read_ber_header(in);
  if (!header || header->is_indefinite) return bit(malformed_mcs);
  const bool is_cut = header->size > in.rest().size();
  const Bytes content = is_cut ? in.rest() : in.take(static_cast<std::size_t>(header->size));
  AnomalyBits anomalies = is_cut ? bit(malformed_mcs) : 0;
  if (header->number == connect_initial) {
    pdu.type = connect_initial;
    anomalies |= read_connect_initial(content, pdu, channels);
  } else if (header->number == connect_response) {
    pdu.type = connect_response;
    anomalies |= read_connect_response(content, pdu, channels);
  } else {
    anomalies |= bit(malformed_mcs);
  }
  return anomalies;
}

// The result has four bits, the first of which is the last one of the choice's byte.
void read_confirm(std::uint8_t first, ByteReader& in, McsPdu& pdu) noexcept {
  const bool has_optional = (first & 2U) != 0;
  pdu.result = (first & 1U) << 3U | in.u8() >> 5U;
  if (*pdu.type == attach_user_confirm) {
    if (has_optional) pdu.initiator = in.u16() + std::uint64_t{kFirstUser};
    return;
  }
  pdu.initiator = in.u16() + std::uint64_t{kFirstUser};
  pdu.channel_id = in.u16();     // the one asked for
  if (has_optional) in.skip(2);  // the one joined
}

void read_sent_data(ByteReader& in, McsPdu& pdu) noexcept {
  pdu.initiator = in.u16() + std::uint64_t{kFirstUser};
  pdu.channel_id = in.u16();
  in.skip(1);  // dataPriority, segmentation
  pdu.data = in.take(per_length(in));
}

AnomalyBits read_domain(Bytes bytes, McsPdu& pdu) noexcept {
  ByteReader in(bytes);
  const std::uint8_t first = in.u8();
  if (!in.ok()) return bit(malformed_mcs);
  pdu.type = first >> 2U;
  switch (*pdu.type) {
    case attach_user_confirm:
    case channel_join_confirm:
      read_confirm(first, in, pdu);
      break;
    case channel_join_request:
      pdu.initiator = in.u16() + std::uint64_t{kFirstUser};
      pdu.channel_id = in.u16();
      break;
    case send_data_request:
    case send_data_indication:
      read_sent_data(in, pdu);
      break;
    default:
      break;
  }
  return in.ok() ? 0 : bit(malformed_mcs);
}

}  // namespace

// The first byte of a domain's PDU has a choice of 42 in its upper six bits, so that none is 0x7f.
AnomalyBits read_mcs(Bytes bytes, McsPdu& pdu, std::vector<Channel>& channels) noexcept {
  constexpr std::uint8_t kConnect = 0x7f;
  if (!bytes.empty() && bytes.front() == kConnect) return read_connect(bytes, pdu, channels);
  return read_domain(bytes, pdu);
}

}  // namespace bansoko::proto::rdp
