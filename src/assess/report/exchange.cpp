// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "assess/report/render.h"
#include "assess/report/words.h"

namespace bansoko::assess {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string analysis_detail(const JudgedFinding& judged, Lang lang) {
  const std::string& title = judged.finding.title.in(lang);
  return title + (title.empty() ? "" : " ") + joined(judged.finding.reasons, lang);
}

/// SARIF knows three levels; what is due in days is an error.
std::string_view level_of(const JudgedFinding& judged) noexcept {
  if (judged.finding.state == State::unconfirmed) return "note";
  return judged.priority.timeline <= Timeline::fourteen_days ? "error" : "warning";
}

Json location(const JudgedHost& host, const std::vector<Evidence>& seen) {
  Json json{{"logicalLocations", Json::array({{{"name", host.host.name}, {"kind", "host"}}})}};
  if (seen.empty() || seen.front().source.empty()) return json;
  const Evidence& evidence = seen.front();
  json["physicalLocation"] = {{"artifactLocation", {{"uri", evidence.source}}}};
  if (evidence.line != 0) json["physicalLocation"]["region"] = {{"startLine", evidence.line}};
  return json;
}

/// What the operator says of a host, as a property bag; empty: nothing.
Json properties_of(const JudgedHost& host, Lang lang) {
  Json bag = Json::object();
  if (!host.note) return bag;
  if (!host.note->owner.empty()) bag["owner"] = host.note->owner;
  if (host.note->exposure != Exposure::derived) bag["exposure"] = code_of(host.note->exposure);
  if (host.note->migrate_by) bag["migrateBy"] = migration_line(host, lang);
  if (!host.note->note.empty()) bag["note"] = host.note->note;
  return bag;
}

/// The same as CycloneDX has it.
Json named_properties_of(const JudgedHost& host, Lang lang) {
  Json list = Json::array();
  const Json bag = properties_of(host, lang);
  for (const auto& [name, value] : bag.items())
    list.push_back({{"name", "bansoko:" + name}, {"value", value}});
  return list;
}

Json check_result(const JudgedHost& host, const CheckResult& result, Lang lang) {
  const Check& check = *result.check;
  const bool failed = result.state == CheckState::failed;
  const bool grave = check.severity == "critical" || check.severity == "high";
  const std::string fix = fix_of(result, lang);
  return {{"ruleId", check.id},
          {"kind", failed ? "fail" : "open"},
          // Section 3.27.10: what did not fail has no level.
          {"level", !failed ? "none"
                    : grave ? "error"
                            : "warning"},
          {"message",
           {{"text", fmt::format("{}: {}{}{}", check.title.in(lang), reason_of(result, lang),
                                 fix.empty() ? "" : " ", fix)}}},
          {"locations", Json::array({location(host, result.evidence)})},
          {"properties", properties_of(host, lang)}};
}

std::string_view analysis_of(State state) noexcept {
  switch (state) {
    case State::missing:
      return "exploitable";
    case State::unconfirmed:
      return "in_triage";
    case State::fixed:
      return "resolved";
    case State::not_applicable:
      return "not_affected";
  }
  return "in_triage";
}

Json ratings_of(const Priority& priority) {
  Json ratings = Json::array();
  if (priority.cvss3) ratings.push_back({{"score", *priority.cvss3}, {"method", "CVSSv31"}});
  if (priority.cvss2) ratings.push_back({{"score", *priority.cvss2}, {"method", "CVSSv2"}});
  return ratings;
}

Json vulnerability(const std::string& id, const std::string& host, const JudgedFinding& judged, Lang lang) {
  const Finding& finding = judged.finding;
  Json json{{"id", id}, {"ratings", ratings_of(judged.priority)}};
  if (id != finding.id)
    json["references"] = Json::array({{{"id", finding.id}, {"source", {{"name", finding.id}}}}});
  Json analysis{{"state", analysis_of(finding.state)}};
  if (finding.state == State::not_applicable) analysis["justification"] = "code_not_present";
  if (!finding.fixes.empty() && is_open(finding)) analysis["response"] = Json::array({"update"});
  analysis["detail"] = analysis_detail(judged, lang);
  json["analysis"] = std::move(analysis);
  if (const std::string advice = joined(judged.advice, lang); !advice.empty())
    json["recommendation"] = advice;
  json["affects"] = Json::array({{{"ref", host}}});
  return json;
}

}  // namespace

std::string to_sarif(const Assessment& assessment, Lang lang) {
  Json results = Json::array();
  std::map<std::string, std::string> rules;
  for (const JudgedHost& host : assessment.hosts) {
    for (const JudgedFinding& judged : host.findings) {
      if (!is_open(judged.finding)) continue;
      rules.try_emplace(judged.finding.id, judged.finding.title.in(lang));
      const std::string advice = joined(judged.advice, lang);
      results.push_back(
          {{"ruleId", judged.finding.id},
           {"level", level_of(judged)},
           {"message", {{"text", analysis_detail(judged, lang) + (advice.empty() ? "" : " " + advice)}}},
           {"locations", Json::array({location(host, judged.finding.evidence)})},
           {"properties", properties_of(host, lang)}});
    }
    for (const CheckResult& result : host.checks)
      if (result.state <= CheckState::unknown) {
        rules.try_emplace(result.check->id, result.check->title.in(lang));
        results.push_back(check_result(host, result, lang));
      }
  }
  Json described = Json::array();
  for (const auto& [id, title] : rules)
    described.push_back({{"id", id}, {"shortDescription", {{"text", title.empty() ? id : title}}}});
  return dumped({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", Json::array({{{"tool", {{"driver", {{"name", "Bansoko"}, {"rules", described}}}}},
                                        {"results", results}}})}});
}

std::string to_cyclonedx_vex(const Assessment& assessment, Lang lang) {
  Json components = Json::array(), vulnerabilities = Json::array();
  std::size_t number = 0;
  for (const JudgedHost& host : assessment.hosts) {
    const std::string ref = fmt::format("host-{}", ++number);
    components.push_back({{"type", "operating-system"},
                          {"bom-ref", ref},
                          {"name", host.host.name.empty() ? host.host.os.name : host.host.name},
                          {"version", host.host.os.version},
                          {"description", host.host.os.name},
                          {"properties", named_properties_of(host, lang)}});
    for (const JudgedFinding& judged : host.findings) {
      if (judged.finding.cves.empty())
        vulnerabilities.push_back(vulnerability(judged.finding.id, ref, judged, lang));
      for (const std::string& cve : judged.finding.cves)
        vulnerabilities.push_back(vulnerability(cve, ref, judged, lang));
    }
  }
  return dumped(
      {{"bomFormat", "CycloneDX"},
       {"specVersion", "1.5"},
       {"version", 1},
       {"metadata",
        {{"timestamp", to_text(assessment.on) + "T00:00:00Z"},
         {"tools", {{"components", Json::array({{{"type", "application"}, {"name", "Bansoko"}}})}}}}},
       {"components", components},
       {"vulnerabilities", vulnerabilities}});
}

}  // namespace bansoko::assess
