// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::rpc {
namespace {

constexpr std::uint64_t kWhatever = std::uint64_t{1} << 32U;

// Numbers: program, version, procedure (RFC 5531 section 9).
bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  constexpr std::size_t kRecordMark = 4;  // section 11: over TCP
  constexpr std::uint32_t kCall = 0;
  if (!at.packet.is_tcp() && !at.packet.is_udp()) return false;
  ByteReader message(at.packet.payload);
  if (at.packet.is_tcp()) message.skip(kRecordMark);
  message.skip(4);
  const bool is_call = message.u32() == kCall;
  message.skip(4);
  for (const std::uint64_t wanted : numbers)
    if (const std::uint32_t number = message.u32(); wanted != kWhatever && wanted != number) return false;
  return message.ok() && is_call;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() > 3) return fail(Errc::invalid, "'{}' has more than three parts", option.value);
  detect::CheckNumbers numbers{kWhatever, kWhatever, kWhatever};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == "*" && i > 0) continue;
    BANSOKO_TRY(numbers[i], number_within(parts[i], 0, 0xffffffff));
  }
  rule.add_check({.holds = holds, .numbers = numbers});
  rule.need_packet();
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "rpc",
                                           .help = "the program, version and procedure of a SunRPC call",
                                           .valid = "PROGRAM[,VERSION|*[,PROCEDURE|*]]",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::rpc
