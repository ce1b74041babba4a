// SPDX-License-Identifier: Apache-2.0
// The numbers that rules can see of a message, as data.
#include <array>
#include <functional>
#include <optional>

#include "shield/proto/smb/commands.h"
#include "shield/proto/smb/message.h"
#include "shield/proto/smb/message_tables.h"

namespace bansoko::proto::smb {
namespace {

using Number = std::optional<std::uint64_t>;

const Message* smb1_of(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  return message != nullptr && message->dialect == Dialect::smb1 ? message : nullptr;
}

Number version(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || message->dialect == Dialect::unknown) return std::nullopt;
  return message->dialect == Dialect::smb1 ? 1 : 2;
}

Number smb1_command(const Transaction& transaction) noexcept {
  const Message* const message = smb1_of(transaction);
  return message != nullptr ? Number(message->header.command) : std::nullopt;
}

Number status(const Transaction& transaction) noexcept {
  const Message* const message = smb1_of(transaction);
  return message != nullptr ? Number(message->header.status) : std::nullopt;
}

Number tree_id(const Transaction& transaction) noexcept {
  const Message* const message = smb1_of(transaction);
  return message != nullptr ? Number(message->header.key.tree) : std::nullopt;
}

Number user_id(const Transaction& transaction) noexcept {
  const Message* const message = smb1_of(transaction);
  return message != nullptr ? Number(message->header.key.user) : std::nullopt;
}

Number multiplex_id(const Transaction& transaction) noexcept {
  const Message* const message = smb1_of(transaction);
  return message != nullptr ? Number(message->header.key.multiplex) : std::nullopt;
}

Number smb2_command(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || message->dialect != Dialect::smb2) return std::nullopt;
  return message->smb2.command;
}

const Findings& findings_of(const Transaction& transaction) noexcept {
  static constexpr Findings kNone;
  const Message* const message = message_of(transaction);
  return message != nullptr ? message->findings : kNone;
}

template <auto kPart>
Number of_compression(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || !message->compression) return std::nullopt;
  return std::invoke(kPart, *message->compression);
}

Number encrypted_size(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || !message->encryption) return std::nullopt;
  return message->encryption->original_size;
}

Number transaction_kind(const Transaction& transaction) noexcept {
  const auto& found = findings_of(transaction).transaction;
  return found ? Number(found->kind) : std::nullopt;
}

Number trans2_command(const Transaction& transaction) noexcept {
  const auto& found = findings_of(transaction).transaction;
  if (!found || !found->has_setup || found->kind != transaction2) return std::nullopt;
  return found->setup;
}

Number trans_command(const Transaction& transaction) noexcept {
  const auto& found = findings_of(transaction).transaction;
  if (!found || !found->has_setup || found->kind != smb::transaction) return std::nullopt;
  return found->setup;
}

Number nt_transact_function(const Transaction& transaction) noexcept {
  const auto& found = findings_of(transaction).transaction;
  return found && found->kind == nt_transact ? Number(found->function) : std::nullopt;
}

Number max_parameters(const Transaction& transaction) noexcept {
  const auto& found = findings_of(transaction).transaction;
  return found ? Number(found->max_parameters) : std::nullopt;
}

Number transaction_overfull(const Transaction& transaction) noexcept {
  const auto& found = findings_of(transaction).transaction;
  return found ? Number(found->is_overfull() ? 1 : 0) : std::nullopt;
}

Number transaction_complete(const Transaction& transaction) noexcept {
  const auto& whole = findings_of(transaction).continues_whole;
  return whole ? Number(*whole ? 1 : 0) : std::nullopt;
}

Number data_outside(const Transaction& transaction) noexcept {
  const auto& outside = findings_of(transaction).data_outside;
  return outside ? Number(*outside) : std::nullopt;
}

Number process_id_high(const Transaction& transaction) noexcept {
  const Message* const message = smb1_of(transaction);
  return message != nullptr ? Number(message->header.process_high) : std::nullopt;
}

