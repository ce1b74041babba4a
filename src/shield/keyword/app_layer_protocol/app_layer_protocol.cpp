// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::app_layer_protocol {
namespace {

// Names that Suricata 8 knows, whether or not we follow what they name.
constexpr std::array<std::string_view, 41> kNames{"http",      "http1",
                                                  "http2",     "ftp",
                                                  "ftp-data",  "smtp",
                                                  "tls",       "ssh",
                                                  "imap",      "jabber",
                                                  "smb",       "irc",
                                                  "dns",       "modbus",
                                                  "enip",      "dnp3",
                                                  "nfs",       "ntp",
                                                  "tftp",      "ike",
                                                  "krb5",      "quic",
                                                  "dhcp",      "sip",
                                                  "rfb",       "mqtt",
                                                  "pgsql",     "telnet",
                                                  "websocket", "ldap",
                                                  "doh2",      "rdp",
                                                  "snmp",      "bittorrent-dht",
                                                  "msn",       "pop3",
                                                  "mdns",      "dcerpc",
                                                  "redis",     "gopher",
                                                  "bitcoin"};
constexpr std::array<std::string_view, 6> kModes{"direction", "to_server", "to_client",
                                                 "either",    "final",     "original"};

constexpr std::uint64_t kNegated = 1, kFailed = 2, kUnknown = 4;

// Numbers: a bit for each protocol named, the flags above. A flow speaks one protocol here, whichever side
// told which.
bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  if (at.flow == nullptr) return false;
  const bool known = at.protocol != detect::kNoProtocol;
  if (!known && !at.given_up) return (numbers[1] & kUnknown) != 0;
  const bool named = known ? (numbers[0] >> at.protocol & 1) != 0 : (numbers[1] & kFailed) != 0;
  return named != ((numbers[1] & kNegated) != 0);
}

Result<> add_name(std::string_view name, const detect::RuleBuilder& rule, detect::CheckNumbers& numbers) {
  if (name == "failed") {
    numbers[1] |= kFailed;
  } else if (name == "unknown") {
    numbers[1] |= kUnknown;
  } else if (const std::uint64_t known = rule.protocols_called(name); known != 0) {
    numbers[0] |= known;
  } else if (std::ranges::find(kNames, name) == kNames.end()) {
    return fail(Errc::invalid, "'{}' is not an application protocol", name);
  }
  return {};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  detect::CheckNumbers numbers{};
  std::string_view names = parts[0];
  if (names.starts_with('!')) {
    numbers[1] |= kNegated;
    names = trim(names.substr(1));
  }
  for (const std::string_view name : split(names, '|')) BANSOKO_CHECK(add_name(name, rule, numbers));
  if ((numbers[1] & kNegated) != 0 && (numbers[1] & kUnknown) != 0)
    return fail(Errc::invalid, "'unknown' cannot be negated");
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (parts[i] != "exact" && std::ranges::find(kModes, parts[i]) == kModes.end())
      return fail(Errc::invalid, "'{}' is not a way to look at a flow's protocol", parts[i]);
  rule.add_check({.holds = holds, .numbers = numbers});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "app-layer-protocol",
      .help = "the application protocol that the flow has been found to speak",
      .valid =
          "[!]PROTOCOL[|PROTOCOL...][,direction|to_server|to_client|either|final|original][,exact], also "
          "'failed' and 'unknown'",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::app_layer_protocol
