// SPDX-License-Identifier: Apache-2.0
#include "tests/demo_client/http.h"

#include <charconv>
#include <cstdio>
#include <iostream>
#include <optional>

#include "base/text.h"
#include "tests/demo_client/commands.h"
#include "tests/traffic/http_attacks.h"

namespace bansoko::demo {
namespace {

std::string_view next_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find("\r\n"));
  text.remove_prefix(std::min(text.size(), line.size() + 2));
  return line;
}

struct Head {
  std::optional<std::size_t> length;
  bool close = false;
};

Head read_head(std::string_view text) {
  Head head;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    std::size_t length = 0;
    if (same_text(name, "content-length") &&
        std::from_chars(value.data(), value.data() + value.size(), length).ec == std::errc())
      head.length = length;
    if (same_text(name, "connection") && same_text(value, "close")) head.close = true;
  }
  return head;
}

Outcome report(const HttpAnswer& answer) {
  if (answer.heard == Heard::bytes) {
    std::printf("answer: %s (%zu bytes)\n", answer.status.c_str(), answer.body_size);
    return Outcome::answered;
  }
  std::printf("stopped: %s\n", std::string(words_for(answer.heard)).c_str());
  return Outcome::stopped;
}

Outcome send_and_report(Connection& connection, std::string_view request) {
  std::string pending;
  if (!connection.send(request)) {
    std::printf("stopped: the connection takes no more\n");
    return Outcome::stopped;
  }
  return report(read_answer(connection, pending));
}

}  // namespace

HttpAnswer read_answer(Connection& connection, std::string& pending) {
  HttpAnswer answer;
  std::size_t head_size = 0;
  while ((head_size = pending.find("\r\n\r\n")) == std::string::npos) {
    answer.heard = connection.receive(pending);
    if (answer.heard != Heard::bytes) return answer;
  }
  head_size += 4;
  std::string_view text = std::string_view(pending).substr(0, head_size);
  answer.status = next_line(text);
  const Head head = read_head(text);
  answer.close = head.close || !head.length;
  if (head.length) {
    answer.heard = connection.receive_until(pending, head_size + *head.length);
    answer.body_size = *head.length;
    if (answer.heard == Heard::bytes) pending.erase(0, head_size + *head.length);
    return answer;
  }
  do answer.heard = connection.receive(pending);
  while (answer.heard == Heard::bytes);
  if (answer.heard == Heard::closed) answer.heard = Heard::bytes;
  answer.body_size = pending.size() - head_size;
  return answer;
}

Result<Outcome> http_get(const Target& target, const std::string& path) {
  BANSOKO_TRY(Connection connection, Connection::open(target.host, target.port));
  return send_and_report(connection, traffic::http_attacks::get(path, target.host));
}

Result<Outcome> code_red(const Target& target) {
  BANSOKO_TRY(Connection connection, Connection::open(target.host, target.port));
  const std::string request = traffic::http_attacks::code_red();
  std::printf("sent: GET /default.ida? with a query of %zu bytes\n",
              request.find(" HTTP") - request.find('?') - 1);
  return send_and_report(connection, request);
}

Result<Outcome> hold(const Target& target) {
  BANSOKO_TRY(Connection connection, Connection::open(target.host, target.port));
  const std::string request = traffic::http_attacks::code_red();
  const std::size_t cut = request.rfind("Accept");
  const std::string_view all = request;
  if (!connection.send(all.substr(0, cut))) return fail(Errc::io, "the connection takes nothing");
  std::printf("sent: the attack, but for the last line of its header; waiting for a line\n");
  std::fflush(stdout);
  std::string line;
  std::getline(std::cin, line);
  std::printf("sent: the rest\n");
  return send_and_report(connection, all.substr(cut));
}

}  // namespace bansoko::demo
