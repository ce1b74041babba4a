// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "lockdown/harden/facts.h"

namespace bansoko::harden {

/// The word for a habit in files and messages.
std::string_view word_of(Habit habit) noexcept;

/// What was learned as a text: one fact in each line.
std::string to_text(const Learned& learned);

/// Reads it back; `name` is for the message. Everything that to_text() does not write is a fault.
Result<Learned> parse_learned(std::string_view text, std::string_view name);

/// Both together: what was learned in several goes.
void merge(Learned& into, const Learned& more);

}  // namespace bansoko::harden
