// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::iprep {
namespace {

using Ends = detect::AddressTest::Ends;
constexpr std::array kEnds{
    std::pair{std::string_view("src"), Ends::source}, std::pair{std::string_view("dst"), Ends::dest},
    std::pair{std::string_view("any"), Ends::any}, std::pair{std::string_view("both"), Ends::both}};
constexpr std::array<std::string_view, 5> kOperators{"<", "<=", ">", ">=", "="};
constexpr std::uint64_t kMost = 127;

Result<rule::AddressSet> addresses_of(const std::vector<std::string_view>& parts,
                                      const detect::Reputation& known) {
  if (parts.size() == 3) {
    if (parts[2] != "isset" && parts[2] != "isnotset")
      return fail(Errc::invalid, "'{}' is not something to ask of a reputation", parts[2]);
    BANSOKO_TRY(auto listed, known.addresses(parts[1], Range{}));
    return parts[2] == "isset" ? listed : rule::AddressSet().without(listed);
  }
  if (std::ranges::find(kOperators, parts[2]) == kOperators.end())
    return fail(Errc::invalid, "'{}' is not an operator", parts[2]);
  BANSOKO_TRY(const Range range, parse_integer(std::string(parts[2]) + std::string(parts[3]), kMost));
  return known.addresses(parts[1], range);
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() != 3 && parts.size() != 4)
    return fail(Errc::invalid, "'{}' is not side, category, operator and score", option.value);
  const auto ends = std::ranges::find(kEnds, parts[0], &decltype(kEnds)::value_type::first);
  if (ends == kEnds.end()) return fail(Errc::invalid, "'{}' is not a side", parts[0]);
  if (rule.settings().files == nullptr) return fail(Errc::unsupported, "no files are provided for");
  BANSOKO_TRY(auto addresses, addresses_of(parts, rule.settings().files->reputation()));
  rule.memory().address_tests.push_back(
      {.ends = ends->second, .addresses = std::make_shared<const rule::AddressSet>(std::move(addresses))});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "iprep",
      .help = "the score that lists of reputation give to an address",
      .valid =
          "src|dst|any|both,CATEGORY, then isset or isnotset, or one of < <= > >= = and a score up to 127",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::iprep
