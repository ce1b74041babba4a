// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/nfqueue/bind.h"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/netfilter/nfnetlink_queue.h>

#include "shield/capture/netlink_setting.h"

namespace bansoko::capture::nfqueue {
namespace {

NetlinkSetting setting(std::uint16_t queue, std::string_view name) {
  return {NFNL_SUBSYS_QUEUE << 8U | NFQNL_MSG_CONFIG, queue, name};
}

Result<> apply_flag(const NetlinkSocket& socket, std::uint16_t queue, std::string_view name,
                    std::uint32_t flag, bool on) {
  return setting(queue, name)
      .put(NFQA_CFG_FLAGS, htonl(on ? flag : 0))
      .put(NFQA_CFG_MASK, htonl(flag))
      .apply(socket);
}

Result<> configure(const NetlinkSocket& socket, const Settings& settings, std::uint16_t number) {
  const nfqnl_msg_config_cmd bind{.command = NFQNL_CFG_CMD_BIND, ._pad = 0, .pf = 0};
  if (auto bound = setting(number, "bind").put(NFQA_CFG_CMD, bind).apply(socket); !bound) {
    if (bound.error().code != Errc::denied) return bound;
    return fail(Errc::denied, "bind: another process listens on it, or CAP_NET_ADMIN is missing");
  }
  constexpr std::uint32_t kWhole =
      0xffff;  // the kernel's own limit is a little less: an attribute's size is 16 bits
  const nfqnl_msg_config_params copy{.copy_range = htonl(kWhole), .copy_mode = NFQNL_COPY_PACKET};
  const bool pass_when_full = settings.observe || settings.on_overload == OnFailure::open;
  // What passes because the queue is full has no number, and no counter of the kernel tells of it. What
  // passes because our buffer is full leaves a gap in the numbers; so where packets may pass, the buffer is
  // the limit.
  constexpr std::uint32_t kNoLimit = 0xffffffff;
  const std::uint32_t length = pass_when_full ? kNoLimit : settings.queue_length;
  BANSOKO_CHECK(setting(number, "queue length").put(NFQA_CFG_QUEUE_MAXLEN, htonl(length)).apply(socket));
  BANSOKO_CHECK(apply_flag(socket, number, "large packets", NFQA_CFG_F_GSO, true));
  BANSOKO_CHECK(apply_flag(socket, number, "pass when full", NFQA_CFG_F_FAIL_OPEN, pass_when_full));
  // Last: until now nothing is sent to us.
  return setting(number, "copy mode").put(NFQA_CFG_PARAMS, copy).apply(socket);
}

}  // namespace

Result<NetlinkSocket> bind_queue(const Settings& settings, std::uint16_t number) {
  BANSOKO_TRY(NetlinkSocket socket, NetlinkSocket::open(settings.receive_buffer));
  // A full buffer must not make recv() fail: what was lost is counted from the packets' numbers.
  constexpr int kOn = 1;
  if (::setsockopt(socket.fd(), SOL_NETLINK, NETLINK_NO_ENOBUFS, &kOn, sizeof kOn) != 0)
    return fail(Errc::io, "queue {}: NETLINK_NO_ENOBUFS: {}", number, std::strerror(errno));
  if (auto configured = configure(socket, settings, number); !configured)
    return fail(configured.error().code, "queue {}: {}", number, configured.error().message);
  return socket;
}

}  // namespace bansoko::capture::nfqueue
