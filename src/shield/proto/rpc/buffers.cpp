// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/datagram_parser.h"
#include "shield/proto/rpc/message.h"

namespace bansoko::proto::rpc {
namespace {

using Found = std::optional<Bytes>;
using Number = std::optional<std::uint64_t>;

const RpcMessage& at(const Transaction& transaction) noexcept {
  return static_cast<const RpcMessage&>(transaction);
}

template <auto part>
Found bytes(Transaction& transaction, unsigned instance) noexcept {
  return instance == 0 ? at(transaction).*part : Found();
}
Found arguments(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).is_call() ? bytes<&RpcMessage::content>(transaction, instance) : Found();
}
Found results(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).is_call() ? Found() : bytes<&RpcMessage::content>(transaction, instance);
}
Found file_name(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).name(instance);
}

template <auto part>
Number number(const Transaction& transaction) noexcept {
  return at(transaction).*part;
}
Number xid(const Transaction& transaction) noexcept {
  return at(transaction).type ? Number(at(transaction).xid) : Number();
}
template <auto part, bool is_of_nfs>
Number called(const Transaction& transaction) noexcept {
  const auto& procedure = at(transaction).procedure;
  const bool is_here = procedure && (!is_of_nfs || procedure->program == Program::nfs);
  return is_here ? Number((*procedure).*part) : Number();
}
Number operation(const Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).operation(instance);
}
Number first_operation(const Transaction& transaction) noexcept { return operation(transaction, 0); }

constexpr std::array kTypes{NamedValue{"call", 0}, NamedValue{"reply", 1}};
constexpr std::array kPrograms{
    NamedValue{"portmapper", 100000}, NamedValue{"rstatd", 100001},    NamedValue{"rusersd", 100002},
    NamedValue{"nfs", 100003},        NamedValue{"ypserv", 100004},    NamedValue{"mount", 100005},
    NamedValue{"ypbind", 100007},     NamedValue{"yppasswdd", 100009}, NamedValue{"rquotad", 100011},
    NamedValue{"nlockmgr", 100021},   NamedValue{"status", 100024},    NamedValue{"cmsd", 100068},
    NamedValue{"ttdbserver", 100083}, NamedValue{"nfs_acl", 100227},   NamedValue{"sadmind", 100232},
    NamedValue{"snmpxdmid", 100249},
};
constexpr std::array kFlavors{NamedValue{"none", 0}, NamedValue{"sys", 1}, NamedValue{"short", 2},
                              NamedValue{"dh", 3}, NamedValue{"gss", 6}};
// Of NFS 3, and the one that only NFS 2 has.
constexpr std::array kNfsProcedures{
    NamedValue{"null", 0},      NamedValue{"getattr", 1},  NamedValue{"setattr", 2},
    NamedValue{"lookup", 3},    NamedValue{"access", 4},   NamedValue{"readlink", 5},
    NamedValue{"read", 6},      NamedValue{"write", 7},    NamedValue{"create", 8},
    NamedValue{"mkdir", 9},     NamedValue{"symlink", 10}, NamedValue{"mknod", 11},
    NamedValue{"remove", 12},   NamedValue{"rmdir", 13},   NamedValue{"rename", 14},
    NamedValue{"link", 15},     NamedValue{"readdir", 16}, NamedValue{"readdirplus", 17},
    NamedValue{"statfs", 17},   NamedValue{"fsstat", 18},  NamedValue{"fsinfo", 19},
    NamedValue{"pathconf", 20}, NamedValue{"commit", 21},
};

struct BufferRow {
  std::string_view name, help;
  Found (*get)(Transaction&, unsigned) noexcept;
  bool several = false;
};
constexpr std::array kBufferRows{
    BufferRow{"rpc.machine_name", "whose credentials these are (AUTH_SYS)", bytes<&RpcMessage::machine_name>},
    BufferRow{"rpc.arguments", "the arguments of a call", arguments},
    BufferRow{"rpc.results", "the results in a reply", results},
    BufferRow{"rpc.universal_address", "the longest address that the port mapper is told or tells",
              bytes<&RpcMessage::address>},
    BufferRow{"rpc.mount_path", "what is to be mounted or unmounted", bytes<&RpcMessage::mount_path>},
    BufferRow{"nfs.filename", "each name of a file in a call", file_name, true},
    BufferRow{"file.name", "each name of a file in a call", file_name, true},
};

