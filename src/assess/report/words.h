// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "assess/advice/advise.h"
#include "assess/applicability/checks.h"
#include "assess/applicability/finding.h"
#include "assess/applicability/support.h"
#include "assess/model/advisory.h"
#include "assess/report/assessment.h"

/// What the report says, in English and Japanese.
namespace bansoko::assess {

/// Whole sentences, with the values filled in.
std::string sentence(const Reason& reason, Lang lang);
std::string sentence(const AdviceReason& reason, Lang lang);
std::string sentence(const MigrationDoubt& doubt, Lang lang);
std::string sentence(const ReachedCeiling& reached, Lang lang);
std::string sentence(const Protecting& protecting, Lang lang);

/// The day by which it is to be replaced, and what is wrong with it; empty: the operator named none.
std::string migration_line(const JudgedHost& host, Lang lang);

/// One line of them; of advice with numbers.
std::string joined(std::span<const Reason> reasons, Lang lang);
std::string joined(std::span<const Advice> steps, Lang lang);

/// Why what a check asks for matters; of an unknown one, what the inventory does not tell.
std::string reason_of(const CheckResult& result, Lang lang);
/// What to do; empty where nothing is.
std::string fix_of(const CheckResult& result, Lang lang);

/// For people.
std::string_view title_of(State state, Lang lang) noexcept;
std::string_view title_of(Step step, Lang lang) noexcept;
std::string_view title_of(Timeline timeline, Lang lang) noexcept;
std::string_view title_of(Gap gap, Lang lang) noexcept;
std::string_view title_of(Role role, Lang lang) noexcept;
std::string_view title_of(SupportPhase phase, Lang lang) noexcept;
std::string_view title_of(CheckState state, Lang lang) noexcept;
/// Empty where the operator does not say.
std::string_view title_of(Exposure exposure, Lang lang) noexcept;
/// By the code of a check's severity; of a State or a CheckState. Empty: there is no such code.
std::string_view title_of_severity(std::string_view code, Lang lang) noexcept;
std::string_view title_of_state(std::string_view code, Lang lang) noexcept;

/// For programs: "missing", "virtual_patch", "14_days", "updates_cut".
std::string_view code_of(State state) noexcept;
std::string_view code_of(How how) noexcept;
std::string_view code_of(Confidence confidence) noexcept;
std::string_view code_of(Reach reach) noexcept;
std::string_view code_of(Cause cause) noexcept;
std::string_view code_of(Step step) noexcept;
std::string_view code_of(Because because) noexcept;
std::string_view code_of(Timeline timeline) noexcept;
std::string_view code_of(Gap gap) noexcept;
std::string_view code_of(SupportPhase phase) noexcept;
std::string_view code_of(CheckState state) noexcept;
std::string_view code_of(Exposure exposure) noexcept;
std::string_view code_of(MigrationDoubt::Kind kind) noexcept;

}  // namespace bansoko::assess
