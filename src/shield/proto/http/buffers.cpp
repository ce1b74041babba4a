// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/buffers.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "shield/proto/header_parameters.h"
#include "shield/proto/http/message.h"
#include "shield/proto/http/uri.h"

namespace bansoko::proto::http {
namespace {

using Found = std::optional<Bytes>;

constexpr std::string_view kPrefix = "http.";

Message& message_of(Transaction& transaction, Side side) noexcept {
  return static_cast<HttpTransaction&>(transaction).message(side);
}

Found found(std::string_view text) noexcept { return as_bytes(text); }

/// Of what there is no empty form.
Found unless_empty(std::string_view text) noexcept { return text.empty() ? Found() : found(text); }

/// The host that the target names: CONNECT has nothing else in it.
std::string_view target_host(Message& request) noexcept {
  const StartLine& start = request.start();
  return is_authority_form(start) ? start.second : split_target(start.second).host;
}

std::optional<std::string_view> value_of(Message& message, std::string_view name) noexcept {
  Header* header = message.headers.find(name);
  if (header == nullptr) return {};
  return message.headers.value(*header, message.arena);
}

Found host(Message& request) noexcept {
  if (!request.host) {
    const auto in_target = target_host(request);
    request.host =
        normalise_host(in_target.empty() ? value_of(request, "host").value_or("") : in_target, request.arena);
  }
  return unless_empty(*request.host);
}

Found raw_host(Message& request) noexcept {
  if (!target_host(request).empty()) return host(request);
  const auto value = value_of(request, "host");
  return value ? found(*value) : Found();
}

Found headers_text(Message& message, std::string_view cookie) noexcept {
  if (!message.headers_text) message.headers_text = message.headers.normalised(cookie, message.arena);
  return unless_empty(*message.headers_text);
}

Found header_names(Message& message) noexcept {
  if (message.headers.size() == 0) return {};
  if (!message.header_names) message.header_names = message.headers.names(message.arena);
  return found(*message.header_names);
}

Found whole_head(Message& message, std::string_view line) noexcept {
  if (message.headers_at == 0) return {};
  if (!message.whole_head) {
    const auto headers = message.headers.normalised({}, message.arena);
    message.whole_head = message.arena.join({line, "\r\n", headers, headers.empty() ? "" : "\r\n"});
  }
  return found(*message.whole_head);
}

Found header_line(Message& message, unsigned instance) noexcept {
  for (Header& header : message.headers.all()) {
    if (header.is_repeat) continue;
    if (instance-- == 0) return found(message.headers.line(header, message.arena));
  }
  return {};
}

Found body(Message& message) noexcept {
  if (message.body.is_empty()) return {};
  return message.body.bytes();
}

/// A file without another name is called by its path.
Found path_name(HttpTransaction& transaction) noexcept {
  const auto uri = transaction.request.uri(0).value_or(std::string_view());
  return unless_empty(uri.substr(0, uri.find('?')));
}

Found upload(Transaction& transaction, unsigned instance) noexcept {
  auto& at = static_cast<HttpTransaction&>(transaction);
  if (instance >= at.uploads.size()) return {};
  return at.uploads.content(at.request.body.bytes(), instance);
}

Found upload_name(Transaction& transaction, unsigned instance) noexcept {
  auto& at = static_cast<HttpTransaction&>(transaction);
  if (instance >= at.uploads.size()) return {};
  if (!at.uploads.is_form()) return path_name(at);
  return found(at.uploads.name(at.request.body.bytes(), instance));
}

/// The name that the server gives, or else the one that was asked for.
Found download_name(Transaction& transaction, unsigned instance) noexcept {
  auto& at = static_cast<HttpTransaction&>(transaction);
  if (instance > 0 || at.response.body.is_empty()) return {};
  const auto given =
      header_parameter(value_of(at.response, "content-disposition").value_or(""), "filename").value_or("");
  return given.empty() ? path_name(at) : found(given);
}

template <Side side, SumKind kind>
Found file_sum(Transaction& transaction, unsigned instance) noexcept {
  return message_of(transaction, side).sums.get(kind, instance);
}

template <Side side, SumKind kind>
constexpr Buffer sum() {
  constexpr auto kRow = static_cast<std::size_t>(kind);
  return {kSumNames[kRow], kSumHelp[kRow], side, kBody, true, file_sum<side, kind>, true};
}

/// The target as the server reads it, and then as it may read it besides.
Found normal_uri(Transaction& transaction, unsigned reading) noexcept {
  const auto uri = message_of(transaction, Side::client).uri(reading);
  return uri ? unless_empty(*uri) : Found();
}

template <Side side>
Found anomaly(Transaction& transaction, unsigned instance) noexcept {
  const AnomalySet& anomalies = message_of(transaction, side).anomalies;
  if (instance >= anomalies.size()) return {};
  return found(kAnomalies[static_cast<std::size_t>(anomalies[instance])].substr(kPrefix.size()));
}

/// A buffer that is one per transaction: what `read` finds in a message of `side`.
template <Side side, Found (*read)(Message&) noexcept>
Found single(Transaction& transaction, unsigned instance) noexcept {
  if (instance > 0) return {};
  return read(message_of(transaction, side));
}

/// The names that have a buffer of their own.
constexpr std::array<std::string_view, 12> kNamed{
    "cookie",     "user-agent",   "accept",         "accept-encoding", "accept-language", "referer",
    "connection", "content-type", "content-length", "set-cookie",      "location",        "server"};

constexpr std::size_t named(std::string_view name) {
  return static_cast<std::size_t>(std::find(kNamed.begin(), kNamed.end(), name) - kNamed.begin());
}

template <std::size_t index>
Found header_value(Message& message) noexcept {
  static_assert(index < kNamed.size());
  const auto value = value_of(message, kNamed[index]);
  return value ? found(*value) : Found();
}

Found method(Message& m) noexcept { return unless_empty(m.start().first); }
Found raw_uri(Message& m) noexcept { return unless_empty(m.start().second); }
Found request_line(Message& m) noexcept { return found(without_line_end(m.start_line())); }
Found request_protocol(Message& m) noexcept { return unless_empty(m.start().third); }
Found request_headers(Message& m) noexcept { return headers_text(m, "cookie"); }
Found request_start(Message& m) noexcept { return whole_head(m, without_line_end(m.start_line())); }
Found raw_headers(Message& m) noexcept { return unless_empty(m.raw_headers()); }

Found response_line(Message& m) noexcept { return unless_empty(m.start_line()); }
Found response_protocol(Message& m) noexcept { return unless_empty(m.start().first); }
Found status(Message& m) noexcept { return unless_empty(m.start().second); }
Found reason(Message& m) noexcept { return m.headers_at == 0 ? Found() : found(m.start().third); }
Found response_headers(Message& m) noexcept { return headers_text(m, "set-cookie"); }
Found response_start(Message& m) noexcept { return whole_head(m, m.start_line()); }

template <Side side>
Found lines(Transaction& transaction, unsigned instance) noexcept {
  return header_line(message_of(transaction, side), instance);
}

constexpr auto kClient = Side::client;
constexpr auto kServer = Side::server;

template <Found (*read)(Message&) noexcept>
constexpr Buffer client(std::string_view name, std::string_view help, std::uint8_t ready_at,
                        bool growing = false) {
  return {name, help, kClient, ready_at, growing, single<kClient, read>};
}
template <Found (*read)(Message&) noexcept>
constexpr Buffer server(std::string_view name, std::string_view help, std::uint8_t ready_at,
                        bool growing = false) {
  return {name, help, kServer, ready_at, growing, single<kServer, read>};
}

constexpr std::array kBuffers{
    client<method>("http.method", "GET, POST, ...", kStartLine),
    Buffer{"http.uri", "path and query, decoded and made plain", kClient, kStartLine, false, normal_uri, true,
           true},
    client<raw_uri>("http.uri.raw", "the target as sent", kStartLine),
    client<request_line>("http.request_line", "the first line of a request", kStartLine),
    client<request_protocol>("http.protocol", "HTTP/1.1, as the client wrote it", kStartLine),
    client<request_headers>("http.header", "all headers but cookies, a line each, repeated ones joined",
                            kHeaders),
    client<raw_headers>("http.header.raw", "all headers as sent", kHeaders),
    client<header_names>("http.header_names", "the names of the headers, a line each", kHeaders),
    client<header_value<named("cookie")>>("http.cookie", "Cookie", kHeaders),
    client<header_value<named("user-agent")>>("http.user_agent", "User-Agent", kHeaders),
    client<host>("http.host", "the host asked for, lower case, without port", kHeaders),
    client<raw_host>("http.host.raw", "the host asked for", kHeaders),
    client<header_value<named("accept")>>("http.accept", "Accept", kHeaders),
    client<header_value<named("accept-encoding")>>("http.accept_enc", "Accept-Encoding", kHeaders),
    client<header_value<named("accept-language")>>("http.accept_lang", "Accept-Language", kHeaders),
    client<header_value<named("referer")>>("http.referer", "Referer", kHeaders),
    client<header_value<named("connection")>>("http.connection", "Connection", kHeaders),
    client<header_value<named("content-type")>>("http.content_type", "Content-Type", kHeaders),
    client<header_value<named("content-length")>>("http.content_len", "Content-Length", kHeaders),
    client<request_start>("http.start", "the first line and all headers", kHeaders),
    Buffer{"http.request_header", "each header: \"Name: value\"", kClient, kHeaders, false, lines<kClient>,
           true},
    client<body>("http.request_body", "the body, unchunked and decompressed", kBody, true),
    Buffer{"file.data", "of a POST or PUT: the body, or each file of a form", kClient, kBody, true, upload,
           true},
    Buffer{"file.name", "what such a file is called", kClient, kBody, true, upload_name, true},
    sum<kClient, SumKind::size>(),
    sum<kClient, SumKind::md5>(),
    sum<kClient, SumKind::sha1>(),
    sum<kClient, SumKind::sha256>(),
    Buffer{"http.anomaly", "each oddity of the message, by its name: \"chunk_size_invalid\"", kClient,
           kStartLine, true, anomaly<kClient>, true},
    server<response_protocol>("http.protocol", "HTTP/1.1, as the server wrote it", kStartLine),
    server<status>("http.stat_code", "200, 404, ...", kStartLine),
    server<reason>("http.stat_msg", "what follows the code", kStartLine),
    server<response_line>("http.response_line", "the first line of a response, with its line end",
                          kStartLine),
    server<response_headers>("http.header", "all headers but cookies, a line each, repeated ones joined",
                             kHeaders),
    server<raw_headers>("http.header.raw", "all headers as sent", kHeaders),
    server<header_names>("http.header_names", "the names of the headers, a line each", kHeaders),
    server<header_value<named("set-cookie")>>("http.cookie", "Set-Cookie", kHeaders),
    server<header_value<named("connection")>>("http.connection", "Connection", kHeaders),
    server<header_value<named("content-type")>>("http.content_type", "Content-Type", kHeaders),
    server<header_value<named("content-length")>>("http.content_len", "Content-Length", kHeaders),
    server<header_value<named("location")>>("http.location", "Location", kHeaders),
    server<header_value<named("server")>>("http.server", "Server", kHeaders),
    server<response_start>("http.start", "the first line and all headers", kHeaders),
    Buffer{"http.response_header", "each header: \"Name: value\"", kServer, kHeaders, false, lines<kServer>,
           true},
    server<body>("http.response_body", "the body, unchunked and decompressed", kBody, true),
    Buffer{.name = "file.data",
           .help = "the body, unchunked and decompressed",
           .side = kServer,
           .ready_at = kBody,
           .growing = true,
           .get = single<kServer, body>,
           .same_as = "http.response_body"},
    Buffer{"file.name", "what Content-Disposition or else the path calls it", kServer, kBody, false,
           download_name},
    sum<kServer, SumKind::size>(),
    sum<kServer, SumKind::md5>(),
    sum<kServer, SumKind::sha1>(),
    sum<kServer, SumKind::sha256>(),
    Buffer{"http.anomaly", "each oddity of the message, by its name: \"chunk_size_invalid\"", kServer,
           kStartLine, true, anomaly<kServer>, true},
};
static_assert(kBuffers.size() <= 64, "Parser::reset() has 64 bits to name them");

constexpr std::uint64_t bits_of(Side side, std::initializer_list<std::string_view> names) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kBuffers.size(); ++i)
    for (const std::string_view name : names)
      if (kBuffers[i].side == side && kBuffers[i].name == name) bits |= std::uint64_t{1} << i;
  return bits;
}

constexpr std::uint64_t kFiles =
    bits_of(kClient, {"file.data", "file.name", "file.size", "file.md5", "file.sha1", "file.sha256"});
constexpr std::uint64_t kRequestBody = kFiles | bits_of(kClient, {"http.request_body"});
constexpr std::uint64_t kResponseBody = bits_of(
    kServer,
    {"http.response_body", "file.data", "file.name", "file.size", "file.md5", "file.sha1", "file.sha256"});

}  // namespace

std::span<const Buffer> buffers() noexcept { return kBuffers; }

WantedBodies wanted_bodies(std::uint64_t wanted) noexcept {
  return {.request = (wanted & kRequestBody) != 0,
          .response = (wanted & kResponseBody) != 0,
          .uploads = (wanted & kFiles) != 0,
          .sums = {wanted_sums(kBuffers, wanted, kClient), wanted_sums(kBuffers, wanted, kServer)}};
}

}  // namespace bansoko::proto::http
