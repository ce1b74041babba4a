// SPDX-License-Identifier: Apache-2.0
// What rules can see of a message but its numbers: its buffers, as data.
#include <array>
#include <optional>

#include "shield/proto/smb/files.h"
#include "shield/proto/smb/message.h"
#include "shield/proto/smb/message_tables.h"
#include "shield/proto/smb/names.h"

namespace bansoko::proto::smb {
namespace {

/// Null: it is something else, or goes the other way.
FileRun* file_of(Transaction& transaction, Side side) noexcept {
  auto& carried = static_cast<dcerpc::CarrierTransaction&>(transaction);
  if (carried.is_call() || !static_cast<SmbTransaction&>(carried).is_file()) return nullptr;
  auto& file = static_cast<FileRun&>(carried);
  return file.side == side ? &file : nullptr;
}

template <Side side>
std::optional<Bytes> file_content(Transaction& transaction, unsigned instance) noexcept {
  const FileRun* const file = file_of(transaction, side);
  if (file == nullptr || instance > 0 || file->content().empty()) return std::nullopt;
  return file->content();
}

template <Side side>
std::optional<Bytes> name_of_file(Transaction& transaction, unsigned instance) noexcept {
  const FileRun* const file = file_of(transaction, side);
  if (file == nullptr || instance > 0 || file->name.bytes().empty()) return std::nullopt;
  return file->name.bytes();
}

template <Side side, SumKind kind>
std::optional<Bytes> file_sum(Transaction& transaction, unsigned instance) noexcept {
  const FileRun* const file = file_of(transaction, side);
  return file == nullptr ? std::nullopt : file->sums().get(kind, instance);
}

template <Side side, SumKind kind>
constexpr Buffer sum() {
  constexpr auto kRow = static_cast<std::size_t>(kind);
  return {kSumNames[kRow], kSumHelp[kRow], side, step_file, true, file_sum<side, kind>, true};
}

std::optional<Bytes> whole_message(Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || instance > 0) return std::nullopt;
  return message->kept();
}

std::optional<Bytes> parameters(Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || instance >= message->command_count) return std::nullopt;
  return message->words(message->commands[instance]);
}

std::optional<Bytes> data(Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction);
  if (message == nullptr || instance >= message->command_count) return std::nullopt;
  return message->data(message->commands[instance]).value_or(Bytes{});
}

template <auto kName>
std::optional<Bytes> name_of(Transaction& transaction, unsigned instance) noexcept {
  Message* const message = message_of(transaction);
  if (message == nullptr || instance > 0) return std::nullopt;
  return kName(*message);
}

constexpr std::string_view kMessageHelp =
    "the whole message from its 0xFF 'SMB' or 0xFE 'SMB' on, as far as it has come";
constexpr std::string_view kParametersHelp =
    "the parameter words of an SMB1 command ([MS-CIFS] 2.2.3.2); one per command of an AndX chain";
constexpr std::string_view kDataHelp =
    "the data bytes of an SMB1 command ([MS-CIFS] 2.2.3.3); one per command of an AndX chain";

constexpr std::string_view kPipeHelp =
    "the path of a TREE_CONNECT to the pipes of a server, \\\\server\\IPC$ ([MS-SMB2] 2.2.9, [MS-CIFS] "
    "2.2.4.55)";
constexpr std::string_view kShareHelp =
    "the path of a TREE_CONNECT to any other share ([MS-SMB2] 2.2.9, [MS-CIFS] 2.2.4.55)";
constexpr std::string_view kFileHelp =
    "the name of a file or pipe to be opened ([MS-SMB2] 2.2.13, [MS-CIFS] 2.2.4.41, 2.2.4.64)";
constexpr std::string_view kNtlmUserHelp = "the user who logs on with NTLM ([MS-NLMP] 2.2.1.3)";
constexpr std::string_view kDomainHelp = "the domain of who logs on with NTLM ([MS-NLMP] 2.2.1.3)";

constexpr std::string_view kSystemHelp =
    "the system that a side of an SMB1 session says it is ([MS-CIFS] 2.2.4.53, [MS-SMB] 2.2.4.6)";
