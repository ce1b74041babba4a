// SPDX-License-Identifier: Apache-2.0
#include "archive/stream.h"

#include <array>
#include <cstdlib>
#include <string>

#include <sys/mman.h>

#include "base/unique_fd.h"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const UniqueFd file(::memfd_create("input", MFD_CLOEXEC));
  require(file.valid() && ::write(file.get(), data, size) == static_cast<ssize_t>(size));
  const archive::StreamLimits limits{
      .max_member_bytes = 1U << 18U, .max_bytes = 1U << 20U, .max_members = 100, .free_bytes = 1U << 16U};
  auto stream = archive::FileStream::open("/proc/self/fd/" + std::to_string(file.get()), limits);
  if (!stream) return 0;
  std::uint64_t all = 0;
  for (std::array<char, 4096> buffer{};;) {
    const auto member = stream->next();
    if (!member || !*member) break;
    for (;;) {
      const auto got = stream->read(buffer);
      require(!got || *got <= buffer.size());
      if (!got || *got == 0) break;
      all += *got;
    }
  }
  require(all <= limits.max_bytes);
  return 0;
}
