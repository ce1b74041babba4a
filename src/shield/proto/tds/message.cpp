// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tds/message.h"

namespace bansoko::proto::tds {
namespace {

using Part = TdsMessage::Part;

std::optional<Bytes> bytes_of(const TdsMessage& message, const std::optional<Part>& part) noexcept {
  if (!part) return std::nullopt;
  return message.text.bytes().subspan(part->from, part->size);
}

template <LoginText which>
std::optional<Bytes> login_text(Transaction& transaction, unsigned instance) noexcept {
  if (instance > 0) return std::nullopt;
  const auto& message = static_cast<const TdsMessage&>(transaction);
  return bytes_of(message, message.login[static_cast<std::size_t>(which)]);
}

std::optional<Bytes> statement(Transaction& transaction, unsigned instance) noexcept {
  const auto& message = static_cast<const TdsMessage&>(transaction);
  if (instance >= message.statements.size()) return std::nullopt;
  return bytes_of(message, message.statements[instance]);
}

std::optional<Bytes> raw_statement(Transaction& transaction, unsigned instance) noexcept {
  const auto& message = static_cast<const TdsMessage&>(transaction);
  if (instance >= message.raw_statements.size()) return std::nullopt;
  return message.raw_statements[instance];
}

std::optional<Bytes> procedure(Transaction& transaction, unsigned instance) noexcept {
  const auto& message = static_cast<const TdsMessage&>(transaction);
  if (instance >= message.procedures.size()) return std::nullopt;
  return bytes_of(message, message.procedures[instance]);
}

std::optional<Bytes> instance_name(Transaction& transaction, unsigned instance) noexcept {
  if (instance > 0) return std::nullopt;
  return static_cast<const TdsMessage&>(transaction).instance;
}

template <auto part>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  return static_cast<const TdsMessage&>(transaction).*part;
}

template <auto part>
std::optional<std::uint64_t> numbers(const Transaction& transaction, unsigned instance) noexcept {
  return (static_cast<const TdsMessage&>(transaction).*part).at(instance);
}

template <auto part>
std::optional<std::uint64_t> first_number(const Transaction& transaction) noexcept {
  return numbers<part>(transaction, 0);
}

using Get = std::optional<Bytes> (*)(Transaction&, unsigned) noexcept;

constexpr Buffer of_client(std::string_view name, std::string_view help, Get get,
                           bool several = false) noexcept {
  return {.name = name,
          .help = help,
          .side = Side::client,
          .ready_at = kComplete,
          .get = get,
          .several = several};
}

constexpr std::array kBuffers{
    of_client("tds.sql", "the SQL text of a batch or of a call that has some, as UTF-8", statement, true),
    of_client("tds.sql.raw", "the same text as sent; of a value in chunks the first", raw_statement, true),
    of_client("tds.procedure", "the name of each called procedure", procedure, true),
    of_client("tds.instance", "the instance that a PRELOGIN asks for", instance_name),
    of_client("tds.host", "what the client calls its host", login_text<LoginText::host>),
    of_client("tds.user", "who logs in", login_text<LoginText::user>),
    of_client("tds.application", "what the client calls itself", login_text<LoginText::application>),
    of_client("tds.server", "what the client calls the server", login_text<LoginText::server>),
    of_client("tds.library", "the client's library", login_text<LoginText::library>),
    of_client("tds.language", "the language asked for", login_text<LoginText::language>),
    of_client("tds.database", "the database asked for", login_text<LoginText::database>),
};

constexpr Field of(Side side, std::string_view name, std::string_view help,
                   std::optional<std::uint64_t> (*get)(const Transaction&) noexcept,
                   std::span<const NamedValue> names = {}) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .names = names, .get = get};
}

constexpr Field several(Side side, std::string_view name, std::string_view help,
                        std::optional<std::uint64_t> (*get)(const Transaction&) noexcept,
                        std::optional<std::uint64_t> (*more)(const Transaction&, unsigned) noexcept,
                        std::span<const NamedValue> names = {}) noexcept {
  return {.name = name,
          .help = help,
          .side = side,
          .ready_at = kComplete,
          .names = names,
          .get = get,
          .more = more};
}

