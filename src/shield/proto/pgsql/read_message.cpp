// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/pgsql/message.h"

namespace bansoko::proto::pgsql {
namespace {

constexpr std::string_view kRequests = "BCDEFHPQSXcdfp";
constexpr std::string_view kResponses = "123ACDEGHIKNRSTVWZcdnstv";

/// Up to a zero. Without one: all, and the reader fails.
Bytes take_text(ByteReader& in) noexcept {
  const Bytes rest = in.rest();
  const auto end = std::ranges::find(rest, std::uint8_t{0});
  const auto size = static_cast<std::size_t>(end - rest.begin());
  in.skip(size + 1);
  return rest.first(size);
}

void add_database(Bytes name, Parts& into) noexcept {
  for (auto& known : into.databases) {
    if (known) continue;
    known = name;
    return;
  }
}

Bytes up_to_zero(Bytes room) noexcept {
  ByteReader in(room);
  return take_text(in);
}

// A record of fixed fields ("StartupPacket" of protocol 2).
Anomalies read_old_startup(Bytes body, Parts& into) noexcept {
  ByteReader in(body);
  const Bytes database = in.take(64);
  const Bytes user = in.take(32);
  const Bytes options = in.take(64);
  if (!in.ok()) return bit(malformed_startup) | bit(old_protocol);
  into.user = up_to_zero(user);
  into.options = up_to_zero(options);
  const Bytes name = up_to_zero(database);
  add_database(name.empty() ? *into.user : name, into);
  return bit(old_protocol);
}

Anomalies read_error(Bytes body, Parts& into) noexcept {
  ByteReader in(body);
  while (!in.rest().empty()) {
    const std::uint8_t kind = in.u8();
    if (kind == 0) return 0;
    const Bytes text = take_text(in);
    if (kind == 'C') into.error_code = text;
    if (kind == 'M') into.error_text = text;
  }
  return bit(malformed_message);
}

Anomalies fault_unless(bool ok) noexcept { return ok ? 0 : bit(malformed_message); }

}  // namespace

bool is_request_type(std::uint8_t type) noexcept {
  return kRequests.find(static_cast<char>(type)) != std::string_view::npos;
}

bool is_response_type(std::uint8_t type) noexcept {
  return kResponses.find(static_cast<char>(type)) != std::string_view::npos;
}

Anomalies read_startup(std::uint32_t version, Bytes body, Parts& into) noexcept {
  into.version = version;
  into.parameters = body;
  if (version == cancel_request || version == ssl_request || version == gssenc_request) return 0;
  if (version >> 16U == 2) return read_old_startup(body, into);
  if (version >> 16U != 3) return bit(malformed_startup);
  ByteReader in(body);
  while (!in.rest().empty() && in.rest().front() != 0) {
    const std::string_view name = as_text(take_text(in));
    const Bytes value = take_text(in);
    if (name == "user") into.user = value;
    if (name == "options") into.options = value;
    if (name == "database" && !value.empty()) add_database(value, into);
  }
  // The server takes the user's name where no database is named.
  if (!into.databases[0] && into.user) add_database(*into.user, into);
  return in.rest().size() == 1 ? 0 : bit(malformed_startup);
}

Anomalies read_request(std::uint8_t type, Bytes body, Parts& into) noexcept {
  ByteReader in(body);
  switch (type) {
    case 'Q':
      into.query = take_text(in);
      break;
    case 'P':
      into.statement = take_text(in);
      into.query = take_text(in);
      break;
    case 'B':
      take_text(in);  // the portal
      into.statement = take_text(in);
      break;
    default:
      break;
  }
  return fault_unless(in.ok());
}

Anomalies read_response(std::uint8_t type, Bytes body, Parts& into) noexcept {
  ByteReader in(body);
  if (type == 'E') return read_error(body, into);
  if (type == 'R') into.authentication = in.u32();
  if (type == 'S') {
    const std::string_view name = as_text(take_text(in));
    const Bytes value = take_text(in);
    if (name == "server_version") into.server_version = value;
  }
  return fault_unless(in.ok());
}

}  // namespace bansoko::proto::pgsql
