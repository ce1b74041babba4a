// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "lockdown/scan/found.h"

namespace bansoko::scan {

/// "/x/a.py" of "/x/__pycache__/a.cpython-311.pyc"; empty: it is not named like that (PEP 3147).
std::string source_of_bytecode(std::string_view path);

/// Does the head of byte code say that it was made from a source of this size, changed at this time (seconds
/// since 1970)? As CPython checks it before it uses byte code (PEP 552).
bool is_made_from(Bytes head, std::uint64_t size, std::int64_t modified) noexcept;

/// Sets `compiled` of byte code whose source is of a package and as its record says. `found` is sorted by
/// path.
void mark_compiled(std::vector<Found>& found, const std::string& root, const trust::PackageIndex& packages);

}  // namespace bansoko::scan
