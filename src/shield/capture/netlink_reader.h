// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "base/bytes.h"
#include "shield/capture/native_order.h"

namespace bansoko::capture {

/// Takes the next message off what one receive gave; none at the end, or when the rest is no message.
inline std::optional<Bytes> take_message(Bytes& received) noexcept {
  ByteReader header(received);
  const std::uint32_t length = native_u32(header);
  if (!header.ok() || length < NLMSG_HDRLEN || length > received.size()) return std::nullopt;
  const Bytes message = received.first(length);
  received = received.subspan(std::min<std::size_t>(NLMSG_ALIGN(length), received.size()));
  return message;
}

/// Calls `visit(type, value)` for each attribute; false when one is cut short.
template <class Visit>
bool walk_attributes(Bytes attributes, Visit visit) noexcept {
  ByteReader reader(attributes);
  while (reader.ok() && reader.rest().size() >= NLA_HDRLEN) {
    const std::uint16_t size = native_u16(reader);
    const std::uint16_t kind = native_u16(reader) & NLA_TYPE_MASK;
    if (size < NLA_HDRLEN) return false;
    const Bytes value = reader.take(size - NLA_HDRLEN);
    if (reader.ok()) visit(kind, value);
    const std::size_t padding = NLA_ALIGN(size) - size;
    reader.skip(std::min(padding, reader.rest().size()));  // the last attribute may come without
  }
  return reader.ok();
}

/// The same for those of a netfilter message of this type; false also when it is another message.
template <class Visit>
bool read_attributes(Bytes message, std::uint16_t type, Visit visit) noexcept {
  ByteReader header(message);
  const std::uint32_t length = native_u32(header);
  if (native_u16(header) != type || !header.ok() || length > message.size()) return false;
  ByteReader reader(message.first(length));
  reader.skip(NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(nfgenmsg)));
  return reader.ok() && walk_attributes(reader.rest(), visit);
}

/// Reads a time of arrival: seconds and microseconds; zero when it makes no sense.
std::chrono::nanoseconds read_time(Bytes value) noexcept;

}  // namespace bansoko::capture
