// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/redis/message.h"

namespace bansoko::proto::redis {
namespace {

using Found = std::optional<Bytes>;
using Number = std::optional<std::uint64_t>;

Message& at(Transaction& transaction) noexcept { return static_cast<Message&>(transaction); }
const Message& at(const Transaction& transaction) noexcept {
  return static_cast<const Message&>(transaction);
}

template <std::size_t place>
Found name(Transaction& transaction, unsigned instance) noexcept {
  Message& message = at(transaction);
  return instance == 0 && message.text(place) ? Found(message.capitals(place)) : Found();
}
Found argument(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).text(std::size_t{instance} + 1);
}
Found reply(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).reply_text(instance, false);
}
Found error(Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).reply_text(instance, true);
}

Number element_count(const Transaction& transaction) noexcept { return at(transaction).element_count; }
Number argument_length(const Transaction& transaction) noexcept { return at(transaction).length(1); }
Number later_length(const Transaction& transaction, unsigned instance) noexcept {
  return at(transaction).length(std::size_t{instance} + 1);
}
Number is_inline(const Transaction& transaction) noexcept { return at(transaction).is_inline ? 1 : 0; }
Number reply_type(const Transaction& transaction) noexcept {
  return static_cast<unsigned char>(at(transaction).type);
}

constexpr std::array kTypes{
    NamedValue{"string", '+'},     NamedValue{"error", '-'},    NamedValue{"integer", ':'},
    NamedValue{"bulk", '$'},       NamedValue{"array", '*'},    NamedValue{"null", '_'},
    NamedValue{"boolean", '#'},    NamedValue{"double", ','},   NamedValue{"big_number", '('},
    NamedValue{"bulk_error", '!'}, NamedValue{"verbatim", '='}, NamedValue{"map", '%'},
    NamedValue{"set", '~'},        NamedValue{"push", '>'},     NamedValue{"attribute", '|'},
};

constexpr auto kClient = Side::client;
constexpr auto kServer = Side::server;

constexpr std::array kBuffers{
    Buffer{"redis.command", "the command's name in upper case: CONFIG", kClient, kComplete, false, name<0>},
    Buffer{"redis.subcommand", "its first argument in upper case, up to 32 bytes: SET", kClient, kComplete,
           false, name<1>},
    Buffer{"redis.argument", "each argument", kClient, kComplete, false, argument, true},
    Buffer{"redis.reply", "each text of a reply", kServer, kComplete, false, reply, true},
    Buffer{"redis.error", "each error of a reply, without its sign", kServer, kComplete, false, error, true},
};

constexpr std::array kFields{
    Field{"redis.argument_count",
          "words of a command, with its name, as stated",
          kClient,
          kComplete,
          {},
          element_count},
    Field{"redis.argument_length",
          "the length of an argument, as stated",
          kClient,
          kComplete,
          {},
          argument_length,
          later_length},
    Field{"redis.inline", "1: the command is a line of words", kClient, kComplete, {}, is_inline},
    Field{"redis.reply_type", "what a reply is", kServer, kComplete, kTypes, reply_type},
    Field{"redis.element_count",
          "the most elements that an array of a reply states",
          kServer,
          kComplete,
          {},
          element_count},
};

}  // namespace

std::span<const Buffer> buffers() noexcept { return kBuffers; }
std::span<const Field> fields() noexcept { return kFields; }

}  // namespace bansoko::proto::redis
