// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/buffers.h"

#include <algorithm>
#include <array>
#include <vector>

#include "shield/proto/http/buffers.h"
#include "shield/proto/http2/stream.h"

namespace bansoko::proto::http2 {
namespace {

using Found = std::optional<Bytes>;

const FieldList& fields_of(Transaction& transaction, Side side) noexcept {
  return static_cast<StreamTransaction&>(transaction).half(side).fields;
}

template <Side side>
Found field_line(Transaction& transaction, unsigned instance) noexcept {
  const FieldList& fields = fields_of(transaction, side);
  if (instance >= fields.all().size()) return {};
  return as_bytes(fields.line(fields.all()[instance]));
}

template <Side side>
Found field_name(Transaction& transaction, unsigned instance) noexcept {
  const FieldList& fields = fields_of(transaction, side);
  if (instance >= fields.all().size()) return {};
  return as_bytes(fields.name(fields.all()[instance]));
}

template <Side side>
Found field_text(Transaction& transaction, unsigned instance) noexcept {
  const FieldList& fields = fields_of(transaction, side);
  if (instance > 0 || fields.text().empty()) return {};
  return as_bytes(fields.text());
}

/// Each field as it was sent, and then each header as HTTP/1 has it.
template <Side side>
Found header_line(Transaction& transaction, unsigned instance) noexcept {
  const auto sent = static_cast<unsigned>(fields_of(transaction, side).all().size());
  if (instance < sent) return field_line<side>(transaction, instance);
  http::Message& message = static_cast<StreamTransaction&>(transaction).message(side);
  unsigned left = instance - sent;
  for (http::Header& header : message.headers.all())
    if (!header.is_repeat && left-- == 0) return as_bytes(message.headers.line(header, message.arena));
  return {};
}

struct Own {
  std::string_view name;
  std::string_view help;
  std::array<Found (*)(Transaction&, unsigned) noexcept, 2> get;  // by Side
};

/// What holds the fields as they were sent, where HTTP/1 has its header lines.
constexpr std::array kAsSent{
    Own{"http.header.raw",
        "all headers as sent, pseudo headers too, a line each",
        {field_text<Side::client>, field_text<Side::server>}},
    Own{"http.request_header",
        "each header: \"name: value\" as sent, pseudo headers too, then as HTTP/1 has it",
        {header_line<Side::client>, nullptr}},
    Own{"http.response_header",
        "each header: \"name: value\" as sent, pseudo headers too, then as HTTP/1 has it",
        {nullptr, header_line<Side::server>}}};

constexpr std::array kMore{Own{"http2.header",
                               "each header as sent, pseudo headers too: \"name: value\"",
                               {field_line<Side::client>, field_line<Side::server>}},
                           Own{"http2.header_name",
                               "the name of each header, pseudo headers too",
                               {field_name<Side::client>, field_name<Side::server>}}};

std::vector<Buffer> make_buffers() {
  const auto of_http = http::buffers();
  std::vector<Buffer> all(of_http.begin(), of_http.end());
  for (Buffer& buffer : all) {
    const auto* const own = std::ranges::find(kAsSent, buffer.name, &Own::name);
    if (own == kAsSent.end()) continue;
    buffer.help = own->help;
    buffer.get = own->get[flow::index(buffer.side)];
  }
  for (const Own& own : kMore)
    for (const Side side : {Side::client, Side::server})
      all.push_back({.name = own.name,
                     .help = own.help,
                     .side = side,
                     .ready_at = http::kFrame,
                     .get = own.get[flow::index(side)],
                     .several = true});
  return all;
}

}  // namespace

std::span<const Buffer> buffers() noexcept {
  static const std::vector<Buffer> all = make_buffers();
  return all;
}

}  // namespace bansoko::proto::http2
