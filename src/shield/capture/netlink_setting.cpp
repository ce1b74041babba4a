// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/netlink_setting.h"

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>

namespace bansoko::capture {
namespace {

// nfnetlink says "invalid" about a subsystem that the kernel was built without.
Errc code_of(int error) {
  if (error == EPERM || error == EBUSY) return Errc::denied;
  return error == EINVAL || error == EOPNOTSUPP ? Errc::unsupported : Errc::io;
}

}  // namespace

NetlinkSetting::NetlinkSetting(std::uint16_t type, std::uint16_t number, std::string_view name)
    : name_(name) {
  nlmsghdr* const header = mnl_nlmsg_put_header(buffer_.data());
  header->nlmsg_type = type;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  auto* const family = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
  family->nfgen_family = AF_UNSPEC;
  family->version = NFNETLINK_V0;
  family->res_id = htons(number);
}

void NetlinkSetting::put(std::uint16_t type, const void* value, std::size_t size) {
  mnl_attr_put(reinterpret_cast<nlmsghdr*>(buffer_.data()), type, size, value);
}

Result<> NetlinkSetting::apply(const NetlinkSocket& socket) const {
  const auto size = reinterpret_cast<const nlmsghdr*>(buffer_.data())->nlmsg_len;
  BANSOKO_CHECK(socket.send(as_bytes({buffer_.data(), size})));
  BANSOKO_TRY(const auto answer, socket.next_error());
  if (!answer) return fail(Errc::io, "{}: the kernel did not answer", name_);
  if (answer->error == 0) return {};
  return fail(code_of(answer->error), "{}: {}", name_, std::strerror(answer->error));
}

}  // namespace bansoko::capture
