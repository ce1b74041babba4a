// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::ip_proto {
namespace {

struct Name {
  std::string_view name;
  std::uint8_t number;
};
// What rules name (IANA protocol-numbers).
constexpr std::array kNames{
    Name{"ip", 0},           Name{"hopopt", 0},      Name{"icmp", 1},        Name{"igmp", 2},
    Name{"ggp", 3},          Name{"ipencap", 4},     Name{"st", 5},          Name{"tcp", 6},
    Name{"egp", 8},          Name{"igp", 9},         Name{"pup", 12},        Name{"udp", 17},
    Name{"hmp", 20},         Name{"xns-idp", 22},    Name{"rdp", 27},        Name{"iso-tp4", 29},
    Name{"dccp", 33},        Name{"xtp", 36},        Name{"ddp", 37},        Name{"idpr-cmtp", 38},
    Name{"ipv6", 41},        Name{"ipv6-route", 43}, Name{"ipv6-frag", 44},  Name{"idrp", 45},
    Name{"rsvp", 46},        Name{"gre", 47},        Name{"esp", 50},        Name{"ah", 51},
    Name{"skip", 57},        Name{"ipv6-icmp", 58},  Name{"ipv6-nonxt", 59}, Name{"ipv6-opts", 60},
    Name{"rspf", 73},        Name{"vmtp", 81},       Name{"eigrp", 88},      Name{"ospf", 89},
    Name{"ax.25", 93},       Name{"ipip", 94},       Name{"etherip", 97},    Name{"encap", 98},
    Name{"pim", 103},        Name{"ipcomp", 108},    Name{"vrrp", 112},      Name{"l2tp", 115},
    Name{"isis", 124},       Name{"sctp", 132},      Name{"fc", 133},        Name{"udplite", 136},
    Name{"mpls-in-ip", 137}, Name{"hip", 139}};

bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  return contains(numbers, at.packet.protocol);
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  std::string_view word = option.value;
  std::string sign;
  if (const auto first = word.find_first_not_of("!<>"); first != std::string_view::npos) {
    sign = word.substr(0, first);
    word = trim(word.substr(first));
  }
  const auto named =
      std::ranges::find_if(kNames, [word](const Name& row) { return same_text(row.name, word); });
  const std::string number = named != kNames.end() ? std::to_string(named->number) : std::string(word);
  BANSOKO_TRY(const Range range, parse_integer(sign + number, 0xff));
  auto& transports = rule.rule().transports;
  if (sign.empty() && transports.empty()) {
    transports.push_back(static_cast<std::uint8_t>(range.low));
  } else {
    rule.add_check({.holds = holds, .numbers = as_numbers(range), .is_of_flow = true});
  }
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "ip_proto",
                                           .help = "the number of the protocol that the IP packet carries",
                                           .valid = "a number or name, alone or with !, < or >",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ip_proto
