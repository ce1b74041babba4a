// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "assess/feed/feed.h"

namespace bansoko::feed {

/// Of one record of a JSON text, beside Limits: what is more than this refuses the feed.
constexpr std::size_t kMostRecordValues = 1'000'000;                     // texts, numbers, lists, objects
constexpr std::size_t kMostRecordBytes = std::size_t{64} << 20U;         // of keys and texts together
constexpr std::size_t kMostBytesBetween = (std::size_t{64} << 10U) + 1;  // of blanks in a row

/// Hears of one record. `place` says which of the places it was found at, `path` the keys from the root to
/// it ("" for an element of a list). All is a loan for the call. An error ends the reading.
using OnJsonRecord = std::function<Result<>(std::size_t place, std::span<const std::string> path,
                                            const nlohmann::json& record)>;

/// Reads a JSON text (RFC 8259) as a stream and gives what stands at the places, in the order of the text.
/// A place is the keys from the root, "*" for any key and any element of a list: "vulnerabilities/*",
/// "*/*", "timestamp"; "" is the whole text. Of two places the outer one holds. Memory is bounded by one
/// record. Refused, with line and column: what is no JSON, is cut, is no UTF-8, exceeds a limit, or has the
/// same key twice in one object of a record.
Result<> read_json(ByteSource& bytes, const Limits& limits, std::span<const std::string_view> places,
                   const OnJsonRecord& on_record);

/// What stands below `key`; nothing for what is no object or has no such key.
const nlohmann::json* find(const nlohmann::json& object, std::string_view key);

/// The text below `key`; "" where there is none, or something else.
std::string_view text_in(const nlohmann::json& object, std::string_view key);

/// The day that the text below `key` begins with; nothing where it is none.
std::optional<assess::Date> date_in(const nlohmann::json& object, std::string_view key);

/// The list below `key`; an empty one where there is none, or something else.
const nlohmann::json& list_in(const nlohmann::json& object, std::string_view key);

}  // namespace bansoko::feed
