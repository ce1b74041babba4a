// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/requests.h"

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

}  // namespace

std::string answer_request(std::string_view request, const Commands& commands) {
  const json parsed = is_flat(request) ? json::parse(request, nullptr, false) : json();
  if (!parsed.is_object()) return refuse("the request is no JSON object");
  const auto command = parsed.find("command");
  if (command == parsed.end() || !command->is_string())
    return refuse("the request has no \"command\" (valid: status, reload)");
  const auto& word = command->get_ref<const std::string&>();
  if (word == "status") return to_json(commands.status());
  if (word != "reload") return refuse("unknown command '" + word + "' (valid: status, reload)");
  const auto rules = commands.reload();
  if (!rules) return refuse(rules.error().message);
  return to_line({{"ok", true},
                  {"generation", rules->generation},
                  {"rules", rules->rules},
                  {"refused", rules->refused},
                  {"need_restart", rules->need_restart}});
}

}  // namespace bansoko::engine
