// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/nfqueue/verdicts.h"

#include <cassert>

#include <netinet/in.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_queue.h>

#include "shield/capture/firewall.h"

namespace bansoko::capture::nfqueue {
namespace {

constexpr std::size_t kMessageSize = 64;  // header 16, family 4, verdict 12, mark 8, and room

constexpr std::uint32_t marked(std::uint32_t mark, std::uint32_t ours) noexcept {
  return (mark & ~kMarkMask) | ours;
}

}  // namespace

Reply reply_for(packet::Action action, std::uint32_t mark, bool observe) noexcept {
  if (action == packet::Action::release) return {.mark = marked(mark, kMarkRelease)};
  if (observe) return {};
  switch (action) {
    case packet::Action::drop:
      return {.drop = true};
    case packet::Action::block:
      return {.mark = marked(mark, kMarkBlock)};
    case packet::Action::reject:
      return {.mark = marked(mark, kMarkReject)};
    default:
      return {};
  }
}

VerdictWriter::VerdictWriter(std::uint16_t queue, std::size_t most)
    : queue_(queue), buffer_(most * kMessageSize) {}

void VerdictWriter::add(std::uint32_t id, const Reply& reply) noexcept {
  if (use_runs_ && reply == Reply{}) {
    run_last_ = id;
    ++run_length_;
    return;
  }
  flush_run();
  put(NFQNL_MSG_VERDICT, id, reply);
}

Bytes VerdictWriter::finish() noexcept {
  flush_run();
  return as_bytes({buffer_.data(), used_});
}

void VerdictWriter::clear() noexcept {
  used_ = 0;
  run_length_ = 0;
}

void VerdictWriter::flush_run() noexcept {
  if (run_length_ != 0) put(run_length_ == 1 ? NFQNL_MSG_VERDICT : NFQNL_MSG_VERDICT_BATCH, run_last_, {});
  run_length_ = 0;
}

void VerdictWriter::put(std::uint16_t type, std::uint32_t id, const Reply& reply) noexcept {
  assert(used_ + kMessageSize <= buffer_.size());
  nlmsghdr* const header = mnl_nlmsg_put_header(&buffer_[used_]);
  header->nlmsg_type = static_cast<std::uint16_t>(NFNL_SUBSYS_QUEUE << 8U | type);
  header->nlmsg_flags = NLM_F_REQUEST;
  auto* const family = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
  family->nfgen_family = AF_UNSPEC;
  family->version = NFNETLINK_V0;
  family->res_id = htons(queue_);
  const nfqnl_msg_verdict_hdr verdict{.verdict = htonl(reply.drop ? NF_DROP : NF_ACCEPT), .id = htonl(id)};
  mnl_attr_put(header, NFQA_VERDICT_HDR, sizeof verdict, &verdict);
  if (reply.mark) mnl_attr_put_u32(header, NFQA_MARK, htonl(*reply.mark));
  used_ += MNL_ALIGN(header->nlmsg_len);
}

}  // namespace bansoko::capture::nfqueue
