// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/requests.h"

#include <chrono>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

namespace bansoko::engine {
namespace {

using nlohmann::json;

std::string to_line(const json& answer) {
  return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string refuse(std::string_view why) { return to_line({{"ok", false}, {"error", why}}); }

/// A parser that calls itself for each bracket would be at the peer's mercy.
bool is_flat(std::string_view text) {
  constexpr int kDeepest = 4;
  int depth = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if (depth > kDeepest) return false;
  }
  return true;
}

std::string list_of(Quarantine& quarantine, std::chrono::nanoseconds now) {
  json all = json::array();
  for (const Quarantined& one : quarantine.list(now)) {
    const auto until = std::chrono::duration_cast<std::chrono::seconds>(one.until);
    all.push_back({{"address", packet::to_text(one.address)},
                   {"why", one.why},
                   {"until", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(until.count()))}});
  }
  return to_line({{"ok", true}, {"quarantined", std::move(all)}});
}

/// {"command":"quarantine"} lists; with "add" or "release" and an address it does so.
std::string answer_quarantine(const json& request, Quarantine& quarantine) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  for (const bool adds : {true, false}) {
    const auto found = request.find(adds ? "add" : "release");
    if (found == request.end()) continue;
    if (!found->is_string()) return refuse("an address is a string");
    const auto address = packet::parse_address(found->get_ref<const std::string&>());
    if (!address) return refuse(address.error().message);
    const auto done = adds ? quarantine.add(*address, now) : quarantine.release(*address, now);
    if (!done) return refuse(done.error().message);
  }
  return list_of(quarantine, now);
}

}  // namespace

std::string answer_request(std::string_view request, const Commands& commands) {
  const json parsed = is_flat(request) ? json::parse(request, nullptr, false) : json();
  if (!parsed.is_object()) return refuse("the request is no JSON object");
  const auto command = parsed.find("command");
  if (command == parsed.end() || !command->is_string())
    return refuse("the request has no \"command\" (valid: status, reload, quarantine)");
  const auto& word = command->get_ref<const std::string&>();
  if (word == "status") return to_json(commands.status());
  if (word == "quarantine" && commands.quarantine) return answer_quarantine(parsed, commands.quarantine());
  if (word != "reload") return refuse("unknown command '" + word + "' (valid: status, reload, quarantine)");
  const auto rules = commands.reload();
  if (!rules) return refuse(rules.error().message);
  return to_line({{"ok", true},
                  {"generation", rules->generation},
                  {"rules", rules->rules},
                  {"refused", rules->refused},
                  {"need_restart", rules->need_restart}});
}

}  // namespace bansoko::engine
