// SPDX-License-Identifier: Apache-2.0
// Oracle documents what the packets are for (Database Net Services Administrator's Guide), not their layout,
// which is as widely known protocol analysers have it.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "shield/proto/tns/message.h"

namespace bansoko::proto::tns {
namespace {

Anomalies fault_unless(bool ok) noexcept { return ok ? 0 : bit(malformed_packet); }

/// Data behind their length, which a packet may state too large.
Anomalies take_stated(ByteReader& in, std::optional<Bytes>& into) noexcept {
  const std::size_t size = in.u16();
  if (!in.ok()) return bit(malformed_packet);
  into = in.take(std::min(size, in.rest().size()));
  return fault_unless(into->size() == size);
}

}  // namespace

Anomalies read_connect(Bytes body, Parts& into, std::size_t& pending) noexcept {
  ByteReader in(body);
  const std::uint16_t version = in.u16();
  const std::uint16_t compatible = in.u16();
  in.skip(2);  // options
  const std::uint16_t sdu = in.u16();
  in.skip(8);  // largest packet, the line's traits, byte order
  const std::size_t length = in.u16();
  const std::size_t offset = in.u16();
  if (!in.ok()) return bit(malformed_packet);
  into.version = version;
  into.compatible = compatible;
  into.sdu = sdu;
  into.connect_data_length = length;
  if (length == 0) return 0;
  // What has no room in the packet comes in packets of data.
  if (offset == body.size() + kHeaderSize) {
    pending = length;
    return 0;
  }
  if (offset < kHeaderSize || offset - kHeaderSize > body.size()) return bit(connect_data_outside);
  const Bytes rest = body.subspan(offset - kHeaderSize);
  into.connect_data = rest.first(std::min(length, rest.size()));
  return length > rest.size() ? bit(connect_data_outside) : 0;
}

Anomalies read_accept(Bytes body, Parts& into) noexcept {
  ByteReader in(body);
  const std::uint16_t version = in.u16();
  in.skip(2);
  const std::uint16_t sdu = in.u16();
  if (!in.ok()) return bit(malformed_packet);
  into.version = version;
  into.sdu = sdu;
  return 0;
}

Anomalies read_refusal(Bytes body, Parts& into) noexcept {
  ByteReader in(body);
  in.skip(2);  // whose fault it is
  const Anomalies found = take_stated(in, into.refuse_data);
  if (!into.refuse_data) return found;
  const std::string_view code = as_text(value_of(*into.refuse_data, "ERR", 0).value_or(Bytes{}));
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(code.data(), code.data() + code.size(), number);
  if (parsed.ec == std::errc{}) into.error = number;
  return found;
}

Anomalies read_redirect(Bytes body, Parts& into) noexcept {
  ByteReader in(body);
  return take_stated(in, into.redirect_data);
}

Anomalies read_data(Bytes body, Parts& into) noexcept {
  ByteReader in(body);
  in.skip(2);  // flags
  if (in.ok()) into.data = in.rest();
  return fault_unless(in.ok());
}

std::optional<Bytes> value_of(Bytes connect_data, std::string_view name, unsigned nth) noexcept {
  const std::string_view text = as_text(connect_data);
  for (std::size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    const std::string_view pair = text.substr(at + 1);
    const std::size_t equals = pair.find_first_of("=()");
    if (equals == std::string_view::npos) return std::nullopt;
    if (pair[equals] != '=' || !same_text(trim(pair.substr(0, equals)), name) || nth-- > 0) continue;
    const std::string_view rest = pair.substr(equals + 1);
    return as_bytes(trim(rest.substr(0, rest.find_first_of("()"))));
  }
  return std::nullopt;
}

}  // namespace bansoko::proto::tns
