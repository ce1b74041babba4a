// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/settings_streams.h"

#include <array>
#include <limits>

namespace bansoko::engine {
namespace {

using settings::Choice;
using settings::Section;
using std::chrono::seconds;

constexpr std::uint64_t kKiB = 1U << 10U;
constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::uint64_t kGiB = 1U << 30U;
constexpr std::uint64_t kTiB = std::uint64_t{1} << 40U;
constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();

constexpr std::array<Choice<flow::OnLimit>, 2> kOnLimit{
    {{"pass", flow::OnLimit::pass}, {"drop", flow::OnLimit::drop}}};
constexpr std::array<Choice<packet::OnFault>, 2> kOnFault{
    {{"pass", packet::OnFault::pass}, {"drop", packet::OnFault::drop}}};
constexpr std::array<Choice<flow::Urgent>, 2> kUrgent{
    {{"inline", flow::Urgent::inline_data}, {"drop", flow::Urgent::drop}}};
constexpr std::array<Choice<flow::Midstream>, 3> kMidstream{{{"inspect", flow::Midstream::inspect},
                                                             {"ignore", flow::Midstream::ignore},
                                                             {"drop", flow::Midstream::drop}}};

}  // namespace

void bind_streams(Section& section, ShieldSettings& s) {
  flow::StreamSettings& streams = s.streams;
  section.size("memory", streams.memory, kMiB, kMost32 / kMiB * kMiB,
               "Memory per worker for the bytes of all TCP streams, reserved at start.");
  section.size("window", streams.window, 4 * kKiB, kGiB,
               "Bytes kept per side of a connection at most: out of order, or not acknowledged yet.");
  section.size("history", streams.history, 0, kMiB,
               "Bytes already inspected that stay in view, so that a match may begin in them.");
  section.number("max_ranges", streams.max_ranges, 1, 4096, "Separate runs of out-of-order bytes per side.");
  section.size("depth", streams.depth, 0, kTiB,
               "Bytes inspected per side of a connection; what comes later passes uninspected. 0: all.");
  section.flag(
      "early_release", s.early_release,
      "Whether the kernel stops showing us a connection whose depth is reached. Much faster for large "
      "transfers.");
  section.choice("midstream", streams.midstream, kMidstream,
                 "A connection whose beginning we did not see: inspect from here on, ignore it, or drop it.");
  section.choice("on_memory_limit", streams.on_memory_limit, kOnLimit,
                 "A segment that cannot be kept since memory or window is full. pass is open to evasion.");
  section.choice("on_segment_limit", streams.on_segment_limit, kOnLimit,
                 "A segment that would begin more than max_ranges runs. pass is open to evasion.");
  section.choice("on_unverified", streams.on_unverified, kOnLimit,
                 "A retransmission of bytes that we no longer hold and cannot compare.");
  section.choice(
      "on_conflict", streams.on_conflict, kOnLimit,
      "A retransmission with other bytes than before. pass lets it by and inspects what the receiver "
      "takes, going by hosts.systems: open to evasion where that is wrong.");
  section.choice(
      "on_syn_data", streams.on_syn_data, kOnLimit,
      "Data on a SYN (TCP fast open), which a server may use before it can be judged. Who is dropped "
      "sends it again after the handshake.");
  section.choice(
      "on_one_sided", streams.on_one_sided, kOnLimit,
      "A connection whose other direction goes another way. drop where both are known to pass here.");
  section.choice(
      "urgent", streams.urgent, kUrgent,
      "Segments with urgent data: inline inspects it as part of the stream, though many receivers take "
      "a byte out; drop is safe and ends what uses it (telnet, rlogin, FTP's abort).");
  section.require("window", streams.window <= streams.memory, "must not be more than memory");
  section.require("history", streams.history <= streams.window, "must not be more than window");
}

void bind_fragments(Section& section, ShieldSettings& s) {
  section.number("max_datagrams", s.defrag.max_datagrams, 1, 1U << 20U,
                 "Datagrams being put together at one time, per worker. Fragments beyond it are dropped.");
  section.number("max_fragments", s.defrag.max_fragments, 2, 8192,
                 "Fragments of one datagram. One of more is dropped.");
  section.size("memory", s.defrag.memory, 128 * kKiB, kGiB,
               "Memory per worker for all of them, reserved at start.");
  section.duration("timeout", s.defrag.timeout, seconds(1), seconds(120),
                   "How long an incomplete datagram is kept (RFC 791 section 3.2).");
  section.number("min_size", s.defrag.min_size, 8, 1280,
                 "Bytes that every fragment but the last must carry. Honest ones carry 500 and more.");
  section.choice("on_small", s.defrag.on_small, kOnFault, "A fragment of less.");
  section.choice(
      "on_overlap", s.defrag.on_overlap, kOnFault,
      "An IPv4 datagram whose fragments contradict each other. pass lets it by and inspects what the "
      "receiver takes, going by hosts.systems (linux takes none of it, and is never sent it).");
}

}  // namespace bansoko::engine
