// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/recon_settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

#include "shield/packet/packet.h"

namespace bansoko::engine {
namespace {

using settings::Choice;
using std::chrono::seconds;

constexpr std::array<Choice<ReconAction>, 2> kActions{
    {{"event", ReconAction::event}, {"quarantine", ReconAction::quarantine}}};
constexpr std::uint32_t kMostDistinct = 1024;
constexpr std::uint64_t kMostPlaces = 1U << 22U;  // of 24 bytes, up to five times
constexpr seconds kHour{3600};
constexpr seconds kWeek{7 * 86400};

/// "445", "445/tcp" or "1434/udp".
Result<recon::Port> port_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view number = text.substr(0, slash);
  const std::string_view protocol = slash == std::string_view::npos ? "tcp" : text.substr(slash + 1);
  recon::Port port;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), port.number);
  if (error != std::errc() || end != number.data() + number.size() || port.number == 0)
    return fail(Errc::invalid, "'{}' is no port (valid: 445, 1434/udp)", text);
  if (protocol != "tcp" && protocol != "udp")
    return fail(Errc::invalid, "'{}': the protocol is tcp or udp", text);
  port.protocol = protocol == "tcp" ? packet::Protocol::tcp : packet::Protocol::udp;
  return port;
}

Result<std::vector<recon::Port>> ports_of(const std::vector<std::string>& list) {
  std::vector<recon::Port> ports;
  for (const std::string& word : list) {
    BANSOKO_TRY(const recon::Port port, port_of(word));
    ports.push_back(port);
  }
  return ports;
}

void bind_thresholds(settings::Section& section, ReconSettings& recon) {
  section.duration(
      "window", recon.window, seconds(10), kHour,
      "How long what a source tried counts. A scan slower than its threshold in this time is not "
      "seen.");
  section.number("port_scan", recon.port_scan, 2, kMostDistinct,
                 "A port scan: so many different ports of one host refused or did not answer within window.");
  section.number("host_scan", recon.host_scan, 2, kMostDistinct,
                 "A host scan: so many different hosts refused or did not answer on one port within window.");
  section.number("fan_out", recon.fan_out, 2, kMostDistinct,
                 "Worm-like: so many different hosts tried within a minute on one of ports, whether they "
                 "answer or not.");
}

void bind_quarantine(settings::Section& section, ReconSettings& recon) {
  section.choice("action", recon.action, kActions,
                 "event tells; quarantine, in mode enforce, also drops all that the source sends, for "
                 "quarantine_time.");
  section.duration("quarantine_time", recon.quarantine_time, seconds(10), kWeek,
                   "How long a source is shut out.");
  section.flag("require_handshake", recon.require_handshake,
               "Whether a source must have completed a TCP handshake within window to be shut out: else a "
               "forged address shuts out somebody else.");
  section.number("max_quarantined", recon.max_quarantined, 1, 65536,
                 "Sources shut out at one time. More are told and counted, and not shut out.");
}

}  // namespace

Result<rule::AddressSet> address_set(const std::vector<std::string>& list, const rule::Variables& variables) {
  if (list.empty()) return rule::AddressSet(std::vector<rule::AddressSet::Range>{});
  std::size_t offset = 0;
  return rule::parse_addresses(fmt::format("[{}]", fmt::join(list, ",")), variables, offset);
}

void bind_recon(settings::Section& section, ReconSettings& recon, const rule::Variables& variables) {
  section.flag("enabled", recon.enabled, "Whether scans and worm-like spreading are looked for.");
  bind_thresholds(section, recon);
  section.list("ports", recon.ports, "Ports of fan_out: 445, 1434/udp.");
  section.list(
      "except", recon.except,
      "Sources never looked at, as rules write addresses: your own scanners, monitoring, mail and DNS "
      "servers.");
  section.duration("answer_time", recon.answer_time, seconds(1), seconds(30),
                   "An attempt that is not answered in this time has failed.");
  section.number(
      "max_tracked", recon.max_tracked, 64, 1U << 16U,
      "Sources with one host or one port each that are counted at one time. The least active gives "
      "way.");
  bind_quarantine(section, recon);
  const std::uint64_t most = std::max({recon.port_scan, recon.host_scan, recon.fan_out});
  section.require("max_tracked", recon.max_tracked * most <= kMostPlaces,
                  "max_tracked times the largest threshold must not be more than 4194304: memory is taken at "
                  "start");
  const auto ports = ports_of(recon.ports);
  section.require("ports", ports.has_value(), ports ? "" : ports.error().message);
  const auto except = address_set(recon.except, variables);
  section.require("except", except.has_value(), except ? "" : except.error().message);
}

recon::Settings detector_settings(const ReconSettings& recon, const rule::Variables& variables) {
  recon::Settings detector;
  detector.window = recon.window;
  detector.port_scan = recon.port_scan;
  detector.host_scan = recon.host_scan;
  detector.fan_out = recon.fan_out;
  if (auto ports = ports_of(recon.ports)) detector.fan_out_ports = std::move(*ports);
  if (auto except = address_set(recon.except, variables)) detector.except = std::move(*except);
  detector.max_tracked = recon.max_tracked;
  detector.tell_proof = recon.action == ReconAction::quarantine && recon.require_handshake;
  return detector;
}

}  // namespace bansoko::engine
