// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "shield/proto/memory_budget.h"

namespace bansoko::proto::tds {

/// A parameter's value.
struct Value {
  bool is_known = true;  // where it ends
  bool is_text = false;
  bool is_wide = false;  // UTF-16
  bool is_cut = false;   // there was no memory for all of it
  Bytes bytes = {};      // of a text; as much of it as there is
  Bytes first_chunk = {};
};

/// Reads a value's type and the value ([MS-TDS] sections 2.2.5.4 to 2.2.5.5). `has_collations`: as all
/// versions but 7.0 have. A text in several chunks is put together in `joined`.
Value read_value(ByteReader& in, bool has_collations, BudgetedBytes& joined) noexcept;

}  // namespace bansoko::proto::tds