Number pipe_tree(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || !message->is_about_pipes) return std::nullopt;
  return *message->is_about_pipes ? 1 : 0;
}

Number parameter_total(const Transaction& transaction) noexcept {
  const auto& found = findings_of(transaction).transaction;
  return found ? Number(found->total_parameters) : std::nullopt;
}

Number data_total(const Transaction& transaction) noexcept {
  const auto& found = findings_of(transaction).transaction;
  return found ? Number(found->total_data) : std::nullopt;
}

Number fea_list_size(const Transaction& transaction) noexcept {
  const Findings& findings = findings_of(transaction);
  // An NT_TRANSACT has no such list of its own, and its setup words are anything: an IOCTL's code may look
  // like the subcommand of one. A server with the hole of MS17-010 reads them so when another kind continues
  // it.
  if (!findings.transaction || (findings.transaction->kind == nt_transact && !findings.mismatch))
    return std::nullopt;
  const auto size = findings.transaction->fea_list_size();
  return size ? Number(*size) : std::nullopt;
}

Number transaction_mismatch(const Transaction& transaction) noexcept {
  const Findings& findings = findings_of(transaction);
  return findings.continues ? Number(findings.mismatch ? 1 : 0) : std::nullopt;
}

Number transaction_untracked(const Transaction& transaction) noexcept {
  return findings_of(transaction).untracked ? Number(1) : std::nullopt;
}

Number write_into_transaction(const Transaction& transaction) noexcept {
  const auto& found = findings_of(transaction).write_into_transaction;
  return found ? Number(*found ? 1 : 0) : std::nullopt;
}

constexpr std::string_view kCommandHelp =
    "the command of an SMB1 message, the first of an AndX chain ([MS-CIFS] 2.2.2.1)";
constexpr std::string_view kStatusHelp =
    "the status in an SMB1 header: NTSTATUS or DOS error ([MS-CIFS] 2.2.3.1)";
constexpr std::string_view kTreeHelp = "TID, the share an SMB1 message is about ([MS-CIFS] 2.2.3.1)";
constexpr std::string_view kUserHelp = "UID, the session of an SMB1 message ([MS-CIFS] 2.2.3.1)";
constexpr std::string_view kProcessHighHelp =
    "the upper half of the process id in an SMB1 header; 0 unless processes have more than 16 bits "
    "([MS-CIFS] "
    "2.2.3.1)";
constexpr std::string_view kMultiplexHelp =
    "MID, which tells an SMB1 request from others under way ([MS-CIFS] 2.2.3.1)";
constexpr std::string_view kSmb2Help = "the command of an SMB2 or SMB3 message ([MS-SMB2] 2.2.1.2)";

constexpr std::string_view kVersionHelp = "1: an SMB1 message, 2: one of SMB2 or SMB3";
constexpr std::string_view kOriginalHelp =
    "OriginalCompressedSegmentSize of a compressed message, as stated ([MS-SMB2] 2.2.42.1)";
constexpr std::string_view kOffsetHelp =
    "Offset or Length of a compressed message, as stated ([MS-SMB2] 2.2.42.1)";
constexpr std::string_view kTotalHelp =
    "both together, which must not pass 32 bits ([MS-SMB2] 2.2.42.1; CVE-2020-0796)";
constexpr std::string_view kAlgorithmHelp =
    "CompressionAlgorithm of a compressed message ([MS-SMB2] 2.2.42.1)";
constexpr std::string_view kFlagsHelp = "Flags of a compressed message ([MS-SMB2] 2.2.42.1)";
constexpr std::string_view kEncryptedHelp = "OriginalMessageSize of an encrypted message ([MS-SMB2] 2.2.41)";

constexpr auto kOriginalSize = of_compression<&Compression::original_size>;
constexpr auto kOffset = of_compression<&Compression::offset>;
constexpr auto kTotal = of_compression<&Compression::total>;
constexpr auto kAlgorithm = of_compression<&Compression::algorithm>;
constexpr auto kFlags = of_compression<&Compression::flags>;