constexpr std::array kTypes{
    NamedValue{"sql_batch", sql_batch},
    NamedValue{"legacy_login", legacy_login},
    NamedValue{"rpc", rpc_request},
    NamedValue{"result", tabular_result},
    NamedValue{"attention", attention},
    NamedValue{"bulk_load", bulk_load},
    NamedValue{"federated_token", federated_token},
    NamedValue{"transaction_manager", transaction_manager},
    NamedValue{"tds5_tokens", tds5_tokens},
    NamedValue{"login7", login7},
    NamedValue{"sspi", sspi},
    NamedValue{"prelogin", prelogin},
};

constexpr std::array kEncryptions{NamedValue{"off", 0}, NamedValue{"on", 1}, NamedValue{"not_supported", 2},
                                  NamedValue{"required", 3}};

// [MS-TDS] section 2.2.6.6.
constexpr std::array kProcedures{
    NamedValue{"sp_cursor", 1},         NamedValue{"sp_cursoropen", 2},
    NamedValue{"sp_cursorprepare", 3},  NamedValue{"sp_cursorexecute", 4},
    NamedValue{"sp_cursorprepexec", 5}, NamedValue{"sp_cursorunprepare", 6},
    NamedValue{"sp_cursorfetch", 7},    NamedValue{"sp_cursoroption", 8},
    NamedValue{"sp_cursorclose", 9},    NamedValue{"sp_executesql", 10},
    NamedValue{"sp_prepare", 11},       NamedValue{"sp_execute", 12},
    NamedValue{"sp_prepexec", 13},      NamedValue{"sp_prepexecrpc", 14},
    NamedValue{"sp_unprepare", 15},
};

constexpr std::string_view kType = "the message's type";
constexpr std::string_view kSize = "bytes of the message behind its headers that are looked into";
constexpr std::string_view kPreloginVersion =
    "the version in a PRELOGIN or the answer to it: 0x0f000800 is 15.0.2048";
constexpr std::string_view kEncryption = "what a side says of encryption in PRELOGIN";

constexpr std::array kFields{
    of(Side::client, "tds.type", kType, number<&TdsMessage::type>, kTypes),
    of(Side::server, "tds.type", kType, number<&TdsMessage::type>, kTypes),
    of(Side::client, "tds.size", kSize, number<&TdsMessage::size>),
    of(Side::server, "tds.size", kSize, number<&TdsMessage::size>),
    of(Side::client, "tds.prelogin_version", kPreloginVersion, number<&TdsMessage::prelogin_version>),
    of(Side::server, "tds.prelogin_version", kPreloginVersion, number<&TdsMessage::prelogin_version>),
    of(Side::client, "tds.encryption", kEncryption, number<&TdsMessage::encryption>, kEncryptions),
    of(Side::server, "tds.encryption", kEncryption, number<&TdsMessage::encryption>, kEncryptions),
    of(Side::client, "tds.version", "the version of TDS in a LOGIN7: 0x74000004",
       number<&TdsMessage::version>),
    of(Side::client, "tds.packet_size", "the size of packets that a LOGIN7 asks for",
       number<&TdsMessage::packet_size>),
    several(Side::client, "tds.procedure_id", "the number of each procedure that is called by number",
            first_number<&TdsMessage::procedure_ids>, numbers<&TdsMessage::procedure_ids>, kProcedures),
    several(Side::server, "tds.error", "the number of each error in a result",
            first_number<&TdsMessage::errors>, numbers<&TdsMessage::errors>),
    several(Side::server, "tds.notice", "the number of each INFO in a result",
            first_number<&TdsMessage::notices>, numbers<&TdsMessage::notices>),
};

}  // namespace

void TdsMessage::clear(bool release) noexcept {
  type = size = prelogin_version = encryption = version = packet_size = std::nullopt;
  instance = std::nullopt;
  login = {};
  statements = {};
  raw_statements = {};
  procedures = {};
  procedure_ids.clear();
  errors.clear();
  notices.clear();
  release ? text.release() : text.clear();
  release ? joined.release() : joined.clear();
}

std::span<const Buffer> tds_buffers() noexcept { return kBuffers; }
std::span<const Field> tds_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::tds
