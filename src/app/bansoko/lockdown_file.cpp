// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/lockdown_file.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/file.h"
#include "base/unique_fd.h"

namespace bansoko::app {

Result<IdentifiedFile> identify(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (real == nullptr) return fail_errno("cannot find " + path, errno);
  IdentifiedFile file{.path = real.get()};
  // Without O_NONBLOCK, opening a named pipe would wait for a writer.
  const UniqueFd fd(::open(real.get(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) return fail_errno("cannot open " + file.path, errno);
  BANSOKO_TRY(file.state, identity::state_of(fd.get()));
  if (!is_regular(file.state)) return fail(Errc::invalid, "{} is not a regular file", file.path);
  auto digest = identity::digest_of(fd.get());
  if (!digest) return fail(digest.error().code, "{}: {}", file.path, digest.error().message);
  BANSOKO_TRY(const identity::FileState after, identity::state_of(fd.get()));
  if (after.modified != file.state.modified || after.size != file.state.size)
    return fail(Errc::invalid, "{}: it changed while it was read", file.path);
  file.digest = *digest;
  std::array<std::uint8_t, identity::kHeadSize> head{};
  const auto got = ::pread(fd.get(), head.data(), head.size(), 0);
  if (got < 0) return fail_errno("cannot read " + file.path, errno);
  file.kind = identity::kind_of(Bytes(head).first(static_cast<std::size_t>(got)));
  if (is_native(file.kind)) file.language = identity::language_of_program(file.path);
  return file;
}

}  // namespace bansoko::app
