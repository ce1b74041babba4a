// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/sip/message.h"

namespace bansoko::proto::sip {
namespace {

using Found = std::optional<Bytes>;
using Number = std::optional<std::uint64_t>;
using Get = Found (*)(Transaction&, unsigned) noexcept;

const SipMessage& at(const Transaction& transaction) noexcept {
  return static_cast<const SipMessage&>(transaction);
}

Found bytes_of(std::optional<std::string_view> text) noexcept {
  return text ? Found(as_bytes(*text)) : Found();
}

/// Of the start line: empty is absent.
template <auto part>
Found word(Transaction& transaction, unsigned instance) noexcept {
  const std::string_view text = at(transaction).*part;
  return instance == 0 && !text.empty() ? Found(as_bytes(text)) : Found();
}
Found request_line(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).method.empty() ? Found() : word<&SipMessage::start_line>(transaction, instance);
}
Found response_line(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).code.empty() ? Found() : word<&SipMessage::start_line>(transaction, instance);
}
template <HeaderName name>
Found header(Transaction& transaction, unsigned instance) noexcept {
  return bytes_of(at(transaction).header(name, instance));
}
Found any_header(Transaction& transaction, unsigned instance) noexcept {
  return bytes_of(at(transaction).header_line(instance));
}
template <char type, bool is_of_media>
Found described(Transaction& transaction, unsigned instance) noexcept {
  return bytes_of(at(transaction).description().line(type, is_of_media, instance));
}

Number header_count(const Transaction& transaction) noexcept { return at(transaction).header_count; }
Number longest_header(const Transaction& transaction) noexcept { return at(transaction).longest_header; }
Number stated_size(const Transaction& transaction) noexcept { return at(transaction).stated_size; }

constexpr Buffer entry(std::string_view name, std::string_view help, Side side, Get get,
                       bool several) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .get = get, .several = several};
}

struct Row {
  std::string_view name, help;
  Get get;
  bool several = false;
};
constexpr std::array kRows{
    Row{"sip.method", "a request's method", word<&SipMessage::method>},
    Row{"sip.uri", "what a request is for", word<&SipMessage::uri>},
    Row{"sip.request_line", "a request's first line", request_line},
    Row{"sip.stat_code", "a response's code", word<&SipMessage::code>},
    Row{"sip.stat_msg", "what a response says behind its code", word<&SipMessage::reason>},
    Row{"sip.response_line", "a response's first line", response_line},
    Row{"sip.protocol", "the version in the first line: SIP/2.0", word<&SipMessage::version>},
    Row{"sip.from", "each From", header<HeaderName::from>, true},
    Row{"sip.to", "each To", header<HeaderName::to>, true},
    Row{"sip.via", "each Via", header<HeaderName::via>, true},
    Row{"sip.user_agent", "each User-Agent", header<HeaderName::user_agent>, true},
    Row{"sip.content_type", "each Content-Type", header<HeaderName::content_type>, true},
    Row{"sip.content_length", "each Content-Length", header<HeaderName::content_length>, true},
    Row{"sip.header", "each header with its name, as it is written", any_header, true},
    Row{"sip.body", "the body", word<&SipMessage::body>},
    Row{"sdp.origin", "o= of a session description", described<'o', false>},
    Row{"sdp.session_name", "s=", described<'s', false>},
    Row{"sdp.session_info", "i= of the session", described<'i', false>},
    Row{"sdp.uri", "u=", described<'u', false>},
    Row{"sdp.email", "e=", described<'e', false>, true},
    Row{"sdp.phone_number", "p=", described<'p', false>, true},
    Row{"sdp.connection_data", "c= of the session", described<'c', false>, true},
    Row{"sdp.bandwidth", "each b= of the session", described<'b', false>, true},
    Row{"sdp.time", "each t=", described<'t', false>, true},
    Row{"sdp.repeat_time", "each r=", described<'r', false>, true},
    Row{"sdp.timezone", "z=", described<'z', false>},
    Row{"sdp.encryption_key", "k= of the session", described<'k', false>},
    Row{"sdp.attribute", "each a= of the session", described<'a', false>, true},
    Row{"sdp.media.media", "each m=", described<'m', true>, true},
    Row{"sdp.media.media_info", "each i= of media", described<'i', true>, true},
    Row{"sdp.media.connection_data", "each c= of media", described<'c', true>, true},
    Row{"sdp.media.encryption_key", "each k= of media", described<'k', true>, true},
};

// Whoever called may ask, and be asked, so each side has all of them.
constexpr auto kBuffers = [] {
  std::array<Buffer, 2 * kRows.size()> all{};
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    const Row& row = kRows[i];
    all[2 * i] = entry(row.name, row.help, Side::client, row.get, row.several);
    all[2 * i + 1] = entry(row.name, row.help, Side::server, row.get, row.several);
  }
  return all;
}();
static_assert(kBuffers.size() <= 64, "one bit each in Assignment::wanted");

constexpr Field number(std::string_view name, std::string_view help, Side side,
                       Number (*get)(const Transaction&) noexcept) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .get = get};
}
constexpr std::string_view kCount = "headers of a message";
constexpr std::string_view kLongestHeader = "the length of its longest header, name and all";
constexpr std::string_view kStated = "the length of the body, as stated";

constexpr std::array kFields{
    number("sip.header_count", kCount, Side::client, header_count),
    number("sip.header_count", kCount, Side::server, header_count),
    number("sip.longest_header", kLongestHeader, Side::client, longest_header),
    number("sip.longest_header", kLongestHeader, Side::server, longest_header),
    number("sip.body_length", kStated, Side::client, stated_size),
    number("sip.body_length", kStated, Side::server, stated_size),
};

}  // namespace

std::span<const Buffer> buffers() noexcept { return kBuffers; }
std::span<const Field> fields() noexcept { return kFields; }

}  // namespace bansoko::proto::sip
