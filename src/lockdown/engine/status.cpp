// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/status.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/printable.h"

namespace bansoko::lockdown {
namespace {

using nlohmann::ordered_json;

constexpr int kWell = 0, kLook = 1, kCritical = 2;

std::string text_of(const ordered_json& value) {
  if (value.is_string()) return printable(value.get<std::string>());
  return printable(value.dump(-1, ' ', true, ordered_json::error_handler_t::replace));
}

void add_rows(std::string& table, std::string_view title, const ordered_json& object) {
  if (!object.is_object() || object.empty()) return;
  table += fmt::format("{}\n", title);
  for (const auto& [name, value] : object.items())
    table += fmt::format("  {:<24} {}\n", printable(name), text_of(value));
}

void add_items(std::string& table, std::string_view title, const ordered_json& list) {
  if (!list.is_array() || list.empty()) return;
  table += fmt::format("{}\n", title);
  for (const auto& item : list) table += fmt::format("  {}\n", text_of(item));
}

ordered_json parsed(std::string_view answer) { return ordered_json::parse(answer, nullptr, false); }

bool is_empty(const ordered_json& answer, const char* key) {
  const auto found = answer.find(key);
  return found == answer.end() || found->empty() || *found == "";
}

}  // namespace

std::string to_json(const Status& s) {
  ordered_json object{{"ok", true},
                      {"mode", s.mode},
                      {"because", s.because},
                      {"confirm_until", s.confirm_until},
                      {"generation", s.generation},
                      {"approved", s.approved},
                      {"rules", s.rules},
                      {"window", s.window},
                      {"updating", s.updating},
                      {"tells_executes", s.tells_executes},
                      {"marks_filesystems", s.marks_filesystems},
                      {"watched", s.watched},
                      {"known_files", s.known_files},
                      {"waiting", s.waiting},
                      {"unwatched", s.unwatched},
                      {"damaged", s.damaged},
                      {"counts", s.counts},
                      {"reasons", s.reasons},
                      {"limits", s.limits},
                      {"last_fault", s.last_fault},
                      {"spool_fault", s.spool_fault},
                      {"restarts", s.restarts},
                      {"restart_reason", s.restart_reason}};
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string status_table(std::string_view answer) {
  const ordered_json object = parsed(answer);
  if (!object.is_object()) return "the answer cannot be read\n";
  std::string table;
  for (const auto& [name, value] : object.items())
    if (!value.is_structured() && name != "ok" && !is_empty(object, name.c_str()))
      table += fmt::format("{:<26} {}\n", printable(name), text_of(value));
  add_items(table, "not watched", object.value("unwatched", ordered_json()));
  add_items(table, "damaged lists", object.value("damaged", ordered_json()));
  add_rows(table, "counts", object.value("counts", ordered_json()));
  add_rows(table, "reasons", object.value("reasons", ordered_json()));
  add_rows(table, "limits reached", object.value("limits", ordered_json()));
  return table;
}

CheckResult check_answer(std::string_view answer) {
  const ordered_json object = parsed(answer);
  if (!object.is_object()) return {kCritical, "critical: the answer cannot be read"};
  const auto word = [&](const char* key) {
    return is_empty(object, key) ? std::string() : text_of(object[key]);
  };
  if (!is_empty(object, "damaged"))
    return {kCritical, "critical: an approved list is damaged, an older one is in force"};
  if (!word("last_fault").empty()) return {kCritical, "critical: " + word("last_fault")};
  if (!word("because").empty())
    return {kLook, fmt::format("warning: mode {}: {}", word("mode"), word("because"))};
  if (!word("spool_fault").empty()) return {kLook, "warning: events are being lost: " + word("spool_fault")};
  if (!is_empty(object, "unwatched"))
    return {kLook, "warning: not watched: " + text_of(object["unwatched"][0])};
  return {kWell, fmt::format("ok: mode {}, {} approved files", word("mode"), word("approved"))};
}

}  // namespace bansoko::lockdown
