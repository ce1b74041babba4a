// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "assess/applicability/condition.h"
#include "assess/model/role.h"
#include "assess/report/render.h"
#include "assess/report/words.h"

namespace bansoko::assess {
namespace {

using Json = nlohmann::ordered_json;

Json day(const std::optional<Date>& date) { return date ? Json(to_text(*date)) : Json(nullptr); }

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json system_json(const OperatingSystem& os) {
  return {{"product", os.product},
          {"name", os.name},
          {"version", os.version},
          {"edition", os.edition},
          {"service_pack", os.service_pack ? Json(*os.service_pack) : Json(nullptr)},
          {"r2", os.r2},
          {"build", os.build},
          {"revision", os.revision},
          {"arch", name_of(os.arch)},
          {"language", os.language}};
}

Json support_json(const JudgedHost& judged) {
  const SupportState& support = judged.support;
  Json json{{"state", code_of(support.phase)}, {"label", support.label}, {"last_day", day(support.last_day)}};
  json["last_day_in_japan"] =
      support.last_day ? Json(to_text(last_day_in_japan(*support.last_day, support.zone))) : Json();
  json["paid_until"] = day(support.paid_until);
  if (judged.past.counted) {
    json["known_until_then"] = judged.past.known_until;
    json["since_from_others"] = judged.past.since;
  }
  return json;
}

Json priority_json(const Priority& priority) {
  return {{"timeline", code_of(priority.timeline)},
          {"known_exploited", priority.inputs.known_exploited},
          {"exposed", priority.inputs.exposed},
          {"automatable", priority.inputs.automatable},
          {"total_impact", priority.inputs.total_impact},
          {"worm", priority.worm},
          {"ransomware", priority.ransomware},
          {"reach", code_of(priority.reach)},
          {"cvss2", number(priority.cvss2)},
          {"cvss3", number(priority.cvss3)},
          {"epss", number(priority.epss)},
          {"ipa_level", priority.ipa}};
}

Json evidence_json(const Evidence& evidence) {
  return {{"source", evidence.source}, {"line", evidence.line}, {"text", evidence.text}};
}

Json advice_json(const std::vector<Advice>& list, Lang lang) {
  Json all = Json::array();
  for (const Advice& advice : list) {
    Json one{{"kind", code_of(advice.step)}, {"reasons", Json::array()}};
    for (const AdviceReason& reason : advice.reasons)
      one["reasons"].push_back(
          {{"code", code_of(reason.because)}, {"words", reason.words}, {"text", sentence(reason, lang)}});
    all.push_back(std::move(one));
  }
  return all;
}

Json finding_json(const JudgedFinding& judged, Lang lang) {
  const Finding& finding = judged.finding;
  Json json{{"id", finding.id},
            {"cves", finding.cves},
            {"title", finding.title.in(lang)},
            {"state", code_of(finding.state)},
            {"how", code_of(finding.how)},
            {"confidence", code_of(finding.confidence)},
            {"component", finding.component},
            {"severity", finding.severity},
            {"published", day(finding.published)},
            {"fixes", finding.fixes},
            {"priority", priority_json(judged.priority)}};
  json["reason"] = Json::array();
  for (const Reason& reason : finding.reasons)
    json["reason"].push_back(
        {{"code", code_of(reason.cause)}, {"words", reason.words}, {"text", sentence(reason, lang)}});
  json["evidence"] = Json::array();
  for (const Evidence& one : finding.evidence) json["evidence"].push_back(evidence_json(one));
  json["advice"] = advice_json(judged.advice, lang);
  return json;
}

Json check_json(const CheckResult& result, Lang lang) {
  const Check& check = *result.check;
  Json json{{"id", check.id},
            {"title", check.title.in(lang)},
            {"severity", check.severity},
            {"state", code_of(result.state)}};
  if (result.state == CheckState::not_applicable) return json;
  json["reason"] = reason_of(result, lang);
  json["fix"] = fix_of(result, lang);
  json["source"] = check.source;
  json["verified"] = check.verified;
  json["not_told"] = result.open;
  json["evidence"] = Json::array();
  for (const Evidence& one : result.evidence) json["evidence"].push_back(evidence_json(one));
  return json;
}

Json note_json(const JudgedHost& judged) {
  if (!judged.note) return nullptr;
  const HostNote& note = *judged.note;
  Json json{{"owner", note.owner}, {"roles", Json::array()}, {"exposure", code_of(note.exposure)}};
  for (const Role role : note.roles) json["roles"].push_back(name_of(role));
  json["migrate_by"] = day(note.migrate_by);
  json["migration_doubts"] = Json::array();
  for (const MigrationDoubt& doubt : judged.migration_doubts)
    json["migration_doubts"].push_back({{"code", code_of(doubt.kind)}, {"days", doubt.days}});
  json["note"] = note.note;
  return json;
}

Json software_json(const JudgedHost& judged, Lang lang) {
  Json all = Json::array();
  for (const ReachedCeiling& one : judged.ceilings)
    all.push_back({{"product", one.ceiling->product},
                   {"program", one.name},
                   {"version", one.version},
                   {"last_here", one.ceiling->last.in(lang)},
                   {"next", one.ceiling->next},
                   {"source", one.ceiling->source},
                   {"verified", one.ceiling->verified},
                   {"text", sentence(one, lang)}});
  return all;
}

Json security_software_json(const JudgedHost& judged, Lang lang) {
  Json all = Json::array();
  for (const Protecting& one : judged.protections)
    all.push_back({{"name", one.protection->name},
                   {"vendor", one.protection->vendor},
                   {"program", one.program},
                   {"last_day", day(one.protection->end)},
                   {"over", one.is_over},
                   {"source", one.protection->source},
                   {"verified", one.protection->verified},
                   {"text", sentence(one, lang)}});
  return all;
}

Json host_json(const JudgedHost& judged, Lang lang) {
  const Host& host = judged.host;
  Json json{{"name", host.name}, {"addresses", host.addresses}, {"os", system_json(host.os)}};
  json["roles"] = Json::array();
  for (const Role role : judged.roles) json["roles"].push_back(name_of(role));
  json["operator"] = note_json(judged);
  json["support"] = support_json(judged);
  json["software"] = software_json(judged, lang);
  json["security_software"] = security_software_json(judged, lang);
  json["incomplete"] = Json::array();
  for (const Missing& missing : host.missing)
    json["incomplete"].push_back({{"gap", code_of(missing.gap)}, {"what", missing.what}});
  json["counts"] = Json::object();
  for (const State state : {State::missing, State::unconfirmed, State::fixed, State::not_applicable})
    json["counts"][std::string(code_of(state))] = count(judged, state);
  json["check_counts"] = Json::object();
  for (const CheckState state :
       {CheckState::failed, CheckState::unknown, CheckState::passed, CheckState::not_applicable})
    json["check_counts"][std::string(code_of(state))] = count(judged, state);
  json["migration"] = Json::array();
  for (const Successor& one : judged.successors)
    json["migration"].push_back({{"name", one.name.in(lang)}, {"last_day", day(one.last_day)}});
  json["sources"] = host.sources;
  json["findings"] = Json::array();
  for (const JudgedFinding& finding : judged.findings)
    json["findings"].push_back(finding_json(finding, lang));
  json["checks"] = Json::array();
  for (const CheckResult& result : judged.checks) json["checks"].push_back(check_json(result, lang));
  return json;
}

}  // namespace

std::string to_json(const Assessment& assessment, Lang lang) {
  constexpr auto kReplace = Json::error_handler_t::replace;
  Json feeds = Json::array();
  for (const FeedNote& feed : assessment.feeds)
    feeds.push_back({{"name", feed.name}, {"date", day(feed.date)}});
  std::string text = "{\"assessed_on\":\"" + to_text(assessment.on) +
                     "\",\n\"feeds\":" + feeds.dump(-1, ' ', false, kReplace) + ",\n\"not_understood\":" +
                     Json(assessment.not_understood).dump(-1, ' ', false, kReplace) + ",\n\"hosts\":[";
  bool first = true;
  for (const JudgedHost& host : assessment.hosts) {
    text += first ? "\n" : ",\n";
    text += host_json(host, lang).dump(-1, ' ', false, kReplace);
    first = false;
  }
  return text + "\n]}\n";
}

}  // namespace bansoko::assess
