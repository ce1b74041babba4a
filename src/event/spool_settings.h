// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/settings.h"
#include "event/spool.h"

namespace bansoko::event {

/// The settings of a spool, in the section of the program that writes it.
void bind_spool(settings::Section& section, SpoolSettings& spool);

}  // namespace bansoko::event
