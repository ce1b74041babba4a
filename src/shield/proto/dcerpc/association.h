// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/dcerpc/calls.h"
#include "shield/proto/dcerpc/contexts.h"

namespace bansoko::proto::dcerpc {

/// The requests whose answers are to come, as many as fit: the latest.
class Asked {
 public:
  struct Request {
    std::uint32_t call = 0;
    std::uint16_t context = 0, opnum = 0;
    bool is_known = false;
  };

  void note(std::uint32_t call, std::uint16_t context, std::uint16_t opnum) noexcept {
    requests_[next_++ % requests_.size()] = {call, context, opnum, true};
  }
  /// Null: none.
  const Request* find(std::uint32_t call) const noexcept;
  void clear() noexcept { *this = {}; }

 private:
  std::array<Request, 16> requests_{};
  std::size_t next_ = 0;
};

/// What the two sides of an association share.
struct Talk {
  Talk(const CallLimits& limits, MemoryBudget& budget) noexcept : contexts(limits.contexts, budget) {}

  Contexts contexts;
  Asked asked;
  bool is_secured = false;  // the client has offered authentication: PDUs may end with a verifier
};

/// Takes one side's bytes apart into PDUs and these into calls, as they come: nothing but stub data is kept.
class Lane {
 public:
  /// `talk` is the association's and outlives it.
  Lane(Side side, Talk& talk, const CallLimits& limits, MemoryBudget& budget)
      : side_(side), talk_(talk), calls_(limits, budget) {}

  /// Malformed: these bytes are no PDUs; nothing more is read until restart() or lose().
  Parsed feed(Bytes bytes, const Outlet& out) noexcept;
  /// What comes next begins with a PDU: for carriers that know where one begins. Only a lane in trouble
  /// starts anew.
  void restart() noexcept;
  /// Bytes were lost: the next PDU is looked for.
  void lose(std::uint32_t size, const Outlet& out) noexcept;
  void end(const Outlet& out) noexcept;
  void reset(bool release) noexcept;

 private:
  /// What the next bytes are.
  enum class Part : std::uint8_t {
    header,
    request,
    response,
    object,
    stub,
    verifier,
    offer,
    context,
    syntax,
    results,
    address,
    result,
    chosen_syntax,
    rest,
    lost,
    refused,
  };

  void expect_header() noexcept;
  void expect(Part part, std::uint32_t skip, std::uint8_t size, const Outlet& out) noexcept;
  void pass_over(const Outlet& out) noexcept;
  std::size_t take(Bytes bytes, const Outlet& out) noexcept;
  std::size_t take_stub(Bytes bytes, const Outlet& out) noexcept;
  std::size_t find_pdu(Bytes bytes, const Outlet& out) noexcept;
  void on_piece(const Outlet& out) noexcept;
  void begin_pdu(const Outlet& out) noexcept;
  void read_body(const Outlet& out) noexcept;
  void read_request(const Outlet& out) noexcept;
  void read_response(const Outlet& out) noexcept;
  void read_context(const Outlet& out) noexcept;
  void read_syntax(const Outlet& out) noexcept;
  void read_result(const Outlet& out) noexcept;
  void read_chosen_syntax(const Outlet& out) noexcept;
  void next_context(const Outlet& out) noexcept;
  void next_result(std::uint32_t skip, const Outlet& out) noexcept;
  void find_call(const Outlet& out) noexcept;
  void begin_call(const Outlet& out) noexcept;
  void begin_stub(const Outlet& out) noexcept;
  void end_stub(const Outlet& out) noexcept;
  void end_pdu(const Outlet& out) noexcept;

  Side side_;
  Talk& talk_;
  Calls calls_;
  Part part_ = Part::header;
  std::array<std::uint8_t, 24> piece_{};
  std::uint8_t piece_size_ = 0;
  std::uint8_t piece_wanted_ = kHeaderSize;
  std::uint32_t skip_ = 0;       // before the next piece
  std::uint32_t left_ = 0;       // of the PDU
  std::uint32_t stub_left_ = 0;  // of it
  std::uint32_t stub_size_ = 0;  // of it
  bool is_verified_ = false;     // a verifier stands behind the stub data
  Header header_ = {};
  Call* call_ = nullptr;       // whose stub data comes
  std::uint8_t elements_ = 0;  // contexts or results in it
  std::uint8_t element_ = 0;   // the one that comes next
  std::uint8_t syntaxes_ = 0;  // of the context at hand, still to come
};

/// One conversation over whatever delivers each side's bytes in order: a TCP connection or a named pipe.
class Association {
 public:
  Association(const CallLimits& limits, MemoryBudget& budget);

  Parsed feed(Side side, Bytes bytes, const Outlet& out) noexcept;
  void restart(Side side) noexcept { lanes_[flow::index(side)].restart(); }
  void lose(Side side, std::uint32_t size, const Outlet& out) noexcept;
  void end(const Outlet& out) noexcept;
  /// For another conversation; what it holds for the next use is given back where memory is short.
  void reset() noexcept;

 private:
  MemoryBudget& budget_;
  Talk talk_;
  std::array<Lane, 2> lanes_;
};

}  // namespace bansoko::proto::dcerpc
