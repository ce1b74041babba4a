// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/map_reader.h"

namespace bansoko::patches {

using settings::Faults;
using settings::FaultSink;
using settings::Kind;
using settings::MapReader;
using settings::Node;

}  // namespace bansoko::patches
