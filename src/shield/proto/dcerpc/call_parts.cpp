// SPDX-License-Identifier: Apache-2.0
// What rules can see of a call: its buffers and fields, as data.
#include <array>

#include "shield/proto/dcerpc/call.h"

namespace bansoko::proto::dcerpc {
namespace {

using Number = std::optional<std::uint64_t>;

template <class Of>
auto* call_of(Of& transaction) noexcept {
  using Carrier = std::conditional_t<std::is_const_v<Of>, const CarrierTransaction, CarrierTransaction>;
  using Found = std::conditional_t<std::is_const_v<Of>, const Call, Call>;
  auto& carried = static_cast<Carrier&>(transaction);
  return carried.is_call() ? static_cast<Found*>(&carried) : nullptr;
}

std::optional<Bytes> stub_data(Transaction& transaction, unsigned instance) noexcept {
  const Call* const call = call_of(transaction);
  if (call == nullptr || instance > 0 || (call->type != request && call->type != response))
    return std::nullopt;
  return call->stub();
}

std::optional<Bytes> ndr_stream(Transaction& transaction, unsigned instance) noexcept {
  const Call* const call = call_of(transaction);
  if (call == nullptr || !stub_data(transaction, instance)) return std::nullopt;
  return call->ndr_stream();
}

std::optional<Bytes> interface_of(Transaction& transaction, unsigned instance) noexcept {
  const Call* const call = call_of(transaction);
  if (call == nullptr || instance > 0 || !call->interface) return std::nullopt;
  return *call->interface;
}

Number opnum(const Transaction& transaction) noexcept {
  const Call* const call = call_of(transaction);
  return call != nullptr && call->opnum ? Number(*call->opnum) : std::nullopt;
}

Number packet_type(const Transaction& transaction) noexcept {
  const Call* const call = call_of(transaction);
  return call != nullptr ? Number(call->type) : std::nullopt;
}

constexpr std::string_view kStubHelp =
    "the stub data of a request or response, its fragments put together ([C706] 12.6.4.9, 12.6.4.10)";
constexpr std::string_view kStreamHelp =
    "the same behind a format label of four bytes, the first of which is 10 for numbers in Intel's order and "
    "0 for "
    "the other ([C706] 14.1); dcerpc.ndr is made for it";
constexpr std::string_view kInterfaceHelp =
    "the interface a request or response is about: its UUID as written, major and minor version, 20 bytes in "
    "network order ([C706] 12.6.3.1); dce_iface is made for it";
constexpr std::string_view kOpnumHelp =
    "the number of the operation that a request or response is about ([C706] 12.6.4.9)";
constexpr std::string_view kTypeHelp = "the type of a DCE/RPC packet ([C706] 12.6.4)";

constexpr std::array kBuffers{
    Buffer{"dcerpc.stub_data", kStubHelp, Side::client, step_called, true, stub_data},
    Buffer{"dcerpc.stub_data", kStubHelp, Side::server, step_called, true, stub_data},
    Buffer{"dcerpc.ndr_stream", kStreamHelp, Side::client, step_called, true, ndr_stream},
    Buffer{"dcerpc.ndr_stream", kStreamHelp, Side::server, step_called, true, ndr_stream},
    Buffer{"dcerpc.interface", kInterfaceHelp, Side::client, step_called, false, interface_of},
    Buffer{"dcerpc.interface", kInterfaceHelp, Side::server, step_called, false, interface_of},
};

}  // namespace

bool is_little_endian(const Transaction& transaction) noexcept {
  const Call* const call = call_of(transaction);
  return call != nullptr && call->little_endian;
}

std::span<const Buffer> call_buffers() noexcept { return kBuffers; }

std::span<const Field> call_fields() noexcept {
  static const std::array fields{
      Field{"dcerpc.opnum", kOpnumHelp, Side::client, step_called, {}, opnum},
      Field{"dcerpc.opnum", kOpnumHelp, Side::server, step_called, {}, opnum},
      Field{"dcerpc.type", kTypeHelp, Side::client, step_typed, packet_type_names(), packet_type},
      Field{"dcerpc.type", kTypeHelp, Side::server, step_typed, packet_type_names(), packet_type},
  };
  return fields;
}

}  // namespace bansoko::proto::dcerpc
