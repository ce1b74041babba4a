// SPDX-License-Identifier: Apache-2.0
#include "explain/summary.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/fill_in.h"
#include "base/printable.h"
#include "explain/fields.h"

namespace bansoko::explain {
namespace {

std::string upper(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  return made;
}

/// One sentence after the other, as the language puts them.
class Paragraph {
 public:
  explicit Paragraph(const Voice& voice) : voice_(voice) {}

  void add(std::string_view sentence) {
    if (sentence.empty()) return;
    if (!text_.empty() && voice_.lang() == Lang::en) text_ += ' ';
    text_ += sentence;
  }
  void add(Text text, Voice::Values values) { add(voice_.say(text, values)); }
  void add_code(std::string_view group, std::string_view word) {
    add(voice_.say(fmt::format("{}.{}", group, word)));
  }

  std::string take() { return std::move(text_); }

 private:
  const Voice& voice_;
  std::string text_;
};

/// "CVE-2017-0144, CVE-2017-0146" of the rule's references.
std::string cves_of(const event::Alert& alert) {
  constexpr std::string_view kCve = "cve,";
  std::string cves;
  for (const std::string& reference : alert.references)
    if (reference.starts_with(kCve))
      cves += fmt::format("{}CVE-{}", cves.empty() ? "" : ", ", printable(reference.substr(kCve.size())));
  return cves;
}

/// The value of a place in a patch's text.
std::string value_at(std::string_view place, const event::Matched& matched, const Voice& voice) {
  if (place == patches::kMatchedPlace && !matched.bytes.empty()) return printable(matched.bytes);
  const auto field = std::ranges::find(matched.fields, place, [](const auto& one) { return one.first; });
  return field == matched.fields.end() ? voice.say(Text::sentence_not_recorded) : with_commas(field->second);
}

/// In the patch's own words.
void tell_hole(const event::Event& event, const Words& why, const Voice& voice, Paragraph& told) {
  const std::string text = fill_in(why.in(voice.lang()), [&](std::string_view place) {
    return value_at(place, event.matched.value_or(event::Matched{}), voice);
  });
  told.add(text);
  const std::string cves = cves_of(*event.alert);
  if (!cves.empty() && text.find("CVE-") == std::string::npos)
    told.add(Text::sentence_cves, {{"cves", cves}});
}

void tell_match(const event::Matched& matched, const Voice& voice, Paragraph& told) {
  if (!matched.fields.empty())
    return told.add(Text::sentence_compared, {{"fields", fields_text(matched.fields)}});
  const std::string anomaly = voice.say(fmt::format("anomaly.{}", matched.buffer));
  if (!anomaly.empty()) return told.add(anomaly);
  if (matched.size != 0)
    told.add(Text::sentence_matched, {{"size", with_commas(matched.size)},
                                      {"offset", with_commas(matched.offset)},
                                      {"buffer", printable(matched.buffer)}});
}

/// In the rule's words.
void tell_rule(const event::Event& event, const Voice& voice, Paragraph& told) {
  const std::string& protocol = event.app_protocol.empty() ? event.transport : event.app_protocol;
  told.add(Text::sentence_rule, {{"protocol", upper(printable(protocol))},
                                 {"sid", std::to_string(event.alert->signature_id)},
                                 {"message", printable(event.alert->signature)}});
  if (event.matched) tell_match(*event.matched, voice, told);
  const std::string cves = cves_of(*event.alert);
  if (!cves.empty()) told.add(Text::sentence_cves, {{"cves", cves}});
}

void tell_recon(const event::Event& event, const Voice& voice, Paragraph& told) {
  const event::Recon& recon = *event.recon;
  told.add(voice.say(fmt::format("shape.{}", event.name),
                     {{"source", printable(event.source.address)},
                      {"host", printable(recon.hosts.empty() ? event.dest.address : recon.hosts.front())},
                      {"port", std::to_string(recon.ports.empty() ? event.dest.port : recon.ports.front())},
                      {"count", with_commas(recon.count)},
                      {"window", with_commas(recon.window)}}));
  told.add_code("isolation", recon.quarantine);
}

void tell_infected(const event::Infected& infected, const Voice& voice, Paragraph& told) {
  told.add(voice.say(fmt::format("infected.{}", infected.kind),
                     {{"host", printable(infected.host)}, {"sid", std::to_string(infected.sid)}}));
  told.add_code("egress", infected.quarantine);
}

/// What was wrong; where the anomaly has no name of its own, the reason is all that is known.
void tell_anomaly(const event::Event& event, const Voice& voice, Paragraph& told) {
  const std::string anomaly = voice.say(fmt::format("anomaly.{}", event.name));
  if (!anomaly.empty()) return told.add(anomaly);
  if (event.verdict) told.add_code("reason", event.verdict->reason);
}

void tell_fate(const event::Verdict& verdict, const Voice& voice, Paragraph& told) {
  if (verdict.mode == "observe") {
    const std::string observed = voice.say(fmt::format("observed.{}", verdict.action));
    if (!observed.empty()) return told.add(observed);
  }
  told.add_code("action", verdict.action);
}

void tell_engine(const event::Event& event, Paragraph& told) {
  told.add_code("engine", event.name);
  if (!event.message.empty()) told.add(Text::sentence_message, {{"message", printable(event.message)}});
}

}  // namespace

std::string summary(const event::Event& event, const std::optional<event::Event>& flow_end, const Words* why,
                    const Voice& voice) {
  Paragraph told(voice);
  if (event.recon) {
    tell_recon(event, voice, told);
    return told.take();
  }
  if (event.infected) {
    tell_infected(*event.infected, voice, told);
    return told.take();
  }
  if (event.software) {
    told.add(Text::sentence_software, {{"host", printable(event.software->host)},
                                       {"topic", printable(event.software->topic)},
                                       {"said", printable(event.software->said)}});
    return told.take();
  }
  if (event.type == "engine") {
    tell_engine(event, told);
    return told.take();
  }
  if (event.alert && why != nullptr)
    tell_hole(event, *why, voice, told);
  else if (event.alert)
    tell_rule(event, voice, told);
  else
    tell_anomaly(event, voice, told);
  if (event.type == "exception") told.add(Text::sentence_exception, {{"name", printable(event.name)}});
  if (event.verdict) tell_fate(*event.verdict, voice, told);
  if (flow_end && flow_end->verdict)
    told.add(Text::sentence_later, {{"count", with_commas(flow_end->verdict->refused_packets)}});
  return told.take();
}

}  // namespace bansoko::explain
