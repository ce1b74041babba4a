// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/rpc/message.h"

namespace bansoko::proto::rpc {
namespace {

constexpr std::uint32_t kRpcVersion = 2;
constexpr std::uint32_t kUnixFlavor = 1;  // AUTH_SYS
constexpr std::uint32_t kMostAuthentication = 400;
constexpr std::uint32_t kMostMachineName = 255;
constexpr std::uint32_t kAccepted = 0, kDenied = 1;

}  // namespace

void RpcMessage::clear() noexcept {
  type.reset();
  procedure.reset();
  for (Number* const number :
       {&auth_flavor, &credential_length, &verifier_length, &machine_name_length, &uid, &gid, &group_count,
        &reply_status, &accept_status, &mapped_program, &mapped_version, &mapped_procedure, &mapped_port,
        &address_length, &name_length, &operation_count})
    number->reset();
  for (std::optional<Bytes>* const bytes : {&machine_name, &content, &address, &mount_path}) bytes->reset();
  name_count_ = kept_operations_ = 0;
  anomalies_ = 0;
}

AnomalyBits RpcMessage::read(Bytes bytes, bool is_cut) noexcept {
  clear();
  XdrReader in(bytes);
  xid = in.number();
  const std::uint32_t kind = in.number();
  if (!in.ok() || kind > 1) return bit(Anomaly::malformed_data);
  type = kind;
  const bool is_read = kind == 0 ? read_call(in) : read_reply(in);
  if (!is_read && !is_cut) anomalies_ |= bit(Anomaly::malformed_data);
  return anomalies_;
}

bool RpcMessage::read_call(XdrReader& in) noexcept {
  if (in.number() != kRpcVersion) return false;
  Procedure called;
  called.program = in.number();
  called.version = in.number();
  called.number = in.number();
  if (!in.ok()) return false;
  procedure = called;
  std::uint32_t size = 0;
  const std::uint32_t flavor = in.number();
  const Bytes credentials = in.opaque(size);
  auth_flavor = flavor;
  credential_length = size;
  if (size > kMostAuthentication) anomalies_ |= bit(Anomaly::authentication_too_long);
  if (flavor == kUnixFlavor) read_unix_credentials(credentials);
  in.number();
  in.opaque(size);
  if (!in.ok()) return false;
  verifier_length = size;
  if (size > kMostAuthentication) anomalies_ |= bit(Anomaly::authentication_too_long);
  content = in.rest();
  return true;
}

// RFC 5531 appendix A.
void RpcMessage::read_unix_credentials(Bytes bytes) noexcept {
  XdrReader in(bytes);
  in.number();  // when it was made
  std::uint32_t size = 0;
  const Bytes name = in.opaque(size);
  if (name.empty() && !in.ok()) return;
  machine_name = name;
  machine_name_length = size;
  if (size > kMostMachineName) anomalies_ |= bit(Anomaly::machine_name_too_long);
  const std::uint32_t user = in.number(), group = in.number(), groups = in.number();
  if (!in.ok()) {
    anomalies_ |= bit(Anomaly::malformed_data);
    return;
  }
  uid = user;
  gid = group;
  group_count = groups;
}

bool RpcMessage::read_reply(XdrReader& in) noexcept {
  const std::uint32_t status = in.number();
  if (!in.ok() || status > kDenied) return false;
  reply_status = status;
  if (status != kAccepted) return true;
  std::uint32_t size = 0;
  auth_flavor = in.number();
  in.opaque(size);
  verifier_length = size;
  if (size > kMostAuthentication) anomalies_ |= bit(Anomaly::authentication_too_long);
  const std::uint32_t accepted = in.number();
  if (!in.ok()) return false;
  accept_status = accepted;
  content = in.rest();
  return true;
}

std::optional<Bytes> RpcMessage::name(std::size_t place) const noexcept {
  return place < name_count_ ? std::optional<Bytes>(names_[place]) : std::nullopt;
}

std::optional<std::uint64_t> RpcMessage::operation(std::size_t place) const noexcept {
  return place < kept_operations_ ? std::optional<std::uint64_t>(operations_[place]) : std::nullopt;
}

}  // namespace bansoko::proto::rpc
