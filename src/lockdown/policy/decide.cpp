// SPDX-License-Identifier: Apache-2.0
#include "lockdown/policy/decide.h"

#include <array>

namespace bansoko::policy {
namespace {

constexpr Decision allowed(Reason reason) noexcept { return {Answer::allow, reason}; }
constexpr Decision denied(Reason reason) noexcept { return {Answer::deny, reason}; }

/// What speaks for it besides its content.
std::optional<Reason> trusted_for(const Facts& facts) noexcept {
  if (facts.for_writing && facts.use != Use::execute) return Reason::not_code;
  if (facts.from_updater || facts.by_updater) return Reason::updater;
  if (facts.in_window) return Reason::window;
  // A reader that is started anew, or interprets, does not only read.
  if (facts.by_reader && facts.use == Use::load) return Reason::reader;
  return std::nullopt;
}

Decision not_listed(const Facts& facts) noexcept {
  if (facts.listed == Listed::path_only) return denied(Reason::changed_file);
  return denied(facts.use == Use::interpret ? Reason::interpreter_use : Reason::unknown_file);
}

}  // namespace

std::string_view name_of(Reason reason) noexcept {
  constexpr std::array<std::string_view, kReasons> kNames{
      "core",   "approved",    "operator_allow", "operator_deny", "updater",         "window",
      "reader", "not_code",    "unknown_file",   "changed_file",  "interpreter_use", "being_written",
      "limit",  "engine_error"};
  return kNames.at(static_cast<std::size_t>(reason));
}

Decision decide(const Facts& facts, const OnFault& on_fault) noexcept {
  if (facts.is_core) return allowed(Reason::core);
  if (facts.operator_rule == Answer::deny) return denied(Reason::operator_deny);
  if (facts.operator_rule == Answer::allow) return allowed(Reason::operator_allow);
  if (facts.identified == Identified::yes && facts.listed == Listed::content)
    return allowed(Reason::approved);
  if (const auto reason = trusted_for(facts)) return allowed(*reason);
  switch (facts.identified) {
    case Identified::yes:
      return not_listed(facts);
    case Identified::being_written:
      return denied(Reason::being_written);
    case Identified::too_large:
      return {on_fault.limit, Reason::limit};
    case Identified::failed:
      return {on_fault.error, Reason::engine_error};
  }
  return denied(Reason::engine_error);
}

}  // namespace bansoko::policy
