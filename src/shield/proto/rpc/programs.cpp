// SPDX-License-Identifier: Apache-2.0
// Arguments and results of programs: RFC 1833 (port mapper), RFC 1094 and RFC 1813 (NFS 2 and 3, MOUNT),
// RFC 7530 and RFC 8881 (NFS 4).
#include <algorithm>

#include "shield/proto/rpc/message.h"

namespace bansoko::proto::rpc {
namespace {

// Of the port mapper; version 2 calls the third GETPORT, and has no later ones than CALLIT.
enum Mapper : std::uint32_t {
  set = 1,
  unset = 2,
  get_address = 3,
  call_it = 5,
  from_address = 7,
  to_address = 8,
  of_version = 9,
  indirect = 10,
  list = 11
};

// Handles of files: in NFS 2 always so long, later behind a length.
constexpr std::size_t kHandleSize = 32;

}  // namespace

AnomalyBits RpcMessage::read_content(const std::optional<Procedure>& called, bool is_cut) noexcept {
  const AnomalyBits before = anomalies_;
  if (!is_call()) procedure = called;
  if (!content || !procedure) return 0;
  XdrReader in(*content);
  bool is_read = true;
  if (procedure->program == Program::portmapper) is_read = is_call() ? read_mapper(in) : read_mapped(in);
  if (procedure->program == Program::nfs && is_call()) is_read = read_nfs(in);
  constexpr std::uint32_t kMount = 1, kUnmount = 3;
  const bool is_of_mount = procedure->program == Program::mount && is_call();
  if (is_of_mount && (procedure->number == kMount || procedure->number == kUnmount)) {
    std::uint32_t size = 0;
    mount_path = in.opaque(size);
    name_length = size;
    is_read = in.ok();
  }
  if (!is_read && !is_cut) anomalies_ |= bit(Anomaly::malformed_data);
  return anomalies_ & ~before;
}

bool RpcMessage::read_mapper(XdrReader& in) noexcept {
  const std::uint32_t number = procedure->number;
  if (procedure->version > 2 && number == Mapper::from_address) return read_address(in);
  const bool is_call_of = number == Mapper::call_it || (procedure->version > 2 && number == Mapper::indirect);
  const bool has_program =
      is_call_of || (number >= Mapper::set && number <= Mapper::get_address) ||
      (procedure->version > 2 && (number == Mapper::of_version || number == Mapper::list));
  if (!has_program) return true;
  const std::uint32_t of = in.number(), version = in.number();
  if (!in.ok()) return false;
  mapped_program = of;
  mapped_version = version;
  const std::uint32_t next = procedure->version > 2 && !is_call_of ? 0 : in.number();
  if (is_call_of) {
    mapped_procedure = next;
    in.opaque();
    return in.ok();
  }
  if (procedure->version == 2) {
    const std::uint32_t port = in.number();
    if (in.ok() && number == Mapper::set) mapped_port = port;
    return in.ok();
  }
  return read_address(in) && read_address(in) && read_address(in);  // network, address, owner
}

/// Results.
bool RpcMessage::read_mapped(XdrReader& in) noexcept {
  const std::uint32_t number = procedure->number;
  if (accept_status != 0) return true;
  if (procedure->version == 2) {
    if (number != Mapper::get_address && number != Mapper::call_it) return true;
    const std::uint32_t port = in.number();
    if (in.ok()) mapped_port = port;
    return in.ok();
  }
  const bool has_address = number == Mapper::get_address || number == Mapper::of_version ||
                           number == Mapper::to_address || number == Mapper::call_it ||
                           number == Mapper::indirect;
  return !has_address || read_address(in);
}

/// The longest is kept.
bool RpcMessage::read_address(XdrReader& in) noexcept {
  std::uint32_t size = 0;
  const Bytes text = in.opaque(size);
  if (!address_length || size > *address_length) {
    address_length = size;
    address = text;
  }
  return in.ok();
}

void RpcMessage::add_name(XdrReader& in) noexcept {
  std::uint32_t size = 0;
  const Bytes text = in.opaque(size);
  name_length = std::max<std::uint64_t>(size, name_length.value_or(0));
  if (text.empty() && !in.ok()) return;
  if (name_count_ == names_.size()) {
    anomalies_ |= bit(Anomaly::name_limit);
    return;
  }
  names_[name_count_++] = text;
}

bool RpcMessage::read_nfs(XdrReader& in) noexcept {
  switch (procedure->version) {
    case 2:
      return read_nfs_2(in);
    case 3:
      return read_nfs_3(in);
    case 4:
      return procedure->number != 1 || read_compound(in);
    default:
      return true;
  }
}

bool RpcMessage::read_nfs_2(XdrReader& in) noexcept {
  enum : std::uint32_t {
    lookup = 4,
    create = 9,
    remove = 10,
    rename = 11,
    link = 12,
    symlink = 13,
    mkdir = 14,
    rmdir = 15
  };
  const std::uint32_t number = procedure->number;
  if (number != lookup && (number < create || number > rmdir)) return true;
  in.skip(number == link ? 2 * kHandleSize : kHandleSize);
  add_name(in);
  if (number == rename) in.skip(kHandleSize);
  if (number == rename || number == symlink) add_name(in);
  return in.ok();
}

bool RpcMessage::read_nfs_3(XdrReader& in) noexcept {
  enum : std::uint32_t { lookup = 3, create = 8, remove = 12, rmdir = 13, rename = 14, link = 15 };
  const std::uint32_t number = procedure->number;
  if (number != lookup && (number < create || number > link)) return true;
  in.opaque();
  if (number == link) in.opaque();
  add_name(in);
  if (number == rename) {
    in.opaque();
    add_name(in);
  }
  return in.ok();
}

bool RpcMessage::read_compound(XdrReader& in) noexcept {
  in.opaque();  // tag
  in.number();  // minor version
  const std::uint32_t count = in.number();
  if (!in.ok()) return false;
  operation_count = count;
  knows_next_ = true;
  for (std::uint32_t i = 0; i < count && knows_next_ && in.ok(); ++i) {
    const std::uint32_t operation = in.number();
    if (!in.ok()) return false;
    if (kept_operations_ == operations_.size()) {
      anomalies_ |= bit(Anomaly::operation_limit);
      return true;
    }
    operations_[kept_operations_++] = operation;
    knows_next_ = read_operation(in, operation);
  }
  return in.ok();
}

/// False: nothing is known of its arguments, hence of where the next one begins.
bool RpcMessage::read_operation(XdrReader& in, std::uint32_t operation) noexcept {
  enum : std::uint32_t {
    access = 3,
    close = 4,
    commit = 5,
    get_attributes = 9,
    get_handle = 10,
    link = 11,
    lookup = 15,
    lookup_parent = 16,
    put_handle = 22,
    put_public = 23,
    put_root = 24,
    read_file = 25,
    read_link = 27,
    remove = 28,
    rename = 29,
    renew = 30,
    restore_handle = 31,
    save_handle = 32,
    security = 33,
    sequence = 53,
    security_no_name = 52,
    reclaim_complete = 58
  };
  constexpr std::size_t kState = 16;
  switch (operation) {
    case get_handle:
    case lookup_parent:
    case put_public:
    case put_root:
    case read_link:
    case restore_handle:
    case save_handle:
      return true;
    case lookup:
    case remove:
    case link:
    case security:
      add_name(in);
      return true;
    case rename:
      add_name(in);
      add_name(in);
      return true;
    case put_handle:
      in.opaque();
      return true;
    case access:
    case security_no_name:
    case reclaim_complete:
      in.skip(4);
      return true;
    case close:
      in.skip(4 + kState);
      return true;
    case renew:
      in.skip(8);
      return true;
    case commit:
      in.skip(8 + 4);
      return true;
    case read_file:
      in.skip(kState + 8 + 4);
      return true;
    case sequence:
      in.skip(kState + std::size_t{4} * 4);
      return true;
    case get_attributes: {
      const std::uint32_t words = in.number();
      in.skip(std::size_t{4} * words);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace bansoko::proto::rpc
