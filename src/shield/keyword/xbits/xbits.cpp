// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::xbits {
namespace {

using detect::MarkChange;
using detect::MarkTest;
using On = MarkTest::On;

constexpr std::array kBearers{
    std::pair{std::string_view("ip_src"), On::source}, std::pair{std::string_view("ip_dst"), On::dest},
    std::pair{std::string_view("ip_pair"), On::pair}, std::pair{std::string_view("tx"), On::transaction}};
constexpr std::array kChanges{std::pair{std::string_view("set"), MarkChange::Kind::set},
                              std::pair{std::string_view("unset"), MarkChange::Kind::unset},
                              std::pair{std::string_view("toggle"), MarkChange::Kind::toggle}};

struct Argument {
  On on = On::source;
  bool has_bearer = false;
  std::uint32_t seconds = MarkChange{}.seconds;
  bool after_filter = false;
};

Result<> apply(const Setting& setting, Argument& argument) {
  if (setting.name == "track") {
    const auto bearer = std::ranges::find(kBearers, setting.value, &decltype(kBearers)::value_type::first);
    if (bearer == kBearers.end()) return fail(Errc::invalid, "'{}' cannot be tracked", setting.value);
    argument.on = bearer->second;
    argument.has_bearer = true;
  } else if (setting.name == "expire") {
    BANSOKO_TRY(const auto seconds, number_within(setting.value, 1, 0xffffffff));
    argument.seconds = static_cast<std::uint32_t>(seconds);
  } else if (setting.name == "after") {
    if (setting.value != "detection_filter")
      return fail(Errc::invalid, "'{}' is nothing that a mark can wait for", setting.value);
    argument.after_filter = true;
  } else {
    return fail(Errc::invalid, "'{}' is not a setting", setting.name);
  }
  return {};
}

Result<std::uint32_t> number_of(std::string_view name, On on, const detect::RuleBuilder& rule) {
  if (name.empty() || name.find_first_of(" \t") != std::string_view::npos)
    return fail(Errc::invalid, "'{}' is not a name", name);
  detect::NameTable* const names =
      on == On::transaction ? rule.settings().transaction_marks : rule.settings().marks;
  if (names == nullptr) return fail(Errc::unsupported, "no marks are provided for");
  return names->number_of(name);
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() == 1 && parts[0] == "noalert") {
    rule.info().noalert = true;
    return {};
  }
  if (parts.size() < 3) return fail(Errc::invalid, "'{}' needs a name and what to track", parts[0]);
  Argument argument;
  for (std::size_t i = 2; i < parts.size(); ++i) BANSOKO_CHECK(apply(split_setting(parts[i]), argument));
  if (!argument.has_bearer) return fail(Errc::invalid, "track is needed");
  BANSOKO_TRY(const auto mark, number_of(parts[1], argument.on, rule));
  if (parts[0] == "isset" || parts[0] == "isnotset") {
    rule.memory().mark_tests.push_back({.on = argument.on, .mark = mark, .wanted = parts[0] == "isset"});
    return {};
  }
  const auto change = std::ranges::find(kChanges, parts[0], &decltype(kChanges)::value_type::first);
  if (change == kChanges.end())
    return fail(Errc::invalid, "'{}' is not something to do with a mark", parts[0]);
  rule.memory().mark_changes.push_back({.kind = change->second,
                                        .on = argument.on,
                                        .mark = mark,
                                        .seconds = argument.seconds,
                                        .after_filter = argument.after_filter});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "xbits",
      .help = "marks on addresses, pairs of them, or transactions, that rules set and ask for",
      .valid =
          "set|unset|toggle|isset|isnotset,NAME,track ip_src|ip_dst|ip_pair|tx[,expire SECONDS][,after "
          "detection_filter], or "
          "noalert",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::xbits
