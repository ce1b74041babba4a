// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tns/message.h"

namespace bansoko::proto::tns {
namespace {

template <auto part>
std::optional<Bytes> bytes(Transaction& transaction, unsigned instance) noexcept {
  return instance > 0 ? std::nullopt : static_cast<const TnsMessage&>(transaction).parts.*part;
}

std::optional<Bytes> value(Transaction& transaction, std::string_view name, unsigned instance) noexcept {
  const auto& connect_data = static_cast<const TnsMessage&>(transaction).parts.connect_data;
  constexpr unsigned kMost = 8;
  return connect_data && instance < kMost ? value_of(*connect_data, name, instance) : std::nullopt;
}

std::optional<Bytes> command(Transaction& transaction, unsigned instance) noexcept {
  return value(transaction, "COMMAND", instance);
}
std::optional<Bytes> service_name(Transaction& transaction, unsigned instance) noexcept {
  return value(transaction, "SERVICE_NAME", instance);
}
std::optional<Bytes> sid(Transaction& transaction, unsigned instance) noexcept {
  return value(transaction, "SID", instance);
}
std::optional<Bytes> program(Transaction& transaction, unsigned instance) noexcept {
  return value(transaction, "PROGRAM", instance);
}
std::optional<Bytes> user(Transaction& transaction, unsigned instance) noexcept {
  return value(transaction, "USER", instance);
}

template <auto part>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  return static_cast<const TnsMessage&>(transaction).parts.*part;
}

constexpr Buffer buffer(std::string_view name, std::string_view help, Side side,
                        std::optional<Bytes> (*get)(Transaction&, unsigned) noexcept,
                        bool several = false) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .get = get, .several = several};
}

constexpr Field field(std::string_view name, std::string_view help, Side side,
                      std::optional<std::uint64_t> (*get)(const Transaction&) noexcept,
                      std::span<const NamedValue> names = {}) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .names = names, .get = get};
}

constexpr std::string_view kData = "the data of a packet of data";

constexpr std::array kBuffers{
    buffer("tns.connect_data", "the connect data: (DESCRIPTION=…)", Side::client,
           bytes<&Parts::connect_data>),
    buffer("tns.command", "each COMMAND in the connect data, which is for the listener itself", Side::client,
           command, true),
    buffer("tns.service_name", "each SERVICE_NAME in the connect data", Side::client, service_name, true),
    buffer("tns.sid", "each SID in the connect data", Side::client, sid, true),
    buffer("tns.program", "each PROGRAM in the connect data", Side::client, program, true),
    buffer("tns.user", "each USER in the connect data, which is the one of the client's system", Side::client,
           user, true),
    buffer("tns.data", kData, Side::client, bytes<&Parts::data>),
    buffer("tns.data", kData, Side::server, bytes<&Parts::data>),
    buffer("tns.redirect_data", "where the server sends the client", Side::server,
           bytes<&Parts::redirect_data>),
    buffer("tns.refuse_data", "why the server refuses", Side::server, bytes<&Parts::refuse_data>),
};

constexpr std::array kTypes{
    NamedValue{"connect", connect},
    NamedValue{"accept", accept},
    NamedValue{"ack", acknowledge},
    NamedValue{"refuse", refuse},
    NamedValue{"redirect", redirect},
    NamedValue{"data", data},
    NamedValue{"null", null_packet},
    NamedValue{"abort", abort_packet},
    NamedValue{"resend", resend},
    NamedValue{"marker", marker},
    NamedValue{"attention", attention},
    NamedValue{"control", control},
    NamedValue{"data_descriptor", data_descriptor},
};

constexpr std::string_view kType = "the packet's type";
constexpr std::string_view kSize = "bytes of the packet behind its header that are looked into";
constexpr std::string_view kVersion = "the version that a side asks for or accepts";
constexpr std::string_view kSdu = "the session data unit that a side asks for or accepts";

constexpr std::array kFields{
    field("tns.type", kType, Side::client, number<&Parts::type>, kTypes),
    field("tns.type", kType, Side::server, number<&Parts::type>, kTypes),
    field("tns.size", kSize, Side::client, number<&Parts::size>),
    field("tns.size", kSize, Side::server, number<&Parts::size>),
    field("tns.version", kVersion, Side::client, number<&Parts::version>),
    field("tns.version", kVersion, Side::server, number<&Parts::version>),
    field("tns.compatible_version", "the oldest version that the client accepts", Side::client,
          number<&Parts::compatible>),
    field("tns.sdu", kSdu, Side::client, number<&Parts::sdu>),
    field("tns.sdu", kSdu, Side::server, number<&Parts::sdu>),
    field("tns.connect_data_length", "the length that a CONNECT states of its connect data", Side::client,
          number<&Parts::connect_data_length>),
    field("tns.error", "the number of the error for which the server refuses", Side::server,
          number<&Parts::error>),
};

}  // namespace

std::span<const Buffer> tns_buffers() noexcept { return kBuffers; }
std::span<const Field> tns_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::tns
