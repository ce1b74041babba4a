// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>

#include "tests/evasion/transform.h"
#include "tests/traffic/smb1.h"

namespace bansoko::evasion {
namespace {

namespace smb1 = traffic::smb1;

// Places in a message behind the four bytes of its transport ([MS-CIFS] section 2.2.3.1).
constexpr std::size_t kCommandAt = 4 + 4;
constexpr std::size_t kFlags2At = 4 + 10;
constexpr std::size_t kProcessHighAt = 4 + 12;
constexpr std::size_t kSignatureAt = 4 + 14;
constexpr std::size_t kWordCountAt = 4 + 32;
constexpr std::size_t kTotalDataAt = kWordCountAt + 1 + 7;  // of NT_TRANSACT
constexpr std::size_t kSessionMessages = 3;                 // negotiate, session setup, tree connect

constexpr smb1::Ids kOther{.tree = 2048, .user = 2048, .multiplex = 900};

std::size_t get16(const std::string& message, std::size_t at) {
  return static_cast<unsigned char>(message[at]) |
         static_cast<std::size_t>(static_cast<unsigned char>(message[at + 1])) << 8U;
}
void set16(std::string& message, std::size_t at, std::size_t value) {
  message[at] = static_cast<char>(value & 0xffU);
  message[at + 1] = static_cast<char>(value >> 8U & 0xffU);
}

/// Puts `more` between the messages that come after the session's.
void between(Messages& messages, const std::string& more) {
  for (std::size_t at = messages.size() - 1; at >= kSessionMessages; --at)
    messages.insert(messages.begin() + static_cast<std::ptrdiff_t>(at), more);
}

void keep_alives(Messages& messages, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += std::string("\x85\0\0\0", 4);  // RFC 1002 section 4.3.6
  between(messages, all);
}
void echoes(Messages& messages, int size) {
  between(messages, smb1::echo(kOther, std::string(static_cast<std::size_t>(size), 'e')));
}
/// Where the words of a message say its data begin; 0: this kind has none.
std::size_t data_offset_at(const std::string& message) {
  switch (static_cast<unsigned char>(message[kCommandAt])) {
    case 0x25:
      return kWordCountAt + 1 + 24;  // TRANSACTION
    case 0x26:
    case 0x33:
      return kWordCountAt + 1 + 12;  // their secondaries
    case 0xa0:
      return kWordCountAt + 1 + 31;  // NT_TRANSACT
    case 0xa1:
      return kWordCountAt + 1 + 27;
    case 0x2f:
      return kWordCountAt + 1 + 22;  // WRITE_ANDX
    default:
      return 0;
  }
}
void padding(Messages& messages, int bytes) {
  const auto size = static_cast<std::size_t>(bytes);
  for (std::size_t i = kSessionMessages; i < messages.size(); ++i) {
    std::string& message = messages[i];
    const std::size_t at = data_offset_at(message);
    if (at == 0) continue;
    const std::size_t data = get16(message, at);
    message.insert(4 + data, std::string(size, 'P'));
    set16(message, at, data + size);
    const std::size_t byte_count_at =
        kWordCountAt + 1 + 2 * static_cast<std::size_t>(static_cast<unsigned char>(message[kWordCountAt]));
    set16(message, byte_count_at, get16(message, byte_count_at) + size);
    message = smb1::framed(message.substr(4));
  }
}
void chained_session(Messages& messages, int) {
  messages[1] = smb1::setup_and_connect({.multiplex = 2}, "\\\\server\\IPC$");
  messages.erase(messages.begin() + 2);
}
void other_transactions(Messages& messages, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) {
    smb1::Ids ids = kOther;
    ids.multiplex = static_cast<std::uint16_t>(1000 + i);
    all += smb1::nt_transact(ids,
                             {.function = 3, .total_parameters = 0, .total_data = 64, .data = "0123456789"});
  }
  between(messages, all);
}
void on_each(Messages& messages, void (*change)(std::string& message, std::size_t value), int value) {
  for (std::size_t i = kSessionMessages; i < messages.size(); ++i)
    change(messages[i], static_cast<std::size_t>(value));
}
void flags2(Messages& messages, int value) {
  on_each(
      messages,
      [](std::string& message, std::size_t bits) {
        set16(message, kFlags2At, get16(message, kFlags2At) | bits);
      },
      value);
}
void process_high(Messages& messages, int value) {
  on_each(
      messages, [](std::string& message, std::size_t high) { set16(message, kProcessHighAt, high); }, value);
}
void signatures(Messages& messages, int value) {
  on_each(
      messages,
      [](std::string& message, std::size_t fill) {
        std::fill_n(message.begin() + kSignatureAt, 8, static_cast<char>(fill));
      },
      value);
}
void no_session(Messages& messages, int) {
  messages.erase(messages.begin() + 1, messages.begin() + kSessionMessages);
}
void bytes_behind(Messages& messages, int bytes) {
  for (std::size_t i = kSessionMessages; i < messages.size(); ++i)
    messages[i] = smb1::framed(messages[i].substr(4) + std::string(static_cast<std::size_t>(bytes), 'Z'));
}

/// A secondary of the right kind ahead of the one of the wrong kind, with bytes that the beginning counts.
void right_kind_first(Messages& messages, int bytes) {
  const std::string data(static_cast<std::size_t>(bytes), 'r');
  std::string& begins = messages[messages.size() - 2];
  set16(begins, kTotalDataAt, get16(begins, kTotalDataAt) + data.size());
  messages.insert(messages.end() - 1,
                  smb1::nt_transact_secondary({.tree = 2048, .user = 2048},
                                              {.total_data = 320, .displacement = 160, .data = data}));
}
/// The transaction is begun, and begun again under another number, before it is continued.
void begun_twice(Messages& messages, int) {
  smb1::Ids other = kOther;
  messages.insert(
      messages.end() - 1,
      smb1::nt_transact(other, {.function = 1, .total_parameters = 0, .total_data = 320, .data = "a"}));
}

}  // namespace

std::vector<Transform> smb_transforms() {
  std::vector<Transform> all;
  std::string_view only_for;
  const auto add = [&](std::string_view kind, OnMessages apply, std::initializer_list<int> variants) {
    for (const int variant : variants)
      all.push_back({.kind = kind,
                     .variant = variant,
                     .defence = Defence::decoding,
                     .apply = apply,
                     .layer = Layer::message,
                     .speaks = Speaks::smb,
                     .only_for = only_for});
  };
  add("netbios.keep_alives", keep_alives, {1, 20});
  add("smb.echoes", echoes, {1, 1000});
  add("smb.padding", padding, {1, 7, 300});
  add("smb.chained_session", chained_session, {0});
  add("smb.other_transactions", other_transactions, {1, 100});
  add("smb.flags2", flags2, {0x0002, 0x8000, 0x0004});
  add("smb.process_high", process_high, {0, 1, 0x7fff});
  add("smb.signatures", signatures, {0x55});
  add("smb.no_session", no_session, {0});
  add("smb.bytes_behind", bytes_behind, {1, 100});
  only_for = "transaction-mismatch";
  add("smb.right_kind_first", right_kind_first, {0, 20});
  add("smb.begun_twice", begun_twice, {0});
  return all;
}

}  // namespace bansoko::evasion
