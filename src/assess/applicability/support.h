// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "assess/applicability/condition.h"
#include "assess/model/product.h"

namespace bansoko::assess {

enum class SupportPhase : std::uint8_t {
  unknown,  // no support date is known of this product, or of which of its cycles it is
  supported,
  extended,  // mainstream support is over; security fixes still come
  paid,      // only for those who pay for it
  ended,     // no longer evaluated by the vendor
};

struct SupportState {
  SupportPhase phase = SupportPhase::unknown;
  std::string label = {};             // "Windows Server 2003 SP2"
  std::optional<Date> last_day = {};  // of security fixes for everybody, in the vendor's zone
  std::optional<Date> paid_until = {};
  Zone zone = Zone::utc;
};

/// Of a host's system on the day `today`. `known` is what content ships, or a feed says, of any product.
SupportState support_of(const Subject& subject, std::span<const Support> known, Date today);

}  // namespace bansoko::assess
