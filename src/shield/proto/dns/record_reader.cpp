// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/record_reader.h"

#include <algorithm>

#include "shield/proto/dns/codes.h"

namespace bansoko::proto::dns {
namespace {

/// Where in the data of a record of this type a name begins that rules look into; nothing: nowhere.
std::optional<std::size_t> name_offset(std::uint16_t type) noexcept {
  switch (type) {
    case type_ns:
    case type_cname:
    case type_soa:
    case type_ptr:
      return 0;
    case type_mx:
      return 2;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Header> read_header(Bytes message) noexcept {
  ByteReader in(message);
  Header header;
  header.id = in.u16();
  header.flags = in.u16();
  for (std::uint16_t& count : header.counts) count = in.u16();
  return in.ok() ? std::optional(header) : std::nullopt;
}

bool RecordReader::read(Section section, Record& record) noexcept {
  std::size_t end = 0;
  record.data_name.reset();
  if (!read_name(at_, record.owner, end)) return false;
  ByteReader in(message_.subspan(std::min(end, message_.size())));
  record.type = in.u16();
  record.record_class = in.u16();
  if (section == Section::question) {
    if (!in.ok()) return fail(truncated);
    at_ = end + 4;
    return true;
  }
  in.skip(4);  // time to live
  const std::size_t size = in.u16();
  if (!in.ok()) return fail(truncated);
  at_ = end + 10;
  return read_data(record, size);
}

bool RecordReader::read_data(Record& record, std::size_t size) noexcept {
  if (size > message_.size() - at_) return fail(truncated);
  const std::size_t end = at_ + size;
  const auto offset = name_offset(record.type);
  // Dynamic updates (RFC 2136 section 2.4) have records of any type without data.
  if (offset && size > 0) {
    NamePlace place;
    std::size_t name_end = 0;
    if (!read_name(at_ + *offset, place, name_end)) return false;
    if (name_end > end) return fail(malformed_data);
    record.data_name = place;
  }
  at_ = end;
  return true;
}

bool RecordReader::read_name(std::size_t at, NamePlace& place, std::size_t& end) noexcept {
  const NameWalk walk = walk_name(message_, at);
  anomalies_ |= walk.anomalies;
  place = {.at = static_cast<std::uint16_t>(at), .length = walk.length};
  end = walk.end;
  steps_ += walk.steps;
  if (steps_ > kMostSteps) return fail(record_limit);
  return !walk.is_broken;
}

}  // namespace bansoko::proto::dns
