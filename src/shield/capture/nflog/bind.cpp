// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/nflog/bind.h"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>

#include "shield/capture/netlink_setting.h"

namespace bansoko::capture::nflog {
namespace {

/// The kernel gathers copies and sends them together: when they fill its buffer, are this many, or have
/// waited this long. Large enough to save most of the work of sending, small enough to detect at once.
constexpr std::uint32_t kGatherBytes = 32768 - 512;  // and its own bookkeeping: eight pages
constexpr std::uint32_t kGatherPackets = 64;
constexpr std::uint32_t kGatherFor = 1;  // hundredths of a second

NetlinkSetting setting(std::uint16_t group, std::string_view name) {
  return {NFNL_SUBSYS_ULOG << 8U | NFULNL_MSG_CONFIG, group, name};
}

Result<> configure(const NetlinkSocket& socket, std::uint16_t number) {
  const nfulnl_msg_config_cmd bind{.command = NFULNL_CFG_CMD_BIND};
  if (auto bound = setting(number, "bind").put(NFULA_CFG_CMD, bind).apply(socket); !bound) {
    if (bound.error().code == Errc::unsupported)
      return fail(Errc::unsupported, "the kernel has no log groups (CONFIG_NETFILTER_NETLINK_LOG)");
    if (bound.error().code != Errc::denied) return bound;
    return fail(Errc::denied, "bind: another process listens on it, or CAP_NET_ADMIN is missing");
  }
  // The numbers come first: from the first packet that is copied as we want it, none is missed.
  BANSOKO_CHECK(setting(number, "sequence numbers")
                    .put(NFULA_CFG_FLAGS, htons(std::uint16_t{NFULNL_CFG_F_SEQ}))
                    .apply(socket));
  BANSOKO_CHECK(setting(number, "buffer size").put(NFULA_CFG_NLBUFSIZ, htonl(kGatherBytes)).apply(socket));
  BANSOKO_CHECK(setting(number, "threshold").put(NFULA_CFG_QTHRESH, htonl(kGatherPackets)).apply(socket));
  BANSOKO_CHECK(setting(number, "timeout").put(NFULA_CFG_TIMEOUT, htonl(kGatherFor)).apply(socket));
  constexpr std::uint32_t kWhole = 0xffff;  // the kernel makes it kMaxCopy
  const nfulnl_msg_config_mode copy{.copy_range = htonl(kWhole), .copy_mode = NFULNL_COPY_PACKET, ._pad = 0};
  return setting(number, "copy mode").put(NFULA_CFG_MODE, copy).apply(socket);
}

}  // namespace

Result<NetlinkSocket> bind_group(const Settings& settings, std::uint16_t number) {
  BANSOKO_TRY(NetlinkSocket socket, NetlinkSocket::open(settings.receive_buffer));
  // Without it the kernel sends nothing more until a full buffer has been emptied. What was lost is counted
  // from the packets' numbers.
  constexpr int kOn = 1;
  if (::setsockopt(socket.fd(), SOL_NETLINK, NETLINK_NO_ENOBUFS, &kOn, sizeof kOn) != 0)
    return fail(Errc::io, "log group {}: NETLINK_NO_ENOBUFS: {}", number, std::strerror(errno));
  if (auto configured = configure(socket, number); !configured)
    return fail(configured.error().code, "log group {}: {}", number, configured.error().message);
  return socket;
}

}  // namespace bansoko::capture::nflog
