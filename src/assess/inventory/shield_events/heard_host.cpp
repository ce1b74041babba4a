// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/shield_events/heard_host.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <fmt/format.h>

#include "assess/inventory/claimed_system.h"
#include "assess/inventory/gaps.h"
#include "assess/inventory/text.h"
#include "assess/inventory/windows_names.h"

namespace bansoko::inventory::shield_events {
namespace {

using assess::Gap;
using assess::Host;

// How far a claim is believed, in percent: servers name their system in full, clients often pass for others.
constexpr std::uint8_t kServersName = 90, kServersVersion = 85, kClientsName = 70, kClientsVersion = 60;
constexpr std::uint8_t kOneOfTwo = 50;

constexpr const char* kNativeOs = "smb.native_os";
constexpr const char* kLanman = "smb.native_lanman";
constexpr const char* kNtlmssp = "ntlmssp";
constexpr const char* kTls = "tls.version";

/// Topics that tell a system or a name, not a service.
bool is_about_system(std::string_view topic) noexcept {
  return topic == kNativeOs || topic == kNtlmssp || topic == kTls;
}

/// "fs1.corp.example" of "5.2.3790 computer=FS1 dns=fs1.corp.example".
std::string_view word_behind(std::string_view said, std::string_view key) noexcept {
  const std::size_t at = said.find(key);
  if (at == std::string_view::npos) return {};
  said.remove_prefix(at + key.size());
  return said.substr(0, said.find(' '));
}

/// Of two systems that share a version the one for servers, where it answers as one.
void settle(const Remark& remark, std::string_view version, assess::OperatingSystem& os, Host& host) {
  const auto read = windows_version(version);
  identify_windows({{}, std::string(version), remark.port != 0}, os);
  os.accuracy = kOneOfTwo;
  if (host.os.product.empty() && read)
    add_gap(host, Gap::no_os, fmt::format("version {} is {}", version, windows_candidates(*read)),
            remark.evidence);
}

/// Lays a claim about the system over what others said: the one believed more counts.
void lay(Host& host, assess::OperatingSystem&& os, const assess::Evidence& evidence) {
  if (os.product.empty()) return;
  Host claimed;
  os.evidence = evidence;
  claimed.os = std::move(os);
  merge(host, std::move(claimed));
}

}  // namespace

bool HeardHost::add(Remark remark, const Limits& limits) {
  Texts& texts = subjects_[{remark.port, remark.topic}];
  const auto known = texts.find(remark.said);
  if (known != texts.end()) {
    known->second.day = std::max(known->second.day, remark.day);
    return true;
  }
  if (size_ == limits.max_components) return false;
  ++size_;
  std::string said = remark.said;
  texts.emplace(std::move(said), std::move(remark));
  return true;
}

const Remark* HeardHost::latest(std::uint16_t port, const char* topic) const {
  const auto found = subjects_.find(Subject(port, topic));
  if (found == subjects_.end() || found->second.empty()) return nullptr;
  return &std::max_element(found->second.begin(), found->second.end(), [](const auto& a, const auto& b) {
            return a.second.day < b.second.day;
          })->second;
}

void HeardHost::tell_by_name(Host& host) const {
  for (const auto& [subject, texts] : subjects_) {
    if (subject.second != kNativeOs) continue;
    const Remark& remark = *latest(subject.first, kNativeOs);
    const Remark* const lanman = latest(subject.first, kLanman);
    assess::OperatingSystem os;
    os.accuracy = subject.first != 0 ? kServersName : kClientsName;
    read_native_os(remark.said, lanman == nullptr ? std::string_view() : lanman->said, os);
    lay(host, std::move(os), remark.evidence);
  }
}

void HeardHost::tell_by_version(Host& host) const {
  for (const auto& [subject, texts] : subjects_) {
    if (subject.second != kNtlmssp) continue;
    const Remark& remark = *latest(subject.first, kNtlmssp);
    const std::string_view version = std::string_view(remark.said).substr(0, remark.said.find(' '));
    assess::OperatingSystem os;
    os.accuracy = subject.first != 0 ? kServersVersion : kClientsVersion;
    if (!read_ntlm_version(version, os)) continue;
    if (os.product.empty()) settle(remark, version, os, host);
    lay(host, std::move(os), remark.evidence);
  }
}

/// What a server calls itself to who logs on. A client's NTLM names people, and is not asked.
void HeardHost::tell_name(Host& host) const {
  for (const auto& [subject, texts] : subjects_) {
    if (subject.first == 0 || subject.second != kNtlmssp) continue;
    const std::string_view said = latest(subject.first, kNtlmssp)->said;
    const std::string_view dns = word_behind(said, " dns="), computer = word_behind(said, " computer=");
    if (host.name.empty()) host.name = shown(dns.empty() ? computer : dns);
  }
}

void HeardHost::tell_services(Host& host) const {
  std::set<std::pair<std::uint16_t, std::string>> ports;
  for (const auto& [subject, texts] : subjects_) {
    const auto& [port, topic] = subject;
    const Remark& last = *latest(port, topic.c_str());
    if (port != 0 && ports.emplace(port, last.transport).second)
      host.listeners.push_back(
          {host.addresses.front(), port, last.transport, topic.substr(0, topic.find('.')), last.evidence});
    if (port != 0 && topic == kNativeOs)
      host.components.push_back({.kind = assess::ComponentKind::feature,
                                 .name = "smb1",
                                 .running = true,
                                 .evidence = last.evidence});
    if (port == 0 || is_about_system(topic) || (topic == kLanman && has(last.said, "windows"))) continue;
    for (const auto& [said, remark] : texts)
      if (remark.day + kOver >= last.day)
        host.components.push_back({.kind = assess::ComponentKind::service,
                                   .name = said,
                                   .running = true,
                                   .said = {topic, said},
                                   .evidence = remark.evidence});
  }
}

/// "tls:443:versions": "1.0, 1.2": what a server has agreed to.
void HeardHost::tell_tls(Host& host) const {
  for (const auto& [subject, texts] : subjects_) {
    if (subject.first == 0 || subject.second != kTls) continue;
    assess::Setting& setting = host.settings[fmt::format("tls:{}:versions", subject.first)];
    for (const auto& [said, remark] : texts) setting.value += (setting.value.empty() ? "" : ", ") + said;
    setting.value = shown(setting.value);
    setting.evidence = texts.begin()->second.evidence;
  }
}

Host HeardHost::finish(const std::string& address) const {
  Host host;
  host.addresses.push_back(address);
  add_gap(host, Gap::no_updates, "traffic shows no updates");
  add_gap(host, Gap::no_packages, "traffic shows no packages");
  add_gap(host, Gap::no_settings, "traffic shows no configuration");
  tell_name(host);
  tell_services(host);
  tell_by_name(host);
  tell_by_version(host);
  tell_tls(host);
  for (const auto& [subject, texts] : subjects_) {
    const assess::Date day = latest(subject.first, subject.second.c_str())->day;
    host.collected = std::max(host.collected.value_or(day), day);
  }
  state_gaps(host);
  return host;
}

}  // namespace bansoko::inventory::shield_events
