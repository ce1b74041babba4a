// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lockdown/identity/file_kind.h"

namespace bansoko::identity {

/// The path of an open file, as the kernel names it for us (proc(5), /proc/pid/fd); empty if it has none.
std::string path_of(int file);

/// By its first bytes; one that cannot be read is data.
FileKind kind_of_file(int file) noexcept;

}  // namespace bansoko::identity
