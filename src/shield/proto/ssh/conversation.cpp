// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ssh/conversation.h"

#include <array>

namespace bansoko::proto::ssh {
namespace {

constexpr std::size_t kOfferFixed = 1024;
constexpr std::size_t kHasshFixed = 512;
constexpr std::size_t kDigestFixed = 32;  // MD5 in hexadecimal
constexpr std::size_t kCookieSize = 16;

using Found = std::optional<Bytes>;

Found proto(Greeting& greeting) noexcept { return greeting.proto; }
Found software(Greeting& greeting) noexcept { return greeting.software; }

// HASSH: the lists that the side itself would use when it sends, with semicolons between.
template <Side kSide>
Found hassh_text(Greeting& greeting) noexcept {
  constexpr bool kToServer = kSide == Side::client;
  constexpr std::array kLists{
      Algorithms::key_exchange,
      kToServer ? Algorithms::encryption_to_server : Algorithms::encryption_to_client,
      kToServer ? Algorithms::integrity_to_server : Algorithms::integrity_to_client,
      kToServer ? Algorithms::compression_to_server : Algorithms::compression_to_client,
  };
  if (!greeting.algorithms.is_here) return std::nullopt;
  if (!greeting.has_hassh) {
    greeting.has_hassh = true;
    const std::size_t most = greeting.offer.size() + kLists.size();
    for (std::size_t i = 0; i < kLists.size(); ++i) {
      if (i > 0) greeting.hassh.append(as_bytes(";"), most);
      greeting.hassh.append(greeting.algorithms.lists[kLists[i]], most);
    }
  }
  return greeting.hassh.bytes();
}

template <Side kSide>
Found hassh_digest(Greeting& greeting) noexcept {
  constexpr std::string_view kSigns = "0123456789abcdef";
  const Found text = hassh_text<kSide>(greeting);
  if (!text) return std::nullopt;
  if (!greeting.has_digest) {
    greeting.has_digest = true;
    greeting.memory.md5.add(*text);
    for (const std::uint8_t byte : greeting.memory.md5.finish()) {
      const std::array<char, 2> digits{kSigns[byte >> 4U], kSigns[byte & 0xfU]};
      greeting.digest.append(as_bytes({digits.data(), digits.size()}), kDigestFixed);
    }
  }
  return greeting.digest.bytes();
}

template <Side kSide, Found (*kGet)(Greeting&)>
Found of_side(Transaction& transaction, unsigned instance) noexcept {
  auto& ours = static_cast<SshTransaction&>(transaction);
  if (ours.is_message || instance != 0) return std::nullopt;
  return kGet(static_cast<Conversation&>(ours).greetings[flow::index(kSide)]);
}

constexpr auto kClient = Side::client, kServer = Side::server;
constexpr std::string_view kProtoHelp = "the version of the protocol in a side's first line: \"2.0\"";
constexpr std::string_view kSoftwareHelp = "the software in it: \"OpenSSH_9.2p1\"";

constexpr std::array kBuffers{
    Buffer{"ssh.proto", kProtoHelp, kClient, step_banner, false, of_side<kClient, proto>},
    Buffer{"ssh.proto", kProtoHelp, kServer, step_banner, false, of_side<kServer, proto>},
    Buffer{"ssh.software", kSoftwareHelp, kClient, step_banner, false, of_side<kClient, software>},
    Buffer{"ssh.software", kSoftwareHelp, kServer, step_banner, false, of_side<kServer, software>},
    Buffer{"ssh.hassh", "MD5 of ssh.hassh.string", kClient, step_algorithms, false,
           of_side<kClient, hassh_digest<kClient>>},
    Buffer{"ssh.hassh.string", "a client's algorithms: key exchange;encryption;integrity;compression",
           kClient, step_algorithms, false, of_side<kClient, hassh_text<kClient>>},
    Buffer{"ssh.hassh.server", "MD5 of ssh.hassh.server.string", kServer, step_algorithms, false,
           of_side<kServer, hassh_digest<kServer>>},
    Buffer{"ssh.hassh.server.string", "a server's algorithms: key exchange;encryption;integrity;compression",
           kServer, step_algorithms, false, of_side<kServer, hassh_text<kServer>>},
};

const Message* as_message(const Transaction& transaction) noexcept {
  const auto& ours = static_cast<const SshTransaction&>(transaction);
  return ours.is_message ? static_cast<const Message*>(&ours) : nullptr;
}
std::optional<std::uint64_t> message_type(const Transaction& transaction) noexcept {
  const Message* const message = as_message(transaction);
  if (message == nullptr) return std::nullopt;
  return message->type;
}
std::optional<std::uint64_t> packet_size(const Transaction& transaction) noexcept {
  const Message* const message = as_message(transaction);
  if (message == nullptr) return std::nullopt;
  return message->size;
}

// RFC 4250 section 4.1.2.
constexpr std::array kTypes{NamedValue{"disconnect", 1},    NamedValue{"kexinit", 20},
                            NamedValue{"newkeys", 21},      NamedValue{"userauth_request", 50},
                            NamedValue{"channel_open", 90}, NamedValue{"channel_request", 98}};
constexpr std::string_view kTypeHelp =
    "the number of a message in the clear: above 49 none may come before the keys";
constexpr std::string_view kSizeHelp = "the length that its packet states";

constexpr std::array kFields{
    Field{"ssh.message_type", kTypeHelp, kClient, kComplete, kTypes, message_type},
    Field{"ssh.message_type", kTypeHelp, kServer, kComplete, kTypes, message_type},
    Field{"ssh.packet_size", kSizeHelp, kClient, kComplete, {}, packet_size},
    Field{"ssh.packet_size", kSizeHelp, kServer, kComplete, {}, packet_size},
};

}  // namespace

Algorithms read_algorithms(Bytes body) noexcept {
  Algorithms read;
  ByteReader in(body);
  in.skip(kCookieSize);
  for (Bytes& list : read.lists) list = in.take(in.u32());
  read.is_here = in.ok();
  return read.is_here ? read : Algorithms{};
}

Greeting::Greeting(SshMemory& shared, std::size_t banner_size)
    : memory(shared),
      banner(shared.budget, banner_size),
      offer(shared.budget, kOfferFixed),
      hassh(shared.budget, kHasshFixed),
      digest(shared.budget, kDigestFixed) {}

void Greeting::clear(bool release) {
  for (BudgetedBytes* const bytes : {&banner, &offer, &hassh, &digest})
    release ? bytes->release() : bytes->clear();
  proto.reset();
  software.reset();
  algorithms = {};
  has_hassh = has_digest = false;
}

std::span<const Buffer> ssh_buffers() noexcept { return kBuffers; }
std::span<const Field> ssh_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::ssh
