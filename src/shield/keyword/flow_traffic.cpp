// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/flow_traffic.h"

#include <algorithm>
#include <array>
#include <utility>

#include "shield/keyword/packet_number.h"

namespace bansoko::keyword {
namespace {

using flow::Side;

enum class Who : std::uint64_t { to_server, to_client, both, either };
constexpr std::array kWho{std::pair{std::string_view("toserver"), Who::to_server},
                          std::pair{std::string_view("toclient"), Who::to_client},
                          std::pair{std::string_view("both"), Who::both},
                          std::pair{std::string_view("either"), Who::either}};
constexpr std::uint64_t kNegated = 0x100;

template <Traffic what>
std::uint64_t count_of(const flow::Flow& flow, Side from) noexcept {
  const flow::Flow::Traffic& traffic = flow.traffic[index(from)];
  return what == Traffic::packets ? traffic.packets : traffic.bytes;
}

// Numbers: the range, and which direction together with whether the range is negated.
template <Traffic what>
bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  if (at.flow == nullptr) return false;
  const detect::CheckNumbers range{numbers[0], numbers[1], numbers[2] & kNegated};
  const bool to_server = contains(range, count_of<what>(*at.flow, Side::client));
  const bool to_client = contains(range, count_of<what>(*at.flow, Side::server));
  switch (static_cast<Who>(numbers[2] & ~kNegated)) {
    case Who::to_server:
      return to_server;
    case Who::to_client:
      return to_client;
    case Who::both:
      return to_server && to_client;
    case Who::either:
      break;
  }
  return to_server || to_client;
}

Result<> add(Traffic what, Who who, std::string_view text, detect::RuleBuilder& rule) {
  const bool counts_bytes = what == Traffic::bytes;
  BANSOKO_TRY(const Range range, parse_integer(text, counts_bytes ? Range{}.high : 0xffffffff));
  const std::uint64_t sides = static_cast<std::uint64_t>(who) | (range.negated ? kNegated : 0);
  rule.add_check({.holds = counts_bytes ? holds<Traffic::bytes> : holds<Traffic::packets>,
                  .numbers = {range.low, range.high, sides}});
  rule.need_packet();
  return {};
}

}  // namespace

Result<> compile_traffic(Traffic what, std::string_view argument, detect::RuleBuilder& rule) {
  const auto parts = split(argument);
  if (parts.size() != 2) return fail(Errc::invalid, "'{}' is not a direction and a number", argument);
  const auto who = std::ranges::find(kWho, parts[0], &decltype(kWho)::value_type::first);
  if (who == kWho.end()) return fail(Errc::invalid, "'{}' is not a direction", parts[0]);
  return add(what, who->second, parts[1], rule);
}

Result<> compile_traffic(Traffic what, Side from, std::string_view range, detect::RuleBuilder& rule) {
  return add(what, from == Side::client ? Who::to_server : Who::to_client, range, rule);
}

}  // namespace bansoko::keyword
