// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::stream_size {
namespace {

enum class Who : std::uint64_t { server, client, both, either };
constexpr std::array kWho{
    std::pair{std::string_view("server"), Who::server}, std::pair{std::string_view("client"), Who::client},
    std::pair{std::string_view("both"), Who::both}, std::pair{std::string_view("either"), Who::either}};
constexpr std::uint64_t kNegated = 0x100;

// Numbers: the range, and whose size together with whether the range is negated.
bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  using flow::Side;
  if (at.flow == nullptr || !at.packet.is_tcp() || !at.flow->has_stream) return false;
  const detect::CheckNumbers range{numbers[0], numbers[1], numbers[2] & kNegated};
  const bool server = contains(range, at.flow->sequence[index(Side::server)]);
  const bool client = contains(range, at.flow->sequence[index(Side::client)]);
  switch (static_cast<Who>(numbers[2] & ~kNegated)) {
    case Who::server:
      return server;
    case Who::client:
      return client;
    case Who::both:
      return server && client;
    case Who::either:
      break;
  }
  return server || client;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() != 3) return fail(Errc::invalid, "'{}' is not side, operator and number", option.value);
  const auto who = std::ranges::find(kWho, parts[0], &decltype(kWho)::value_type::first);
  if (who == kWho.end()) return fail(Errc::invalid, "'{}' is not a side", parts[0]);
  if (parts[1].empty() || parts[1].find_first_not_of("<>=!") != std::string_view::npos)
    return fail(Errc::invalid, "'{}' is not an operator", parts[1]);
  BANSOKO_TRY(const Range range, parse_integer(std::string(parts[1]) + std::string(parts[2]), 0xffffffff));
  const std::uint64_t sides = static_cast<std::uint64_t>(who->second) | (range.negated ? kNegated : 0);
  rule.add_check({.holds = holds, .numbers = {range.low, range.high, sides}});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "stream_size",
      .help = "how many bytes of a TCP stream have been sent, by their numbers: the SYN counts as one",
      .valid = "server|client|both|either, one of < > = != <= >=, a number",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::stream_size
