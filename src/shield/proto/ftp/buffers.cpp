// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/ftp/exchange.h"

namespace bansoko::proto::ftp {
namespace {

using Found = std::optional<Bytes>;
using Number = std::optional<std::uint64_t>;

const Exchange& at(const Transaction& transaction) noexcept {
  return static_cast<const Exchange&>(transaction);
}

Found command(Transaction& transaction, unsigned instance) noexcept {
  return instance == 0 ? Found(at(transaction).verb()) : Found();
}
Found command_data(Transaction& transaction, unsigned instance) noexcept {
  const Bytes argument = at(transaction).argument();
  return instance == 0 && !argument.empty() ? Found(argument) : Found();
}
Found reply(Transaction& transaction, unsigned instance) noexcept { return at(transaction).line(instance); }
Found completion_code(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).code(instance);
}

Number mode(const Transaction& transaction) noexcept {
  const DataMode asked = at(transaction).mode;
  return asked == DataMode::none ? Number() : static_cast<std::uint64_t>(asked);
}
Number dynamic_port(const Transaction& transaction) noexcept {
  const std::uint16_t port = at(transaction).port;
  return port == 0 ? Number() : port;
}
Number reply_received(const Transaction&) noexcept { return 1; }
Number logged_in(const Transaction& transaction) noexcept {
  const auto state = at(transaction).is_logged_in;
  return state ? Number(*state ? 1 : 0) : std::nullopt;
}
Number bounce(const Transaction& transaction) noexcept { return at(transaction).is_bounce ? 1 : 0; }

constexpr std::array kModes{NamedValue{"active", static_cast<std::uint64_t>(DataMode::active)},
                            NamedValue{"passive", static_cast<std::uint64_t>(DataMode::passive)}};
constexpr std::array kYesNo{NamedValue{"yes", 1}, NamedValue{"no", 0}};

constexpr auto kClient = Side::client;
constexpr auto kServer = Side::server;

constexpr std::array kBuffers{
    Buffer{"ftp.command", "the command's name in upper case: RETR", kClient, kCommand, false, command},
    Buffer{"ftp.command_data", "what follows it", kClient, kCommand, false, command_data},
    Buffer{"ftp.reply", "each line of the answer, without its code", kServer, kReply, true, reply, true},
    Buffer{"ftp.completion_code", "the code of each answer: 226", kServer, kReply, true, completion_code,
           true},
};

constexpr std::array kFields{
    Field{"ftp.mode", "who opens the connection for data", kClient, kSettled, kModes, mode},
    Field{"ftp.mode", "who opens the connection for data", kServer, kReply, kModes, mode},
    Field{"ftp.dynamic_port", "the port for data", kClient, kSettled, {}, dynamic_port},
    Field{"ftp.dynamic_port", "the port for data", kServer, kComplete, {}, dynamic_port},
    Field{"ftp.reply_received", "the command was answered", kServer, kComplete, kYesNo, reply_received},
    Field{"ftp.bounce", "1: PORT or EPRT names a host that is not the client", kClient, kCommand, {}, bounce},
    Field{"ftp.logged_in", "1: the server had let the client in before the command; 0: it had not", kClient,
          kCommand, {}, logged_in},
};

}  // namespace

std::span<const Buffer> buffers() noexcept { return kBuffers; }
std::span<const Field> fields() noexcept { return kFields; }

}  // namespace bansoko::proto::ftp
