// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/telnet/codes.h"
#include "shield/proto/telnet/transactions.h"

namespace bansoko::proto::telnet {
namespace {

using Found = std::optional<Bytes>;
using Number = std::optional<std::uint64_t>;

const Negotiation* command_of(const Transaction& transaction) noexcept {
  const auto& ours = static_cast<const TelnetTransaction&>(transaction);
  return ours.is_command ? static_cast<const Negotiation*>(&ours) : nullptr;
}

bool is_subnegotiation(const Negotiation* of) noexcept {
  return of != nullptr && of->command == Command::subnegotiation_begin && of->option;
}

template <Side side>
Found data(Transaction& transaction, unsigned instance) noexcept {
  if (command_of(transaction) != nullptr || instance != 0) return {};
  return static_cast<Conversation&>(transaction).data[flow::index(side)].bytes();
}
Found subnegotiation(Transaction& transaction, unsigned instance) noexcept {
  const Negotiation* const of = command_of(transaction);
  return is_subnegotiation(of) && instance == 0 ? Found(of->content()) : Found();
}
Found variable(Transaction& transaction, unsigned instance) noexcept {
  const Negotiation* const of = command_of(transaction);
  return of != nullptr ? of->variable(instance) : Found();
}

Number command(const Transaction& transaction) noexcept {
  const Negotiation* const of = command_of(transaction);
  return of != nullptr ? Number(of->command) : Number();
}
Number option(const Transaction& transaction) noexcept {
  const Negotiation* const of = command_of(transaction);
  return of != nullptr && of->option ? Number(*of->option) : Number();
}
Number suboption(const Transaction& transaction) noexcept {
  const Negotiation* const of = command_of(transaction);
  return is_subnegotiation(of) && !of->content().empty() ? Number(of->content().front()) : Number();
}
Number length(const Transaction& transaction) noexcept {
  const Negotiation* const of = command_of(transaction);
  return is_subnegotiation(of) ? Number(of->length) : Number();
}

constexpr std::string_view kData = "what the side sends beside commands";
constexpr std::string_view kContent = "a sub-negotiation behind its option, doubled 255s undone";
constexpr std::string_view kVariableHelp = "each environment variable set: USER=root";
constexpr std::string_view kCommand = "the command";
constexpr std::string_view kOption = "the option that is negotiated";
constexpr std::string_view kSuboption = "the first byte of a sub-negotiation behind its option";
constexpr std::string_view kLength = "bytes of a sub-negotiation behind its option";

constexpr Buffer of_command(std::string_view name, std::string_view help, Side side,
                            Found (*get)(Transaction&, unsigned) noexcept, bool several) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .get = get, .several = several};
}
template <Side side>
constexpr Buffer data_of() noexcept {
  return {.name = "telnet.data",
          .help = kData,
          .side = side,
          .ready_at = kSaid,
          .growing = true,
          .get = data<side>};
}
constexpr Field number(std::string_view name, std::string_view help, Side side,
                       Number (*get)(const Transaction&) noexcept,
                       std::span<const NamedValue> names = {}) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .names = names, .get = get};
}

constexpr auto kClient = Side::client;
constexpr auto kServer = Side::server;

constexpr std::array kBuffers{
    data_of<kClient>(),
    data_of<kServer>(),
    of_command("telnet.subnegotiation", kContent, kClient, subnegotiation, false),
    of_command("telnet.subnegotiation", kContent, kServer, subnegotiation, false),
    of_command("telnet.environment", kVariableHelp, kClient, variable, true),
    of_command("telnet.environment", kVariableHelp, kServer, variable, true),
};

constexpr std::array kFields{
    number("telnet.command", kCommand, kClient, command, kCommandNames),
    number("telnet.command", kCommand, kServer, command, kCommandNames),
    number("telnet.option", kOption, kClient, option, kOptionNames),
    number("telnet.option", kOption, kServer, option, kOptionNames),
    number("telnet.suboption", kSuboption, kClient, suboption, kSuboptionNames),
    number("telnet.suboption", kSuboption, kServer, suboption, kSuboptionNames),
    number("telnet.subnegotiation_length", kLength, kClient, length),
    number("telnet.subnegotiation_length", kLength, kServer, length),
};

}  // namespace

std::span<const Buffer> buffers() noexcept { return kBuffers; }
std::span<const Field> fields() noexcept { return kFields; }

}  // namespace bansoko::proto::telnet
