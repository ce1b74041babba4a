// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "shield/proto/dcerpc/pdu.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::dcerpc {

/// How far a message has come, as Transaction::progress tells it.
enum Step : std::uint8_t {
  step_typed = 1,   // its header
  step_called = 2,  // what it calls; the first bytes of its stub data
};

/// A transaction of a protocol that carries calls beside messages of its own, as SMB does in its pipes.
class CarrierTransaction : public Transaction {
 public:
  bool is_call() const noexcept { return is_call_; }

 protected:
  explicit CarrierTransaction(bool is_call) noexcept : is_call_(is_call) {}

 private:
  bool is_call_;
};

/// What tells a call from others under way.
struct CallKey {
  std::uint32_t number = 0;                    // call_id, or the sequence number of a datagram
  std::array<std::uint8_t, 16> activity = {};  // of datagrams

  bool operator==(const CallKey&) const = default;
};

/// One message of one side, put together from its fragments: a request, the answer to one, or what keeps the
/// association going.
class Call final : public CarrierTransaction {
 public:
  explicit Call(MemoryBudget& budget) : CarrierTransaction(true), stub_(budget) {}

  void begin(std::uint64_t number, Side from, const CallKey& call) noexcept {
    id = number;
    progress = {};
    notes = {};
    side = from;
    key = call;
    type = 0;
    opnum.reset();
    interface.reset();
    syntax = Syntax::ndr;
    is_told = false;
    is_cut = false;
    next_fragment = 0;
    stub_.clear();
  }
  bool append(Bytes bytes, std::size_t most) noexcept {
    const std::size_t in_all = most + kFormatLabelSize;
    return (stub_.size() > 0 || stub_.append(format_label(little_endian, syntax), in_all)) &&
           stub_.append(bytes, in_all);
  }
  /// Takes bytes off the end of the stub data.
  void shorten(std::size_t by) noexcept { stub_.shorten(by < stub().size() ? by : stub().size()); }
  Bytes stub() const noexcept { return stub_.bytes().subspan(stub_.size() > 0 ? kFormatLabelSize : 0); }
  /// A format label and the stub data behind it.
  Bytes ndr_stream() const noexcept { return stub_.bytes(); }
  void release() noexcept { stub_.release(); }

  Side side = Side::client;
  CallKey key = {};
  std::uint8_t type = 0;
  std::uint16_t context = 0;
  bool little_endian = false;
  std::optional<std::uint16_t> opnum = {};
  std::optional<Interface> interface = {};
  Syntax syntax = Syntax::ndr;
  bool is_open = false;             // more of it is to come
  bool is_told = false;             // the sink knows of it
  bool is_cut = false;              // a limit was reached: the rest of the stub data is not kept
  std::uint32_t next_fragment = 0;  // of datagrams
  std::uint64_t used_at = 0;        // when it last went on, counted in PDUs

 private:
  BudgetedBytes stub_;
};

/// What rules can see of calls. They give nothing for a CarrierTransaction that is none.
std::span<const Buffer> call_buffers() noexcept;
std::span<const Field> call_fields() noexcept;
/// Protocol::is_little_endian.
bool is_little_endian(const Transaction& transaction) noexcept;

/// What is wrong with calls: indices into call_anomalies(), which a carrier has at the end of its own.
enum Anomaly : std::size_t {
  unknown_header,
  pdu_short,
  unexpected_type,
  fragment_order,
  fragment_mismatch,
  context_limit,
  call_limit,
  fragment_limit,
  stub_limit,
  memory_limit,
  gap,
};
inline constexpr std::array<std::string_view, 11> kCallAnomalies{
    "dcerpc.unknown_header",     // not a PDU
    "dcerpc.pdu_short",          // it ends within what its type needs
    "dcerpc.unexpected_type",    // the other side sends such
    "dcerpc.fragment_order",     // a fragment whose beginning is not known, or a second beginning
    "dcerpc.fragment_mismatch",  // it calls something else than the first fragment
    "dcerpc.context_limit",      // more presentation contexts than followed
    "dcerpc.call_limit",         // more calls under way than followed
    "dcerpc.fragment_limit",     // more datagrams ahead of their turn than kept
    "dcerpc.stub_limit",         // the rest of the stub data is not looked into
    "dcerpc.memory_limit",       // the same for want of memory
    "dcerpc.gap",                // bytes of the stream were lost
};

/// How much of calls is followed, in one association.
struct CallLimits {
  std::size_t contexts = 0;
  std::size_t calls = 0;
  std::size_t fragments = 0;  // datagrams kept until those before them come
  std::size_t stub_size = 0;
};

/// Where calls are told.
struct Outlet {
  TransactionSink& sink;
  std::uint64_t& next_id;         // the flow's
  std::size_t first_anomaly = 0;  // where kCallAnomalies begin in the protocol's

  void anomaly(Side side, Anomaly what) const noexcept { sink.on_anomaly(side, first_anomaly + what); }
};

}  // namespace bansoko::proto::dcerpc