struct FieldRow {
  std::string_view name, help;
  Number (*get)(const Transaction&) noexcept;
  std::span<const NamedValue> names = {};
  Number (*more)(const Transaction&, unsigned) noexcept = nullptr;
};
constexpr std::array kFieldRows{
    FieldRow{"rpc.xid", "the number of a call and its reply", xid},
    FieldRow{"rpc.type", "call or reply", number<&RpcMessage::type>, kTypes},
    FieldRow{"rpc.program", "the program that is called", called<&Procedure::program, false>, kPrograms},
    FieldRow{"rpc.version", "the program's version", called<&Procedure::version, false>},
    FieldRow{"rpc.procedure", "the procedure that is called", called<&Procedure::number, false>},
    FieldRow{"rpc.auth_flavor", "of the credentials", number<&RpcMessage::auth_flavor>, kFlavors},
    FieldRow{"rpc.credential_length", "of the credentials, as stated",
             number<&RpcMessage::credential_length>},
    FieldRow{"rpc.verifier_length", "of the verifier, as stated", number<&RpcMessage::verifier_length>},
    FieldRow{"rpc.machine_name_length", "of the machine's name, as stated",
             number<&RpcMessage::machine_name_length>},
    FieldRow{"rpc.uid", "the user in credentials (AUTH_SYS)", number<&RpcMessage::uid>},
    FieldRow{"rpc.gid", "the group", number<&RpcMessage::gid>},
    FieldRow{"rpc.group_count", "how many other groups are stated", number<&RpcMessage::group_count>},
    FieldRow{"rpc.reply_status", "0: accepted, 1: denied", number<&RpcMessage::reply_status>},
    FieldRow{"rpc.accept_status", "0: success", number<&RpcMessage::accept_status>},
    FieldRow{"rpc.mapped_program", "the program that the port mapper is asked about",
             number<&RpcMessage::mapped_program>, kPrograms},
    FieldRow{"rpc.mapped_version", "its version", number<&RpcMessage::mapped_version>},
    FieldRow{"rpc.mapped_procedure", "the procedure that it is to call itself",
             number<&RpcMessage::mapped_procedure>},
    FieldRow{"rpc.mapped_port", "the port that it tells, or is told", number<&RpcMessage::mapped_port>},
    FieldRow{"rpc.universal_address_length", "of the longest address, as stated",
             number<&RpcMessage::address_length>},
    FieldRow{"nfs.version", "the version of NFS", called<&Procedure::version, true>},
    FieldRow{"nfs_version", "the same", called<&Procedure::version, true>},
    FieldRow{"nfs.procedure", "the procedure of NFS; words are those of version 3",
             called<&Procedure::number, true>, kNfsProcedures},
    FieldRow{"nfs_procedure", "the same", called<&Procedure::number, true>, kNfsProcedures},
    FieldRow{"nfs.filename_length", "of the longest name or path, as stated",
             number<&RpcMessage::name_length>},
    FieldRow{"nfs.operation_count", "operations of an NFSv4 compound, as stated",
             number<&RpcMessage::operation_count>},
    FieldRow{"nfs.operation", "an operation of an NFSv4 compound", first_operation, {}, operation},
};

// Either side may call, so each has all of them.
constexpr auto kBuffers = [] {
  std::array<Buffer, 2 * kBufferRows.size()> all{};
  for (std::size_t i = 0; i < kBufferRows.size(); ++i) {
    const BufferRow& row = kBufferRows[i];
    all[2 * i] = message_buffer(row.name, row.help, Side::client, row.get);
    all[2 * i + 1] = message_buffer(row.name, row.help, Side::server, row.get);
    all[2 * i].several = all[2 * i + 1].several = row.several;
  }
  return all;
}();
constexpr auto kFields = [] {
  std::array<Field, 2 * kFieldRows.size()> all{};
  for (std::size_t i = 0; i < kFieldRows.size(); ++i) {
    const FieldRow& row = kFieldRows[i];
    all[2 * i] = message_field(row.name, row.help, Side::client, row.get, row.names);
    all[2 * i + 1] = message_field(row.name, row.help, Side::server, row.get, row.names);
    all[2 * i].more = all[2 * i + 1].more = row.more;
  }
  return all;
}();

}  // namespace

std::span<const Buffer> buffers() noexcept { return kBuffers; }
std::span<const Field> fields() noexcept { return kFields; }

}  // namespace bansoko::proto::rpc
