// SPDX-License-Identifier: Apache-2.0
#include "service/privileges.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"

namespace bansoko::service {
namespace {

/// What a program started by root would be given again; the kernel says EINVAL past its last capability.
Result<> shrink_bounding_set(Capabilities kept) {
  constexpr int kMost = 64;
  for (int capability = 0; capability < kMost; ++capability) {
    if ((kept >> static_cast<unsigned>(capability) & 1U) != 0) continue;
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
    if (errno == EINVAL) return {};
    return fail_errno("cannot shrink the bounding set of capabilities", errno);
  }
  return {};
}

}  // namespace

Result<> drop_privileges(Capabilities kept) {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> held{};
  if (::syscall(SYS_capget, &header, held.data()) != 0)
    return fail_errno("cannot read our capabilities", errno);
  if ((held[0].permitted & 1U << CAP_SETPCAP) != 0) BANSOKO_CHECK(shrink_bounding_set(kept));
  for (std::size_t word = 0; word < held.size(); ++word) {
    const std::uint32_t ours = held.at(word).permitted & static_cast<std::uint32_t>(kept >> (32 * word));
    held.at(word) = {.effective = ours, .permitted = ours, .inheritable = 0};
  }
  if (::syscall(SYS_capset, &header, held.data()) != 0) return fail_errno("cannot drop capabilities", errno);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail_errno("cannot refuse new privileges", errno);
  return {};
}

}  // namespace bansoko::service