constexpr std::string_view kLanmanHelp = "the LAN Manager that it says it has (the same)";
constexpr std::string_view kNtlmHelp = "the NTLMSSP message of a SESSION_SETUP ([MS-NLMP] 2.2.1)";

constexpr std::string_view kWrittenHelp = "a file that is written, in order of its places";
constexpr std::string_view kReadHelp = "a file that is read, in order of its places";
constexpr std::string_view kOpenedHelp = "what the request that opened such a file called it";

constexpr std::array kBuffers{
    Buffer{"smb.message", kMessageHelp, Side::client, step_framed, true, whole_message},
    Buffer{"smb.message", kMessageHelp, Side::server, step_framed, true, whole_message},
    Buffer{"smb1.parameters", kParametersHelp, Side::client, step_commands, false, parameters, true},
    Buffer{"smb1.parameters", kParametersHelp, Side::server, step_commands, false, parameters, true},
    Buffer{"smb1.data", kDataHelp, Side::client, step_commands, true, data, true},
    Buffer{"smb1.data", kDataHelp, Side::server, step_commands, true, data, true},
    Buffer{"smb.named_pipe", kPipeHelp, Side::client, kComplete, false, name_of<pipe_share_name>},
    Buffer{"smb.share", kShareHelp, Side::client, kComplete, false, name_of<share_name>},
    Buffer{"smb.filename", kFileHelp, Side::client, kComplete, false, name_of<file_name>},
    Buffer{"smb.ntlmssp_user", kNtlmUserHelp, Side::client, kComplete, false, name_of<user_name>},
    Buffer{"smb.ntlmssp_domain", kDomainHelp, Side::client, kComplete, false, name_of<domain_name>},
    Buffer{"smb.native_os", kSystemHelp, Side::client, kComplete, false, name_of<native_os>},
    Buffer{"smb.native_os", kSystemHelp, Side::server, kComplete, false, name_of<native_os>},
    Buffer{"smb.native_lanman", kLanmanHelp, Side::client, kComplete, false, name_of<native_lanman>},
    Buffer{"smb.native_lanman", kLanmanHelp, Side::server, kComplete, false, name_of<native_lanman>},
    Buffer{"smb.ntlmssp", kNtlmHelp, Side::client, kComplete, false, name_of<ntlmssp>},
    Buffer{"smb.ntlmssp", kNtlmHelp, Side::server, kComplete, false, name_of<ntlmssp>},
    Buffer{"file.data", kWrittenHelp, Side::client, step_file, true, file_content<Side::client>},
    Buffer{"file.data", kReadHelp, Side::server, step_file, true, file_content<Side::server>},
    Buffer{"file.name", kOpenedHelp, Side::client, step_file, false, name_of_file<Side::client>},
    Buffer{"file.name", kOpenedHelp, Side::server, step_file, false, name_of_file<Side::server>},
    sum<Side::client, SumKind::size>(),
    sum<Side::client, SumKind::md5>(),
    sum<Side::client, SumKind::sha1>(),
    sum<Side::client, SumKind::sha256>(),
    sum<Side::server, SumKind::size>(),
    sum<Side::server, SumKind::md5>(),
    sum<Side::server, SumKind::sha1>(),
    sum<Side::server, SumKind::sha256>(),
};
static_assert(kBuffers[kBytesBuffers].name == "smb.named_pipe");

}  // namespace

std::span<const Buffer> message_buffers() noexcept {
  static const auto all = with_calls<Buffer>(kBuffers, dcerpc::call_buffers());
  return all;
}

WantedFiles wanted_files(std::uint64_t wanted) noexcept {
  WantedFiles files;
  for (std::size_t row = 0; row < kBuffers.size(); ++row)
    files.any = files.any || (kBuffers[row].name.starts_with("file.") && (wanted >> row & 1) != 0);
  for (const Side side : {Side::client, Side::server})
    files.sums[flow::index(side)] = wanted_sums(kBuffers, wanted, side);
  return files;
}

}  // namespace bansoko::proto::smb
