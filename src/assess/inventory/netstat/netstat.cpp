// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/text.h"
#include "base/printable.h"
#include "base/text.h"

/// What listens: `netstat -ano` (and -abno) of Windows, in any language, `netstat -tlnp` and `ss -ltnup` of
/// Linux.
namespace bansoko::inventory::netstat {
namespace {

using assess::Host;
using assess::Listener;

struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
  bool any_port = false;  // "0.0.0.0:0", "*:*": nobody is at the other end
};

/// "0.0.0.0:445", "[::]:445", ":::22", "*:68", "127.0.0.53%lo:53".
std::optional<Endpoint> endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view port = text.substr(colon + 1);
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  Endpoint made;
  const auto value = number(port);
  made.any_port = port == "*" || (value && *value == 0);
  if (!made.any_port && (!value || *value > 65535)) return {};
  made.port = static_cast<std::uint16_t>(value.value_or(0));
  const auto known = address(host);
  if (!known && host != "*" && !host.empty()) return {};
  made.address = known.value_or("*");
  return made;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(" \t"); at != std::string_view::npos && words.size() < 32;
       at = line.find_first_not_of(" \t")) {
    line.remove_prefix(at);
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

std::string_view protocol_of(std::string_view word) noexcept {
  if (same_text(word, "tcp") || same_text(word, "tcp6") || same_text(word, "tcpv6")) return "tcp";
  return same_text(word, "udp") || same_text(word, "udp6") || same_text(word, "udpv6") ? "udp" : "";
}

/// "1234/sshd" of netstat, "users:(("sshd",pid=1234,fd=3))" of ss.
std::string program_of(const std::vector<std::string_view>& words) {
  for (const std::string_view word : words) {
    const std::size_t slash = word.find('/');
    if (slash != std::string_view::npos && number(word.substr(0, slash))) {
      const std::string_view name = word.substr(slash + 1);
      return shown(name.substr(0, name.find(':')));
    }
    if (word.starts_with("users:((\"")) {
      const std::string_view name = word.substr(9);
      return shown(name.substr(0, name.find('"')));
    }
  }
  return {};
}

/// A listener is bound here and nobody is at the other end: that holds in every language, whatever the word
/// for LISTENING is.
std::optional<Listener> listener(const std::vector<std::string_view>& words) {
  if (words.size() < 3 || protocol_of(words[0]).empty()) return {};
  std::vector<Endpoint> ends;
  for (std::size_t i = 1; i < words.size() && ends.size() < 2; ++i)
    if (auto end = endpoint(words[i])) ends.push_back(std::move(*end));
  if (ends.size() < 2 || !ends[1].any_port || ends[0].port == 0) return {};
  return Listener{ends[0].address, ends[0].port, std::string(protocol_of(words[0])), program_of(words), {}};
}

/// Whether a line is of the table at all: a protocol and two ends of a connection.
bool is_row(std::string_view line) {
  const auto words = words_of(line);
  if (words.size() < 3 || protocol_of(words[0]).empty()) return false;
  return std::count_if(words.begin() + 1, words.end(),
                       [](std::string_view word) { return endpoint(word).has_value(); }) >= 2;
}

/// "[svchost.exe]" below a row of netstat -b.
std::string_view owner(std::string_view line) noexcept {
  line = trim(line);
  return line.size() > 2 && line.front() == '[' && line.back() == ']' ? line.substr(1, line.size() - 2)
                                                                      : std::string_view();
}

bool recognises(const Document& document) {
  const std::string text = beginning(document.bytes);
  const std::vector<Line> lines = lines_of(text);
  return std::any_of(lines.begin(), lines.end(),
                     [](const Line& line) { return line.ended && is_row(line.text); });
}

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  const std::string text = to_utf8(document.bytes);
  Host host;
  host.sources.push_back(document.name);
  bool any = false, last_listens = false;
  for (const Line& line : lines_of(text)) {
    const std::string_view name = owner(line.text);
    if (!name.empty() && last_listens && host.listeners.back().program.empty())
      host.listeners.back().program = shown(name);
    auto one = listener(words_of(line.text));
    if (!one && !is_row(line.text)) continue;
    any = true;
    last_listens = one.has_value();
    if (!line.ended)
      add_gap(host, assess::Gap::unreadable, "the file ends within a line",
              evidence(document.name, line.number, line.text));
    if (!one) continue;
    if (host.listeners.size() == limits.max_components) {
      add_gap(host, assess::Gap::unreadable, "more listeners than are read");
      break;
    }
    one->evidence = evidence(document.name, line.number, line.text);
    host.listeners.push_back(std::move(*one));
  }
  if (!any) return fail(Errc::invalid, "{}:1: neither of netstat nor of ss", printable(document.name));
  state_gaps(host);
  return std::vector<Host>{std::move(host)};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "netstat",
                                 .title = "netstat -ano, netstat -tlnp, ss -ltnup",
                                 .recognises = recognises,
                                 .read = read};
  return source;
}

}  // namespace bansoko::inventory::netstat
