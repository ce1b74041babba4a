// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "shield/detect/compiled_rule.h"

namespace bansoko::detect {

/// What a rule's header and options say about where its payload is to be looked for.
struct StreamNeeds {
  bool packets = false;  // in single packets
  bool stream = false;   // in the stream alone
};

/// The IP protocols that may carry an application protocol.
std::vector<std::uint8_t> carriers_of(const proto::Protocol& protocol);

/// The progress from which rules may look at a buffer; one that grows is changed when it is complete.
std::uint8_t ready_at(const proto::Buffer& buffer, bool is_changed) noexcept;

/// Completes what a rule's options asked for, for one application protocol (null: it is about none): rows of
/// the protocol's tables, carriers, sides, scope and needs. Fails where no message could match.
Result<CompiledRule> settle(CompiledRule rule, const proto::Protocol* protocol, const StreamNeeds& needs);

}  // namespace bansoko::detect
