// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bansoko {

/// An Error that says what was tried and why the system refused: "cannot open /etc/x: permission denied".
/// Takes the errno of the call that failed.
[[nodiscard]] tl::unexpected<Error> fail_errno(std::string_view what, int error_number);

/// The whole of a regular file. One larger than `max_size`, a folder or a device is refused.
Result<std::string> read_file(const std::string& path, std::size_t max_size);

/// Replaces a file so that every reader sees either the old text or the new one, also after a power
/// cut. `mode` holds whatever the umask says.
Result<> write_file_atomic(const std::string& path, std::string_view text, std::uint32_t mode);

/// Writes all of it, however many calls that takes.
Result<> write_all(int fd, std::string_view text, std::string_view path);

/// Makes a folder, and those above it, if it is not there; `mode` is for a new one only.
Result<> make_folder(const std::string& path, std::uint32_t mode);

/// The files a shell pattern names, sorted. A pattern without wildcards names itself, whether or not
/// it exists, so that reading it says what is wrong; one with wildcards may name nothing.
Result<std::vector<std::string>> expand_glob(const std::string& pattern);

}  // namespace bansoko
