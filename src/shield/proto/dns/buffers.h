// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shield/proto/dns/dns_parser.h"

namespace bansoko::proto::dns {

/// What the tables of every variant are made of. Each gives nothing but of the message that is being told.
/// Requests alone have a `query`, answers alone an `answer_name`; the sections are those of both.
std::optional<Bytes> query(Transaction& transaction, unsigned instance) noexcept;
std::optional<Bytes> question(Transaction& transaction, unsigned instance) noexcept;
std::optional<Bytes> answer(Transaction& transaction, unsigned instance) noexcept;
std::optional<Bytes> authority(Transaction& transaction, unsigned instance) noexcept;
std::optional<Bytes> additional(Transaction& transaction, unsigned instance) noexcept;
std::optional<Bytes> answer_name(Transaction& transaction, unsigned instance) noexcept;

std::optional<std::uint64_t> opcode(const Transaction& transaction) noexcept;
std::optional<std::uint64_t> rcode(const Transaction& transaction) noexcept;
std::optional<std::uint64_t> first_type(const Transaction& transaction) noexcept;
std::optional<std::uint64_t> later_type(const Transaction& transaction, unsigned instance) noexcept;

std::optional<std::uint64_t> is_response(const Transaction& transaction) noexcept;
std::optional<std::uint64_t> class_mismatch(const Transaction& transaction) noexcept;
std::optional<std::uint64_t> tsig_error(const Transaction& transaction) noexcept;
std::optional<std::uint64_t> tsig_names_size(const Transaction& transaction) noexcept;
std::optional<std::uint64_t> signature_size(const Transaction& transaction) noexcept;
std::optional<std::uint64_t> tkey_missing(const Transaction& transaction) noexcept;

/// A buffer that either side's messages may have.
constexpr Buffer names(std::string_view name, std::string_view help, Side side,
                       std::optional<Bytes> (*get)(Transaction&, unsigned) noexcept) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .get = get, .several = true};
}

}  // namespace bansoko::proto::dns