std::span<const Field> own_fields() noexcept {
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
      Field{"smb1.process_id_high", kProcessHighHelp, Side::client, step_header, {}, process_id_high},
      Field{"smb1.process_id_high", kProcessHighHelp, Side::server, step_header, {}, process_id_high},
      Field{"smb.pipe_tree",
            "1: the share that a request is about is that of pipes (IPC$); 0: another; nothing if nobody saw "
            "it "
            "connected",
            Side::client,
            kComplete,
            {},
            pipe_tree},
      Field{"smb1.transaction_kind",
            "the command that began the transaction this message belongs to ([MS-CIFS] 2.2.4.33, 2.2.4.46, "
            "2.2.4.62)",
            Side::client, step_commands, transaction_kind_names(), transaction_kind},
      Field{"smb1.trans2_command",
            "the subcommand of a TRANSACTION2, its first setup word ([MS-CIFS] 2.2.2.2)", Side::client,
            step_commands, trans2_command_names(), trans2_command},
      Field{"smb1.trans_command",
            "the subcommand of a TRANSACTION about a pipe, its first setup word ([MS-CIFS] 2.2.2.2)",
            Side::client, step_commands, trans_command_names(), trans_command},
      Field{"smb1.nt_transact_function", "the Function of an NT_TRANSACT ([MS-CIFS] 2.2.2.2)", Side::client,
            step_commands, nt_transact_function_names(), nt_transact_function},
      Field{"smb1.max_parameter_count",
            "MaxParameterCount as the message that began the transaction stated it ([MS-CIFS] 2.2.4.33.1)",
            Side::client,
            step_commands,
            {},
            max_parameters},
      Field{"smb1.transaction_overfull",
            "1 when the parts of a transaction, this one included, are more than it stated, else 0",
            Side::client,
            step_commands,
            {},
            transaction_overfull},
      Field{"smb1.transaction_complete",
            "1 in a *_SECONDARY message to a transaction that had come whole and is not answered yet, else 0",
            Side::client,
            step_commands,
            {},
            transaction_complete},
      Field{"smb1.data_outside",
            "how many bytes of its data or parameters a WRITE_ANDX or a transaction states behind the end of "
            "its "
            "message ([MS-CIFS] 2.2.4.43.1, 2.2.4.62.1)",
            Side::client,
            step_commands,
            {},
            data_outside},
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
      Field{"smb.version", kVersionHelp, Side::client, step_header, {}, version},
      Field{"smb.version", kVersionHelp, Side::server, step_header, {}, version},
      Field{"smb2.compression_original_size", kOriginalHelp, Side::client, step_header, {}, kOriginalSize},
      Field{"smb2.compression_original_size", kOriginalHelp, Side::server, step_header, {}, kOriginalSize},
      Field{"smb2.compression_offset", kOffsetHelp, Side::client, step_header, {}, kOffset},
      Field{"smb2.compression_offset", kOffsetHelp, Side::server, step_header, {}, kOffset},
      Field{"smb2.compression_total", kTotalHelp, Side::client, step_header, {}, kTotal},
      Field{"smb2.compression_total", kTotalHelp, Side::server, step_header, {}, kTotal},
      Field{"smb2.compression_algorithm", kAlgorithmHelp, Side::client, step_header, {}, kAlgorithm},
      Field{"smb2.compression_algorithm", kAlgorithmHelp, Side::server, step_header, {}, kAlgorithm},
      Field{"smb2.compression_flags", kFlagsHelp, Side::client, step_header, {}, kFlags},
      Field{"smb2.compression_flags", kFlagsHelp, Side::server, step_header, {}, kFlags},
      Field{"smb2.encryption_original_size", kEncryptedHelp, Side::client, step_header, {}, encrypted_size},
      Field{"smb2.encryption_original_size", kEncryptedHelp, Side::server, step_header, {}, encrypted_size},
  };
  return fields;
}

}  // namespace

std::span<const Field> message_fields() noexcept {
  static const auto all = with_calls<Field>(own_fields(), dcerpc::call_fields());
  return all;
}

}  // namespace bansoko::proto::smb
