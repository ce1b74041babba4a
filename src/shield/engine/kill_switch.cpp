// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/kill_switch.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/settings.h"

namespace bansoko::engine {
namespace {

constexpr std::uint32_t kFirstRuleSid = 1000;

bool is_label(std::string_view label) noexcept {
  constexpr std::size_t kLongest = 63;  // RFC 1035 section 2.3.4
  return !label.empty() && label.size() <= kLongest && std::ranges::all_of(label, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// Two labels at least, in lower case. What it may hold needs no escape in a rule.
bool is_domain(std::string_view name) noexcept {
  constexpr std::size_t kLongest = 253;
  if (name.size() > kLongest || name.find('.') == std::string_view::npos) return false;
  while (true) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

/// It goes into a rule's text between quotes.
bool is_plain(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != ';' && c != ':';
  });
}

/// How a domain shows in one protocol. A request and its answer are told to be one by a mark.
struct Sight {
  std::string_view protocol;
  std::string_view buffer;
  std::string_view modifiers;
  std::string_view bare = {};  // options of a request that asks for nothing but the name
};
constexpr Sight kQuestion{"dns", "flow:to_server; dns.query", "nocase; "};
constexpr Sight kAnswer{"dns", "flow:to_client; flowbits:isset,bansoko.kill_switch; dns.queries.rrname",
                        "nocase; noalert; "};
constexpr std::array kRequests{
    Sight{"http", "flow:established,to_server; http.host", "",  // in lower case already
          "http.method; content:\"GET\"; bsize:3; http.uri; content:\"/\"; bsize:1; "},
    Sight{"tls", "flow:established,to_server; tls.sni", "nocase; "},
};
constexpr std::string_view kMarkFlow = "flowbits:set,bansoko.kill_switch; ";
constexpr std::string_view kMarkTransaction = "xbits:set,bansoko.kill_switch,track tx; ";

class RuleWriter {
 public:
  explicit RuleWriter(std::string_view ours)
      : ours_(ours.empty() ? "any" : ours), outside_(ours.empty() ? "any" : fmt::format("!{}", ours)) {}

  void domain(std::string_view name, std::string_view malware) {
    // Whoever resolves names may be ours as well.
    about(kQuestion, fmt::format("pass {} {} any -> any any", kQuestion.protocol, ours_), name, malware,
          kMarkFlow);
    about(kAnswer, fmt::format("pass {} any any -> {} any", kAnswer.protocol, ours_), name, malware, "");
    // Where nobody can say whose the server is, the name must not carry an attack past rules.
    const bool is_known = outside_ != "any";
    for (const Sight& sight : kRequests) {
      about(sight, fmt::format("pass {} {} any -> {} any", sight.protocol, ours_, outside_), name, malware,
            fmt::format("{}{}", kMarkTransaction, is_known ? "" : sight.bare));
      if (is_known || !sight.bare.empty())
        about(sight, fmt::format("alert {} {} any -> {} any", sight.protocol, ours_, ours_), name, malware,
              "");
    }
  }

  void answers() {
    for (const Sight& sight : kRequests)
      text_ += fmt::format(
          "pass {} {} any -> {} any (msg:\"kill-switch domain answered\"; flow:to_client; "
          "xbits:isset,bansoko.kill_switch,track tx; noalert; gid:{}; sid:{}; rev:1;)\n",
          sight.protocol, outside_, ours_, kInfectionGid, sid_++);
  }

  std::string take() { return std::move(text_); }

 private:
  void about(const Sight& sight, std::string_view header, std::string_view name, std::string_view malware,
             std::string_view mark) {
    text_ += fmt::format(
        "{} (msg:\"kill-switch domain {} ({})\"; {}; dotprefix; content:\".{}\"; endswith; {}{}"
        "classtype:trojan-activity; gid:{}; sid:{}; rev:1;)\n",
        header, name, malware, sight.buffer, name, sight.modifiers, mark, kInfectionGid, sid_++);
  }

  std::string ours_;
  std::string outside_;
  std::uint32_t sid_ = kFirstRuleSid;
  std::string text_;
};

}  // namespace

Result<> add_kill_switches(std::string_view text, std::string_view file, KillSwitches& into) {
  settings::Words domains;
  std::vector<std::string> sources;
  const settings::Part part{"kill_switch", "Domains that end malware.", [&](settings::Section& section) {
                              section.map("domains", domains, "Each with the malware that asks for it.");
                              section.list("sources", sources, "Where that is known from.");
                            }};
  settings::Faults faults;
  if (!settings::read(text, file, part, {}, faults))
    return fail(Errc::invalid, "{}", settings::to_text(faults.front()));
  for (const auto& [name, malware] : domains) {
    if (!is_domain(name)) return fail(Errc::invalid, "{}: '{}' is no domain name in lower case", file, name);
    if (!is_plain(malware))
      return fail(Errc::invalid, "{}: {}: '{}' is no name of malware", file, name, malware);
    into.emplace(name, malware);
  }
  if (into.size() > kMostKillSwitches)
    return fail(Errc::limit, "{}: more than {} kill-switch domains", file, kMostKillSwitches);
  return {};
}

std::string kill_switch_rules(const KillSwitches& domains, std::string_view ours) {
  if (domains.empty()) return "";
  RuleWriter writer(ours);
  for (const auto& [name, malware] : domains) writer.domain(name, malware);
  writer.answers();
  return writer.take();
}

}  // namespace bansoko::engine
