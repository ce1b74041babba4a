// SPDX-License-Identifier: Apache-2.0
// What rules can see of a message: its buffers and fields, as data.
#include <array>

#include "shield/proto/smb/commands.h"
#include "shield/proto/smb/message.h"

namespace bansoko::proto::smb {
namespace {

using Number = std::optional<std::uint64_t>;

const Message& message_of(const Transaction& transaction) noexcept {
  return static_cast<const Message&>(transaction);
}

std::optional<Bytes> whole_message(Transaction& transaction, unsigned instance) noexcept {
  if (instance > 0) return std::nullopt;
  return message_of(transaction).kept();
}

std::optional<Bytes> parameters(Transaction& transaction, unsigned instance) noexcept {
  const Message& message = message_of(transaction);
  if (instance >= message.command_count) return std::nullopt;
  return message.words(message.commands[instance]);
}

std::optional<Bytes> data(Transaction& transaction, unsigned instance) noexcept {
  const Message& message = message_of(transaction);
  if (instance >= message.command_count) return std::nullopt;
  return message.data(message.commands[instance]).value_or(Bytes{});
}

Number smb1_command(const Transaction& transaction) noexcept {
  const Message& message = message_of(transaction);
  if (message.dialect != Dialect::smb1) return std::nullopt;
  return message.header.command;
}

Number status(const Transaction& transaction) noexcept {
  const Message& message = message_of(transaction);
  if (message.dialect != Dialect::smb1) return std::nullopt;
  return message.header.status;
}

Number tree_id(const Transaction& transaction) noexcept {
  const Message& message = message_of(transaction);
  if (message.dialect != Dialect::smb1) return std::nullopt;
  return message.header.key.tree;
}

Number user_id(const Transaction& transaction) noexcept {
  const Message& message = message_of(transaction);
  if (message.dialect != Dialect::smb1) return std::nullopt;
  return message.header.key.user;
}

Number multiplex_id(const Transaction& transaction) noexcept {
  const Message& message = message_of(transaction);
  if (message.dialect != Dialect::smb1) return std::nullopt;
  return message.header.key.multiplex;
}

Number smb2_command(const Transaction& transaction) noexcept {
  const Message& message = message_of(transaction);
  if (message.dialect != Dialect::smb2) return std::nullopt;
  return message.smb2_command;
}

Number transaction_kind(const Transaction& transaction) noexcept {
  const auto& found = message_of(transaction).findings.transaction;
  return found ? Number(found->kind) : std::nullopt;
}

Number trans2_command(const Transaction& transaction) noexcept {
  const auto& found = message_of(transaction).findings.transaction;
  if (!found || !found->has_setup || found->kind != transaction2) return std::nullopt;
  return found->setup;
}

Number parameter_total(const Transaction& transaction) noexcept {
  const auto& found = message_of(transaction).findings.transaction;
  return found ? Number(found->total_parameters) : std::nullopt;
}

Number data_total(const Transaction& transaction) noexcept {
  const auto& found = message_of(transaction).findings.transaction;
  return found ? Number(found->total_data) : std::nullopt;
}

Number fea_list_size(const Transaction& transaction) noexcept {
  const Findings& findings = message_of(transaction).findings;
  // An NT_TRANSACT has no such list of its own, and its setup words are anything: an IOCTL's code may look
  // like the subcommand of one. A server with the hole of MS17-010 reads them so when another kind continues
  // it.
  if (!findings.transaction || (findings.transaction->kind == nt_transact && !findings.mismatch))
    return std::nullopt;
  const auto size = findings.transaction->fea_list_size();
  return size ? Number(*size) : std::nullopt;
}

Number transaction_mismatch(const Transaction& transaction) noexcept {
  const Findings& findings = message_of(transaction).findings;
  return findings.continues ? Number(findings.mismatch ? 1 : 0) : std::nullopt;
}

Number transaction_untracked(const Transaction& transaction) noexcept {
  return message_of(transaction).findings.untracked ? Number(1) : std::nullopt;
}

Number write_into_transaction(const Transaction& transaction) noexcept {
  const auto& found = message_of(transaction).findings.write_into_transaction;
  return found ? Number(*found ? 1 : 0) : std::nullopt;
}

constexpr std::string_view kMessageHelp =
    "the whole message from its 0xFF 'SMB' or 0xFE 'SMB' on, as far as it has come";
constexpr std::string_view kParametersHelp =
    "the parameter words of an SMB1 command ([MS-CIFS] 2.2.3.2); one per command of an AndX chain";
constexpr std::string_view kDataHelp =
    "the data bytes of an SMB1 command ([MS-CIFS] 2.2.3.3); one per command of an AndX chain";

constexpr std::array kBuffers{
    Buffer{"smb.message", kMessageHelp, Side::client, step_framed, true, whole_message},
    Buffer{"smb.message", kMessageHelp, Side::server, step_framed, true, whole_message},
    Buffer{"smb1.parameters", kParametersHelp, Side::client, step_commands, false, parameters, true},
    Buffer{"smb1.parameters", kParametersHelp, Side::server, step_commands, false, parameters, true},
    Buffer{"smb1.data", kDataHelp, Side::client, step_commands, true, data, true},
    Buffer{"smb1.data", kDataHelp, Side::server, step_commands, true, data, true},
};

constexpr std::string_view kCommandHelp =
    "the command of an SMB1 message, the first of an AndX chain ([MS-CIFS] 2.2.2.1)";
constexpr std::string_view kStatusHelp =
    "the status in an SMB1 header: NTSTATUS or DOS error ([MS-CIFS] 2.2.3.1)";
constexpr std::string_view kTreeHelp = "TID, the share an SMB1 message is about ([MS-CIFS] 2.2.3.1)";
constexpr std::string_view kUserHelp = "UID, the session of an SMB1 message ([MS-CIFS] 2.2.3.1)";
constexpr std::string_view kMultiplexHelp =
    "MID, which tells an SMB1 request from others under way ([MS-CIFS] 2.2.3.1)";
constexpr std::string_view kSmb2Help = "the command of an SMB2 or SMB3 message ([MS-SMB2] 2.2.1.2)";

}  // namespace

std::span<const Buffer> message_buffers() noexcept { return kBuffers; }

std::span<const Field> message_fields() noexcept {
  static const std::array fields{
      Field{"smb1.command", kCommandHelp, Side::client, step_header, command_names(), smb1_command},
      Field{"smb1.command", kCommandHelp, Side::server, step_header, command_names(), smb1_command},
      Field{"smb1.status", kStatusHelp, Side::client, step_header, {}, status},
      Field{"smb1.status", kStatusHelp, Side::server, step_header, {}, status},
      Field{"smb1.tree_id", kTreeHelp, Side::client, step_header, {}, tree_id},
      Field{"smb1.tree_id", kTreeHelp, Side::server, step_header, {}, tree_id},
      Field{"smb1.user_id", kUserHelp, Side::client, step_header, {}, user_id},
      Field{"smb1.user_id", kUserHelp, Side::server, step_header, {}, user_id},
      Field{"smb1.multiplex_id", kMultiplexHelp, Side::client, step_header, {}, multiplex_id},
      Field{"smb1.multiplex_id", kMultiplexHelp, Side::server, step_header, {}, multiplex_id},
      Field{"smb1.transaction_kind",
            "the command that began the transaction this message belongs to ([MS-CIFS] 2.2.4.33, 2.2.4.46, "
            "2.2.4.62)",
            Side::client, step_commands, transaction_kind_names(), transaction_kind},
      Field{"smb1.trans2_command",
            "the subcommand of a TRANSACTION2, its first setup word ([MS-CIFS] 2.2.2.2)", Side::client,
            step_commands, trans2_command_names(), trans2_command},
      Field{"smb1.parameter_total",
            "TotalParameterCount as the message that began the transaction stated it ([MS-CIFS] 2.2.4.46.1)",
            Side::client,
            step_commands,
            {},
            parameter_total},
      Field{"smb1.data_total",
            "TotalDataCount as the message that began the transaction stated it: 16 bits in a TRANSACTION2, "
            "32 in an "
            "NT_TRANSACT ([MS-CIFS] 2.2.4.46.1, 2.2.4.62.1)",
            Side::client,
            step_commands,
            {},
            data_total},
      Field{"smb1.transaction_mismatch",
            "1 in a *_SECONDARY message of another kind than the request that began its transaction, 0 when "
            "they fit "
            "([MS-CIFS] 2.2.4.34, 2.2.4.47, 2.2.4.63)",
            Side::client,
            step_commands,
            {},
            transaction_mismatch},
      Field{"smb1.transaction_untracked",
            "1 in a message that begins a transaction beyond the limit of those followed at one time (limit "
            "open_transactions)",
            Side::client,
            step_commands,
            {},
            transaction_untracked},
      Field{"smb1.write_into_transaction",
            "1 in a WRITE_ANDX in pipe message mode whose FID is the MID of a transaction still open, else 0 "
            "([MS-CIFS] 2.2.4.43.1)",
            Side::client,
            step_commands,
            {},
            write_into_transaction},
      Field{"smb1.fea_list_size",
            "SizeOfListInBytes of the list of extended attributes with which a transaction's data begins "
            "([MS-CIFS] "
            "2.2.1.2.2.1, 2.2.6.1.1)",
            Side::client,
            step_data,
            {},
            fea_list_size},
      Field{"smb2.command", kSmb2Help, Side::client, step_header, smb2_command_names(), smb2_command},
      Field{"smb2.command", kSmb2Help, Side::server, step_header, smb2_command_names(), smb2_command},
  };
  return fields;
}

}  // namespace bansoko::proto::smb
