// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/mysql/message.h"

namespace bansoko::proto::mysql {
namespace {

template <auto part>
std::optional<Bytes> text(Transaction& transaction, unsigned instance) noexcept {
  return instance > 0 ? std::nullopt : static_cast<const MysqlMessage&>(transaction).parts.*part;
}

template <auto part>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  return static_cast<const MysqlMessage&>(transaction).parts.*part;
}

constexpr Buffer buffer(std::string_view name, std::string_view help, Side side,
                        std::optional<Bytes> (*get)(Transaction&, unsigned) noexcept) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .get = get};
}

constexpr Field field(std::string_view name, std::string_view help, Side side,
                      std::optional<std::uint64_t> (*get)(const Transaction&) noexcept,
                      std::span<const NamedValue> names = {}) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .names = names, .get = get};
}

constexpr std::array kBuffers{
    buffer("mysql.query", "the text of a query or of a statement to prepare", Side::client,
           text<&Parts::query>),
    buffer("mysql.argument", "what follows the command", Side::client, text<&Parts::argument>),
    buffer("mysql.user", "who logs in, or becomes the user", Side::client, text<&Parts::user>),
    buffer("mysql.database", "the database asked for", Side::client, text<&Parts::database>),
    buffer("mysql.auth_data", "what a login proves itself with", Side::client, text<&Parts::auth_data>),
    buffer("mysql.auth_plugin", "the client's method of authentication", Side::client,
           text<&Parts::auth_plugin>),
    buffer("mysql.version", "the version in the server's greeting", Side::server, text<&Parts::version>),
    buffer("mysql.sqlstate", "the SQLSTATE of an error", Side::server, text<&Parts::sql_state>),
    buffer("mysql.error_message", "the text of an error", Side::server, text<&Parts::error_text>),
};

constexpr std::array kCommands{
    NamedValue{"quit", 1},
    NamedValue{"init_db", 2},
    NamedValue{"query", 3},
    NamedValue{"field_list", 4},
    NamedValue{"create_db", 5},
    NamedValue{"drop_db", 6},
    NamedValue{"refresh", 7},
    NamedValue{"shutdown", 8},
    NamedValue{"statistics", 9},
    NamedValue{"process_info", 10},
    NamedValue{"process_kill", 12},
    NamedValue{"debug", 13},
    NamedValue{"ping", 14},
    NamedValue{"change_user", 17},
    NamedValue{"binlog_dump", 18},
    NamedValue{"table_dump", 19},
    NamedValue{"register_slave", 21},
    NamedValue{"stmt_prepare", 22},
    NamedValue{"stmt_execute", 23},
    NamedValue{"stmt_send_long_data", 24},
    NamedValue{"stmt_close", 25},
    NamedValue{"stmt_reset", 26},
    NamedValue{"set_option", 27},
    NamedValue{"stmt_fetch", 28},
    NamedValue{"binlog_dump_gtid", 30},
    NamedValue{"reset_connection", 31},
};

constexpr std::string_view kCapabilities = "the capabilities that a greeting or login states";

constexpr std::array kFields{
    field("mysql.command", "the command", Side::client, number<&Parts::command>, kCommands),
    field("mysql.auth_length", "bytes of authentication that a login states", Side::client,
          number<&Parts::auth_length>),
    field("mysql.capabilities", kCapabilities, Side::client, number<&Parts::capabilities>),
    field("mysql.capabilities", kCapabilities, Side::server, number<&Parts::capabilities>),
    field("mysql.protocol_version", "the protocol in the server's greeting", Side::server,
          number<&Parts::protocol_version>),
    field("mysql.error_code", "the number of an error: 1045 is a login refused", Side::server,
          number<&Parts::error_code>),
};

}  // namespace

std::span<const Buffer> mysql_buffers() noexcept { return kBuffers; }
std::span<const Field> mysql_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::mysql
