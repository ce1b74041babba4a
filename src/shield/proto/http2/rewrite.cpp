// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/rewrite.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "shield/proto/http2/header_case.h"

namespace bansoko::proto::http2 {
namespace {

constexpr std::string_view kVersion = "HTTP/2";
constexpr std::string_view kMissing = "-";  // what a request line cannot do without

// RFC 9113 section 8.2.2.
constexpr std::array<std::string_view, 5> kConnectionHeaders{"connection", "proxy-connection", "keep-alive",
                                                             "transfer-encoding", "upgrade"};

bool is_pseudo(std::string_view name) noexcept { return name.starts_with(':'); }

bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

/// RFC 9110 section 5.6.2.
bool is_token_sign(char c) noexcept {
  return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_of_connection(std::string_view name, std::string_view value) noexcept {
  if (same_text(name, "te")) return !same_text(trim(value), "trailers");
  return std::ranges::any_of(kConnectionHeaders,
                             [name](std::string_view known) { return same_text(known, name); });
}

/// The lines of a head under way.
class HeadWriter {
 public:
  explicit HeadWriter(http::Message& to) noexcept : to_(to) {}

  void add(std::string_view name, std::string_view value) {
    begin(name);
    to_.head += value;
    end();
  }
  void begin(std::string_view name) {
    at_ = to_.head.size();
    append_in_old_case(name, to_.head);
    to_.head += ": ";
  }
  void append(std::string_view piece) { to_.head += piece; }
  void end() {
    to_.headers.add_line(static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(to_.head.size() - at_),
                         false);
    to_.head += "\r\n";
  }

 private:
  http::Message& to_;
  std::size_t at_ = 0;
};

/// RFC 9113 section 8.2.3: cookies may come in crumbs.
void write_cookies(const FieldList& fields, HeadWriter& to) {
  bool is_first = true;
  for (const FieldList::Entry& entry : fields.all()) {
    if (!same_text(fields.name(entry), "cookie")) continue;
    is_first ? to.begin(fields.name(entry)) : to.append("; ");
    to.append(fields.value(entry));
    is_first = false;
  }
  if (!is_first) to.end();
}

void write_headers(const FieldList& fields, Side side, http::Message& to) {
  HeadWriter writer(to);
  bool has_cookies = false;
  for (const FieldList::Entry& entry : fields.all()) {
    const std::string_view name = fields.name(entry);
    if (is_pseudo(name)) continue;
    if (!std::ranges::all_of(name, is_token_sign)) to.anomalies.add(http::Anomaly::header_name_invalid);
    if (side == Side::server || !same_text(name, "cookie")) {
      writer.add(name, fields.value(entry));
    } else if (!has_cookies) {
      has_cookies = true;
      write_cookies(fields, writer);
    }
  }
}

void check_fields(const FieldList& fields, FieldFaults& faults) noexcept {
  for (const FieldList::Entry& entry : fields.all()) {
    faults.upper_case |= std::ranges::any_of(fields.name(entry), is_upper);
    faults.connection_header |= is_of_connection(fields.name(entry), fields.value(entry));
  }
}

std::string_view host_of(const FieldList& fields) noexcept {
  for (const FieldList::Entry& entry : fields.all())
    if (same_text(fields.name(entry), "host")) return fields.value(entry);
  return {};
}

void write_request_line(const PseudoHeaders& pseudo, std::string& head) {
  // RFC 9113 section 8.5: CONNECT names a host. With a protocol it has a path as well (RFC 8441).
  const bool is_tunnel = pseudo.method == "CONNECT" && !pseudo.has_path;
  const std::string_view target = is_tunnel ? pseudo.authority : pseudo.path;
  const auto or_missing = [](std::string_view text) { return text.empty() ? kMissing : text; };
  head.append(or_missing(pseudo.method)).append(" ").append(or_missing(target)).append(" ");
  head.append(kVersion).append("\r\n");
}

}  // namespace

PseudoHeaders pseudo_headers(const FieldList& fields, Side side, FieldFaults& faults) noexcept {
  PseudoHeaders found;
  unsigned seen = 0;
  bool is_behind = false;
  const auto take = [&](unsigned bit, bool is_of_side, std::string_view& to, std::string_view value) {
    faults.pseudo_header |= (seen & bit) != 0 || !is_of_side || value.empty();
    if ((seen & bit) == 0) to = value;
    seen |= bit;
  };
  const bool is_request = side == Side::client;
  for (const FieldList::Entry& entry : fields.all()) {
    const std::string_view name = fields.name(entry);
    const std::string_view value = fields.value(entry);
    faults.pseudo_header |= is_pseudo(name) && is_behind;
    is_behind |= !is_pseudo(name);
    if (!is_pseudo(name)) continue;
    if (name == ":method")
      take(1, is_request, found.method, value);
    else if (name == ":path")
      take(2, is_request, found.path, value);
    else if (name == ":authority")
      take(4, is_request, found.authority, value);
    else if (name == ":scheme")
      take(8, is_request, found.scheme, value);
    else if (name == ":protocol")
      take(16, is_request, found.protocol, value);
    else if (name == ":status")
      take(32, !is_request, found.status, value);
    else
      faults.pseudo_header = true;
  }
  found.has_path = (seen & 2U) != 0;
  const bool is_connect = found.method == "CONNECT" && (seen & 16U) == 0;
  const unsigned needed = !is_request ? 32U : is_connect ? 1U | 4U : 1U | 2U | 8U;
  faults.pseudo_header |= (seen & needed) != needed;
  return found;
}

FieldFaults rewrite(const FieldList& fields, Side side, http::Message& to) {
  FieldFaults faults;
  const PseudoHeaders pseudo = pseudo_headers(fields, side, faults);
  check_fields(fields, faults);
  if (side == Side::client) {
    write_request_line(pseudo, to.head);
    to.start_line_done(true);
    const std::string_view host = host_of(fields);
    faults.host_mismatch = !host.empty() && !pseudo.authority.empty() && !same_text(host, pseudo.authority);
    faults.userinfo = pseudo.authority.find('@') != std::string_view::npos;
    if (!pseudo.authority.empty() && (host.empty() || faults.host_mismatch))
      HeadWriter(to).add("host", pseudo.authority);
  } else {
    to.head.append(kVersion).append(" ").append(pseudo.status).append("\r\n");
    to.start_line_done(false);
  }
  write_headers(fields, side, to);
  to.head += "\r\n";
  to.check_start_line(kVersion);
  to.headers_done();
  return faults;
}

}  // namespace bansoko::proto::http2
