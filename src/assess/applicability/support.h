// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>

#include "assess/model/advisory.h"
#include "assess/model/date.h"
#include "assess/model/host.h"
#include "assess/model/records.h"

namespace bansoko::assess {

enum class SupportPhase : std::uint8_t {
  unknown,  // no support date is known of this product, or of which cycle it is
  supported,
  extended,  // mainstream support is over; security fixes still come
  paid,      // only for those who pay for it
  ended,     // no longer evaluated by the vendor
};

struct SupportState {
  SupportPhase phase = SupportPhase::unknown;
  std::string label = {};             // "Windows Server 2003 SP2"
  std::optional<Date> last_day = {};  // of security fixes, in the vendor's zone
  std::optional<Date> paid_until = {};
  Zone zone = Zone::utc;
};

}  // namespace bansoko::assess
