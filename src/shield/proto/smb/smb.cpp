// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "shield/proto/protocol.h"
#include "shield/proto/smb/message.h"
#include "shield/proto/smb/smb_parser.h"

namespace bansoko::proto::smb {
namespace {

constexpr std::array<std::string_view, first_of_calls> kOwnAnomalies{
    "smb.netbios_type",       // not a packet of the session service
    "smb.netbios_length",     // longer than the transport allows
    "smb.unknown_header",     // a session message that is not SMB
    "smb.header_short",       // it ends within the header
    "smb.message_limit",      // a request longer than message_size: its end is not looked into
    "smb1.word_count_short",  // fewer parameter words than the command has
    "smb1.offset_outside_message",
    "smb1.andx_order",  // an AndX chain that points back
    "smb1.andx_limit",
    "smb1.count_over_total",  // a part larger than the whole
    "smb1.transaction_limit",
    "smb.gap",           // bytes of the stream were lost
    "smb.memory_limit",  // the rest of a message is not looked into
    "smb.pipe_limit",    // calls in more pipes than followed
    "smb2.compound_offset",
    "smb1.part_order",          // of a transaction's data
    "smb.open_file_limit",      // more files at a time than followed
    "smb.file_limit",           // the rest of a file is not looked into
    "smb.file_order",           // a part of a file is left out: what came ahead of it is too much
    "smb.file_rewritten",       // with other bytes than before
    "smb.file_without_digest",  // one that rules ask for
};

constexpr auto kAnomalies = [] {
  std::array<std::string_view, kOwnAnomalies.size() + dcerpc::kCallAnomalies.size()> all{};
  std::ranges::copy(kOwnAnomalies, all.begin());
  std::ranges::copy(dcerpc::kCallAnomalies, all.begin() + kOwnAnomalies.size());
  return all;
}();

constexpr std::array<std::string_view, 1> kAlso{"dcerpc"};

constexpr std::array kLimits{
    Limit{"message_size", "bytes kept of one message; an SMB1 message may have 128 KiB", 0x20000, 1024,
          1 << 24, true},
    Limit{"open_transactions", "multi-part SMB1 transactions followed in one connection", 128, 1, 4096},
    Limit{"andx_commands", "commands looked at in one SMB1 message", 16, 1, Message::kMostCommands},
    Limit{"memory",
          "for the messages of all connections, per worker, beyond a fixed part of each; when it is used up, "
          "1 KiB of a message is looked into",
          64 << 20, 1 << 20, 1ULL << 40, true},
    Limit{"pipes", "named pipes of one connection in which DCE/RPC calls are followed", 16, 1, 1024},
    Limit{"pipe_stub_size", "bytes of stub data kept of one call in a pipe, its fragments put together",
          0x20000, 1024, 1 << 24, true},
    Limit{"pipe_contexts", "presentation contexts followed in one pipe", 256, 1, 65535},
    Limit{"pipe_calls", "calls of one side under way at a time in one pipe that are put together", 8, 1, 256},
    Limit{"files",
          "files of one connection that are followed at a time; one that is read and written counts twice",
          32, 1, 1024},
    Limit{"file_size", "of each file looked into; the rest passes unread", 100 << 10, 1024, 1 << 30, true},
    Limit{"file_ahead", "bytes of one file kept until those before them come", 1 << 20, 1024, 1 << 28, true},
    Limit{"file_rewrites",
          "how often a file is looked at anew because other bytes were written in the same place", 16, 0,
          1024},
    Limit{"digest_limit", "of a file whose digest rules ask for; a larger one has none", 64 << 20, 1024,
          1ULL << 40, true},
};

Limits read_limits(std::span<const std::uint64_t> limits) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(i < limits.size() ? limits[i] : kLimits[i].value);
  };
  return {.message_size = at(0),
          .open_transactions = at(1),
          .andx_commands = at(2),
          .memory = at(3),
          .pipes = at(4),
          .calls = {.contexts = at(6), .calls = at(7), .fragments = 0, .stub_size = at(5)},
          .files = {.files = at(8), .kept = at(9), .ahead = at(10), .rewrites = at(11), .digest = at(12)}};
}

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<SmbMemory>(read_limits(limits).memory);
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return std::make_unique<SmbParser>(read_limits(limits), static_cast<SmbMemory&>(*shared));
}

Guess probe_message(ByteReader in) noexcept {
  const std::uint32_t length = in.u24();
  if (in.ok() && length < 4) return Guess::no;
  const Bytes mark = in.rest();
  constexpr std::array<std::uint8_t, 3> kName{'S', 'M', 'B'};
  for (std::size_t i = 0; i < mark.size() && i < 4; ++i) {
    const bool fits = i == 0 ? mark[0] >= 0xFC : mark[i] == kName[i - 1];
    if (!fits) return Guess::no;
  }
  return mark.size() < 4 ? Guess::maybe : Guess::yes;
}

Guess probe(const StreamChunk& first, const Approach&) noexcept {
  ByteReader in(first.window);
  if (first.window.empty()) return Guess::maybe;
  const std::uint8_t type = in.u8();
  if (type == 0x00) return probe_message(in);
  const std::uint32_t length = in.u24();
  const bool whole = in.ok();
  switch (type) {
    case 0x81:  // session request: two names of 34 bytes (RFC 1002 section 4.3.2)
      return !whole ? Guess::maybe : length == 68 ? Guess::yes : Guess::no;
    case 0x82:  // positive session response
      return !whole ? Guess::maybe : length == 0 ? Guess::yes : Guess::no;
    case 0x83:  // negative session response
      return !whole ? Guess::maybe : length == 1 ? Guess::yes : Guess::no;
    default:
      return Guess::no;
  }
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{
      .name = "smb",
      .also = kAlso,
      .help = "SMB1 (CIFS) and SMB2/3 over NetBIOS sessions or TCP, and the DCE/RPC in its pipes",
      .transports = kOverTcp,
      .probe = probe,
      .make_shared = make_shared,
      .make_parser = make_parser,
      .buffers = message_buffers(),
      .fields = message_fields(),
      .limits = kLimits,
      .anomalies = kAnomalies,
      .is_little_endian = dcerpc::is_little_endian};
  return protocol;
}

}  // namespace bansoko::proto::smb
