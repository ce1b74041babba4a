// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::fragbits {
namespace {

enum class Test : std::uint64_t { equal, all, any, not_any };
enum Bit : std::uint8_t { more = 1, do_not = 2, reserved = 4 };

// Numbers: the bits named, the test.
bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  if (at.packet.ip_version != 4) return false;
  ByteReader header(at.packet.ip);
  header.skip(6);
  const std::uint64_t bits = header.u8() >> 5U;
  switch (static_cast<Test>(numbers[1])) {
    case Test::equal:
      return bits == numbers[0];
    case Test::all:
      return (bits & numbers[0]) == numbers[0];
    case Test::any:
      return (bits & numbers[0]) != 0;
    case Test::not_any:
      return (bits & numbers[0]) == 0;
  }
  return false;
}

Result<std::uint64_t> read_bits(std::string_view text) {
  std::uint64_t bits = 0;
  for (const char letter : text) {
    if (letter == 'M' || letter == 'm') {
      bits |= more;
    } else if (letter == 'D' || letter == 'd') {
      bits |= do_not;
    } else if (letter == 'R' || letter == 'r') {
      bits |= reserved;
    } else {
      return fail(Errc::invalid, "'{}' is not a bit of fragmentation", letter);
    }
  }
  if (bits == 0) return fail(Errc::invalid, "no bit is named");
  return bits;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  std::string_view text = option.value;
  Test test = Test::equal;
  if (text.starts_with('+')) test = Test::all;
  if (text.starts_with('*')) test = Test::any;
  if (text.starts_with('!')) test = Test::not_any;
  if (test != Test::equal) text = trim(text.substr(1));
  BANSOKO_TRY(const auto bits, read_bits(text));
  rule.add_check({.holds = holds, .numbers = {bits, static_cast<std::uint64_t>(test)}});
  rule.need_packet();
  rule.rule().fragments_too = true;
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "fragbits",
      .help = "the bits about fragments in the IPv4 header",
      .valid = "[+*!]BITS with M (more fragments), D (do not fragment), R (reserved)",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::fragbits
