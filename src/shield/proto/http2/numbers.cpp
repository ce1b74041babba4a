// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "shield/proto/http/fields.h"
#include "shield/proto/http2/buffers.h"
#include "shield/proto/http2/stream.h"

namespace bansoko::proto::http2 {
namespace {

using Number = std::optional<std::uint64_t>;

const StreamTransaction& stream_of(const Transaction& transaction) noexcept {
  return static_cast<const StreamTransaction&>(transaction);
}

// As Suricata writes them, and as RFC 9113 does.
constexpr std::array kTypeNames{
    NamedValue{"data", 0},         NamedValue{"headers", 1},       NamedValue{"priority", 2},
    NamedValue{"rst_stream", 3},   NamedValue{"rststream", 3},     NamedValue{"settings", 4},
    NamedValue{"push_promise", 5}, NamedValue{"pushpromise", 5},   NamedValue{"ping", 6},
    NamedValue{"goaway", 7},       NamedValue{"window_update", 8}, NamedValue{"windowupdate", 8},
    NamedValue{"continuation", 9},
};

// RFC 9113 section 7.
constexpr std::array kErrorNames{
    NamedValue{"no_error", 0},
    NamedValue{"protocol_error", 1},
    NamedValue{"internal_error", 2},
    NamedValue{"flow_control_error", 3},
    NamedValue{"settings_timeout", 4},
    NamedValue{"stream_closed", 5},
    NamedValue{"frame_size_error", 6},
    NamedValue{"refused_stream", 7},
    NamedValue{"cancel", 8},
    NamedValue{"compression_error", 9},
    NamedValue{"connect_error", 10},
    NamedValue{"enhance_your_calm", 11},
    NamedValue{"inadequate_security", 12},
    NamedValue{"http_1_1_required", 13},
    NamedValue{"http11_required", 13},
};

template <Side side>
Number type(const Transaction& transaction) noexcept {
  const FrameFacts& facts = stream_of(transaction).half(side).facts;
  return facts.number == 0 ? Number() : facts.header.type;
}

template <Side side>
Number flags(const Transaction& transaction) noexcept {
  const FrameFacts& facts = stream_of(transaction).half(side).facts;
  return facts.number == 0 ? Number() : facts.header.flags;
}

template <Side side>
Number length(const Transaction& transaction) noexcept {
  const FrameFacts& facts = stream_of(transaction).half(side).facts;
  return facts.number == 0 ? Number() : facts.header.length;
}

template <Side side>
Number stream_number(const Transaction& transaction) noexcept {
  return stream_of(transaction).stream;
}

template <Side side>
Number frame_number(const Transaction& transaction) noexcept {
  const FrameFacts& facts = stream_of(transaction).half(side).facts;
  return facts.number == 0 ? Number() : facts.number;
}

template <Side side>
Number error(const Transaction& transaction) noexcept {
  return stream_of(transaction).half(side).facts.error;
}

template <Side side>
Number priority(const Transaction& transaction) noexcept {
  return stream_of(transaction).half(side).facts.priority;
}

template <Side side>
Number window(const Transaction& transaction) noexcept {
  return stream_of(transaction).half(side).facts.increment;
}

template <Side side>
Number size_update(const Transaction& transaction, unsigned instance) noexcept {
  const auto& updates = stream_of(transaction).half(side).updates;
  return instance < updates.size() ? updates[instance] : Number();
}

template <Side side>
Number first_size_update(const Transaction& transaction) noexcept {
  return size_update<side>(transaction, 0);
}

Number setting(const Transaction& transaction, unsigned instance) noexcept {
  const auto& settings = stream_of(transaction).settings;
  return instance < settings.size() ? settings[instance] : Number();
}

Number first_setting(const Transaction& transaction) noexcept { return setting(transaction, 0); }

template <Side side>
Number if_block(const Transaction& transaction, std::uint64_t value) noexcept {
  return stream_of(transaction).half(side).facts.block_size == 0 ? Number() : value;
}

template <Side side>
Number list_size(const Transaction& transaction) noexcept {
  return if_block<side>(transaction, stream_of(transaction).half(side).fields.size());
}

template <Side side>
Number header_count(const Transaction& transaction) noexcept {
  return if_block<side>(transaction, stream_of(transaction).half(side).fields.count());
}

template <Side side>
Number block_size(const Transaction& transaction) noexcept {
  return if_block<side>(transaction, stream_of(transaction).half(side).facts.block_size);
}

template <Side side>
Number continuations(const Transaction& transaction) noexcept {
  return if_block<side>(transaction, stream_of(transaction).half(side).facts.continuations);
}

template <Side side>
constexpr auto of_side() {
  const auto one = [](std::string_view name, std::string_view help,
                      Number (*get)(const Transaction&) noexcept, std::span<const NamedValue> names = {},
                      Number(*more)(const Transaction&, unsigned) noexcept = nullptr) {
    return Field{name, help, side, http::kFrame, names, get, more};
  };
  return std::array{
      one("http2.frametype", "the frame's type", type<side>, kTypeNames),
      one("http2.flags", "the frame's flags", flags<side>),
      one("http2.length", "the frame's length as it states", length<side>),
      one("http2.stream", "the number of the stream that it is about, 0: the connection",
          stream_number<side>),
      one("http2.frame_number", "how many frames of the type that side has sent, this one included",
          frame_number<side>),
      one("http2.errorcode", "of RST_STREAM and GOAWAY: why", error<side>, kErrorNames),
      one("http2.priority", "of HEADERS and PRIORITY: the weight less one", priority<side>),
      one("http2.window", "of WINDOW_UPDATE: by how much", window<side>),
      one("http2.settings", "of SETTINGS: each, its number in the upper 32 bits and its value below",
          first_setting, {}, setting),
      one("http2.size_update", "each size of HPACK's table that a header block states",
          first_size_update<side>, {}, size_update<side>),
      one("http2.header_list_size", "of a message's headers, decoded, 32 bytes more for each",
          list_size<side>),
      one("http2.header_count", "headers of a message, pseudo headers too", header_count<side>),
      one("http2.header_block_size", "of a message's headers as sent", block_size<side>),
      one("http2.continuations", "CONTINUATION frames that a message's headers take", continuations<side>),
  };
}

std::vector<Field> make_numbers() {
  const auto of_http = http::fields();
  std::vector<Field> all(of_http.begin(), of_http.end());
  std::ranges::copy(of_side<Side::client>(), std::back_inserter(all));
  std::ranges::copy(of_side<Side::server>(), std::back_inserter(all));
  return all;
}

}  // namespace

std::span<const Field> numbers() noexcept {
  static const std::vector<Field> all = make_numbers();
  return all;
}

}  // namespace bansoko::proto::http2
