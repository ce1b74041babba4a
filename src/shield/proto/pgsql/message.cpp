// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/pgsql/message.h"

namespace bansoko::proto::pgsql {
namespace {

template <auto part>
std::optional<Bytes> text(Transaction& transaction, unsigned instance) noexcept {
  return instance > 0 ? std::nullopt : static_cast<const PgsqlMessage&>(transaction).parts.*part;
}

std::optional<Bytes> database(Transaction& transaction, unsigned instance) noexcept {
  const auto& all = static_cast<const PgsqlMessage&>(transaction).parts.databases;
  return instance < all.size() ? all[instance] : std::nullopt;
}

template <auto part>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  return static_cast<const PgsqlMessage&>(transaction).parts.*part;
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

constexpr std::array kBuffers{
    buffer("pgsql.query", "the text of a simple query, or of a statement to prepare", Side::client,
           text<&Parts::query>),
    buffer("pgsql.statement", "the name of a prepared statement", Side::client, text<&Parts::statement>),
    buffer("pgsql.user", "who logs in", Side::client, text<&Parts::user>),
    buffer("pgsql.database", "the database asked for: by its name, or else by the user's", Side::client,
           database, true),
    buffer("pgsql.options", "the startup's command-line arguments for the server", Side::client,
           text<&Parts::options>),
    buffer("pgsql.parameters", "all of a startup behind the version", Side::client, text<&Parts::parameters>),
    buffer("pgsql.error_code", "the SQLSTATE of an error", Side::server, text<&Parts::error_code>),
    buffer("pgsql.error_message", "the text of an error", Side::server, text<&Parts::error_text>),
    buffer("pgsql.server_version", "the version that the server reports", Side::server,
           text<&Parts::server_version>),
};

constexpr std::array kRequestTypes{
    NamedValue{"startup", 0},     NamedValue{"bind", 'B'},      NamedValue{"close", 'C'},
    NamedValue{"describe", 'D'},  NamedValue{"execute", 'E'},   NamedValue{"function_call", 'F'},
    NamedValue{"flush", 'H'},     NamedValue{"parse", 'P'},     NamedValue{"query", 'Q'},
    NamedValue{"sync", 'S'},      NamedValue{"terminate", 'X'}, NamedValue{"copy_done", 'c'},
    NamedValue{"copy_fail", 'f'}, NamedValue{"password", 'p'},
};

constexpr std::array kResponseTypes{
    NamedValue{"encryption", 0},        NamedValue{"command_complete", 'C'},
    NamedValue{"error", 'E'},           NamedValue{"copy_in", 'G'},
    NamedValue{"copy_out", 'H'},        NamedValue{"notice", 'N'},
    NamedValue{"authentication", 'R'},  NamedValue{"parameter_status", 'S'},
    NamedValue{"row_description", 'T'}, NamedValue{"function_result", 'V'},
    NamedValue{"ready", 'Z'},
};

constexpr std::array kVersions{
    NamedValue{"2.0", protocol_2},          NamedValue{"3.0", protocol_3},
    NamedValue{"3.2", protocol_3 + 2},      NamedValue{"cancel_request", cancel_request},
    NamedValue{"ssl_request", ssl_request}, NamedValue{"gssenc_request", gssenc_request},
};

constexpr std::string_view kType = "the message's type: its letter, or 0 for one that has none";
constexpr std::string_view kSize = "bytes of the message behind its header that are looked into";

constexpr std::array kFields{
    field("pgsql.type", kType, Side::client, number<&Parts::type>, kRequestTypes),
    field("pgsql.type", kType, Side::server, number<&Parts::type>, kResponseTypes),
    field("pgsql.size", kSize, Side::client, number<&Parts::size>),
    field("pgsql.size", kSize, Side::server, number<&Parts::size>),
    field("pgsql.version", "a startup's version, or what it asks for in that place", Side::client,
          number<&Parts::version>, kVersions),
    field("pgsql.authentication", "what the server says of authentication: 0 is success", Side::server,
          number<&Parts::authentication>),
};

}  // namespace

std::span<const Buffer> pgsql_buffers() noexcept { return kBuffers; }
std::span<const Field> pgsql_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::pgsql
