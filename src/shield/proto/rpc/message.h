// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "shield/proto/protocol.h"
#include "shield/proto/rpc/limits.h"
#include "shield/proto/rpc/xdr_reader.h"

namespace bansoko::proto::rpc {

/// Which procedure of which program.
struct Procedure {
  std::uint32_t program = 0, version = 0, number = 0;
};

enum Program : std::uint32_t { portmapper = 100000, nfs = 100003, mount = 100005 };

/// A call or a reply (RFC 5531 section 9). Views into what was read.
class RpcMessage final : public Transaction {
 public:
  explicit RpcMessage(const Limits& limits) : names_(limits.names), operations_(limits.operations) {}

  /// Reads what stands before the arguments or results. `is_cut`: the rest of the message is not at hand.
  AnomalyBits read(Bytes bytes, bool is_cut) noexcept;
  /// Then those of known programs. Of a reply `called` is what it answers.
  AnomalyBits read_content(const std::optional<Procedure>& called, bool is_cut) noexcept;

  std::optional<Bytes> name(std::size_t place) const noexcept;
  std::optional<std::uint64_t> operation(std::size_t place) const noexcept;
  bool is_call() const noexcept { return type == 0; }

  using Number = std::optional<std::uint64_t>;
  std::uint32_t xid = 0;
  Number type;  // 0: call, 1: reply
  std::optional<Procedure> procedure;
  Number auth_flavor, credential_length, verifier_length;
  Number machine_name_length, uid, gid, group_count;  // AUTH_SYS
  std::optional<Bytes> machine_name;
  Number reply_status, accept_status;
  std::optional<Bytes> content;  // arguments or results

  Number mapped_program, mapped_version, mapped_procedure, mapped_port;
  Number address_length;  // the longest, as stated
  std::optional<Bytes> address, mount_path;
  Number name_length, operation_count;

 private:
  void clear() noexcept;
  bool read_call(XdrReader& in) noexcept;
  bool read_reply(XdrReader& in) noexcept;
  void read_unix_credentials(Bytes bytes) noexcept;
  bool read_mapper(XdrReader& in) noexcept;
  bool read_mapped(XdrReader& in) noexcept;
  bool read_address(XdrReader& in) noexcept;
  bool read_nfs(XdrReader& in) noexcept;
  bool read_nfs_2(XdrReader& in) noexcept;
  bool read_nfs_3(XdrReader& in) noexcept;
  bool read_compound(XdrReader& in) noexcept;
  bool read_operation(XdrReader& in, std::uint32_t operation) noexcept;
  void add_name(XdrReader& in) noexcept;

  std::vector<Bytes> names_;
  std::vector<std::uint32_t> operations_;
  std::size_t name_count_ = 0, kept_operations_ = 0;
  bool knows_next_ = true;  // of a compound, where the next operation begins
  AnomalyBits anomalies_ = 0;
};

std::span<const Buffer> buffers() noexcept;
std::span<const Field> fields() noexcept;

}  // namespace bansoko::proto::rpc
