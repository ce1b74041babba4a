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

/// The same of a name that only the record's numbers are about.
std::optional<std::size_t> inner_name_offset(std::uint16_t type) noexcept {
  if (type == type_tsig) return 0;
  return type == type_sig || type == type_rrsig ? std::optional(kSignerOffset) : std::nullopt;
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
  record.inner.reset();
  record.data = {};
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
  record.data = message_.subspan(at_, size);
  if (!read_inner_name(record)) return false;
  at_ = end;
  return true;
}

// What is wrong with such a name is no anomaly: nothing else depends on it.
bool RecordReader::read_inner_name(Record& record) noexcept {
  const auto offset = inner_name_offset(record.type);
  if (!offset || *offset >= record.data.size()) return true;
  const std::size_t at = at_ + *offset;
  const NameWalk walk = walk_name(message_, at);
  steps_ += walk.steps;
  if (steps_ > kMostSteps) return fail(record_limit);
  const std::size_t end = at_ + record.data.size();
  if (walk.is_broken || walk.end > end) return true;
  record.inner = {.name = {.at = static_cast<std::uint16_t>(at), .length = walk.length},
                  .rest = message_.subspan(walk.end, end - walk.end)};
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
