// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "shield/proto/dcerpc/pdu.h"
#include "shield/proto/memory_budget.h"

namespace bansoko::proto::dcerpc {

/// The presentation contexts that a client has offered: which interface a request's context id stands for
/// ([C706] section 12.6.3.1). As many as a limit and a budget let.
class Contexts {
 public:
  Contexts(std::size_t limit, MemoryBudget& budget) noexcept : budget_(budget), limit_(limit) {}
  ~Contexts() { release(); }
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;

  /// A new offer begins: the server's results are about its contexts, in order.
  void begin_offer() noexcept;
  /// False: there is no room, and it replaces the one offered longest ago.
  bool offer(std::uint16_t id, const Interface& interface) noexcept;
  /// One of the transfer syntaxes of the context offered last.
  void offer_syntax(bool is_ndr64) noexcept;
  /// The server's result for the n-th context of the latest offer; 0: accepted.
  void answer(std::size_t n, std::uint16_t result) noexcept;
  /// Accepted, it has said with which transfer syntax.
  void answer_syntax(std::size_t n, bool is_ndr64) noexcept;

  /// Nothing for one never offered, or refused. One not answered yet counts: a client need not wait.
  std::optional<Interface> find(std::uint16_t id) const noexcept;
  Syntax syntax_of(std::uint16_t id) const noexcept;

  void clear() noexcept;
  void release() noexcept;

 private:
  static constexpr std::uint16_t kNotInOffer = 0xFFFF;
  struct Context {
    std::uint16_t id = 0;
    std::uint16_t place = kNotInOffer;  // in the latest offer
    bool refused = false;
    bool was_accepted = false;  // under `earlier`, which a refusal leaves in force
    bool has_syntax = false;    // one was offered or chosen
    Syntax syntax = Syntax::ndr;
    Syntax earlier_syntax = Syntax::ndr;
    Interface interface = {};
    Interface earlier = {};
  };

  Context* known(std::uint16_t id) noexcept;
  bool make_room() noexcept;

  MemoryBudget& budget_;
  std::size_t limit_;
  std::vector<Context> contexts_;
  std::size_t oldest_ = 0;  // the next to be replaced
  std::uint16_t offered_ = 0;
  std::uint16_t last_offered_ = 0;  // its id
};

}  // namespace bansoko::proto::dcerpc
