// SPDX-License-Identifier: Apache-2.0
#include "shield/claim/topics.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "shield/claim/readers.h"

namespace bansoko::claim {
namespace {

constexpr auto kClient = flow::Side::client;
constexpr auto kServer = flow::Side::server;

constexpr std::array kTopics{
    Topic{"http", "http.header.raw", kServer, "http.server", read_header, "Server"},
    Topic{"http", "http.header.raw", kServer, "http.x_powered_by", read_header, "X-Powered-By"},
    Topic{"http", "http.header.raw", kServer, "http.x_aspnet_version", read_header, "X-AspNet-Version"},
    Topic{"http", "http.header.raw", kServer, "ntlmssp", read_ntlmssp_header, "WWW-Authenticate"},
    Topic{"http2", "http.header.raw", kServer, "http.server", read_header, "Server"},
    Topic{"http2", "http.header.raw", kServer, "http.x_powered_by", read_header, "X-Powered-By"},
    Topic{"smb", "smb.native_os", kServer, "smb.native_os", read_ascii},
    Topic{"smb", "smb.native_os", kClient, "smb.native_os", read_ascii},
    Topic{"smb", "smb.native_lanman", kServer, "smb.native_lanman", read_ascii},
    Topic{"smb", "smb.native_lanman", kClient, "smb.native_lanman", read_ascii},
    Topic{"smb", "smb.ntlmssp", kServer, "ntlmssp", read_ntlmssp},
    Topic{"smb", "smb.ntlmssp", kClient, "ntlmssp", read_ntlmssp},
    Topic{"ldap", "ldap.responses.value", kServer, "ntlmssp", read_ntlmssp},
    Topic{"mysql", "mysql.version", kServer, "mysql.version", read_text},
    Topic{"pgsql", "pgsql.server_version", kServer, "pgsql.server_version", read_text},
    Topic{.protocol = "tds",
          .part = "tds.prelogin_version",
          .side = kServer,
          .name = "tds.version",
          .read_number = read_tds_version},
    Topic{"ssrp", "ssrp.response", kServer, "ssrp.response", read_text},
    Topic{"redis", "redis.reply", kServer, "redis.version", read_line, "redis_version:"},
    Topic{.protocol = "tls",
          .part = "tls.version",
          .side = kServer,
          .name = "tls.version",
          .read_number = read_tls_version},
};
static_assert(kTopics.size() <= kMostTopics);

constexpr std::array kGreetings{
    Greeting{"SSH-", "ssh"}, Greeting{"+OK", "pop3"}, Greeting{"* OK", "imap"},
    Greeting{"220 ", ""},    Greeting{"220-", ""},
};

/// FTP (RFC 959) and SMTP (RFC 5321) greet with the same code.
struct GreetingWord {
  std::string_view word, name;
};
constexpr std::array kGreetingWords{GreetingWord{"smtp", "smtp"}, GreetingWord{"ftp", "ftp"}};
struct GreetingPort {
  std::uint16_t port;
  std::string_view name;
};
constexpr std::array kGreetingPorts{GreetingPort{21, "ftp"}, GreetingPort{25, "smtp"},
                                    GreetingPort{465, "smtp"}, GreetingPort{587, "smtp"},
                                    GreetingPort{2525, "smtp"}};

constexpr std::array<std::string_view, 17> kNames{"http.server",
                                                  "http.x_powered_by",
                                                  "http.x_aspnet_version",
                                                  "ntlmssp",
                                                  "smb.native_os",
                                                  "smb.native_lanman",
                                                  "mysql.version",
                                                  "tds.version",
                                                  "ssrp.response",
                                                  "redis.version",
                                                  "pgsql.server_version",
                                                  "tls.version",
                                                  "ssh",
                                                  "pop3",
                                                  "imap",
                                                  "smtp",
                                                  "ftp"};

bool holds(std::string_view text, std::string_view word) noexcept {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at)
    if (same_text(text.substr(at, word.size()), word)) return true;
  return false;
}

std::string_view name_of_220(std::string_view said, std::uint16_t port) noexcept {
  for (const GreetingWord& row : kGreetingWords)
    if (holds(said, row.word)) return row.name;
  for (const GreetingPort& row : kGreetingPorts)
    if (row.port == port) return row.name;
  return {};
}

}  // namespace

std::span<const Topic> topics() noexcept { return kTopics; }
std::span<const Greeting> greetings() noexcept { return kGreetings; }
std::span<const std::string_view> topic_names() noexcept { return kNames; }

std::uint8_t topic_named(std::string_view name) noexcept {
  const auto found = std::ranges::find(kNames, name);
  return found == kNames.end() ? kNoTopic : static_cast<std::uint8_t>(found - kNames.begin());
}

std::uint8_t topic_of_greeting(std::string_view said, std::uint16_t server_port) noexcept {
  for (const Greeting& row : kGreetings)
    if (said.starts_with(row.begins))
      return topic_named(row.name.empty() ? name_of_220(said, server_port) : row.name);
  return kNoTopic;
}

}  // namespace bansoko::claim
