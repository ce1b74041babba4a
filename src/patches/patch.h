// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/settings.h"
#include "base/settings_tree.h"

namespace bansoko::patches {

template <class E>
using Choice = settings::Choice<E>;

enum class Lang : std::uint8_t { en, ja };
inline constexpr std::array kLangs{Choice<Lang>{"en", Lang::en}, Choice<Lang>{"ja", Lang::ja}};

/// What people read, in both languages.
struct Words {
  std::string en = {};
  std::string ja = {};

  const std::string& in(Lang lang) const noexcept { return lang == Lang::ja ? ja : en; }
};

enum class Severity : std::uint8_t { critical, high, medium, low };
inline constexpr std::array kSeverities{
    Choice<Severity>{"critical", Severity::critical}, Choice<Severity>{"high", Severity::high},
    Choice<Severity>{"medium", Severity::medium}, Choice<Severity>{"low", Severity::low}};

/// What a patch judges by.
enum class PatchKind : std::uint8_t {
  field,     // a value in what is sent to the hole
  response,  // what the server answers
  rate,      // how often
  abuse,     // a function that works as built and should not be reachable
};
inline constexpr std::array kKinds{
    Choice<PatchKind>{"field", PatchKind::field}, Choice<PatchKind>{"response", PatchKind::response},
    Choice<PatchKind>{"rate", PatchKind::rate}, Choice<PatchKind>{"abuse", PatchKind::abuse}};

enum class Stage : std::uint8_t {
  grace,  // new: to be observed first
  final,  // may drop
};
inline constexpr std::array kStages{Choice<Stage>{"grace", Stage::grace},
                                    Choice<Stage>{"final", Stage::final}};

/// What of a transport the engine can read.
enum class Visible : std::uint8_t {
  clear,
  tls,     // only where TLS is ended in front of the engine
  sealed,  // never
};
inline constexpr std::array kVisible{Choice<Visible>{"clear", Visible::clear},
                                     Choice<Visible>{"tls", Visible::tls},
                                     Choice<Visible>{"sealed", Visible::sealed}};

template <class E, std::size_t N>
std::string_view name_of(const std::array<Choice<E>, N>& choices, E value) noexcept {
  for (const Choice<E>& choice : choices)
    if (choice.value == value) return choice.name;
  return {};
}

struct Advisory {
  std::string vendor = {};
  std::string id = {};
  std::vector<std::string> kb = {};
  std::string url = {};
};

/// A product that has the hole, and what its vendor gives against it.
struct Product {
  std::string name = {};
  std::vector<std::string> versions = {};
  std::string fix = {};  // "KB4012212", "apache2 2.4.10-10+deb8u11", "none: why"
};

struct Transport {
  std::string name = {};  // "tcp/445", or in words: "SMB3 encryption"
  Visible visible = Visible::clear;
};

struct Source {
  std::string title = {};   // a URL, or what a book and its section are called
  std::string opened = {};  // the day on which it was read; empty: it was not
};

/// Bytes over the checker's limit that the protocol itself demands.
struct ProtocolLiteral {
  std::string bytes = {};
  std::string reason = {};
};

struct SidRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  bool contains(std::uint32_t sid) const noexcept { return first <= sid && sid <= last; }
};

/// What a match of one rule means, with places for the values it compared: "{smb1.fea_list_size}".
struct Explanation {
  std::uint32_t sid = 0;
  Words words = {};
};
/// The place for what matched, whose bytes are no number.
inline constexpr std::string_view kMatchedPlace = "matched";

/// patch.yaml as read.
struct Patch {
  std::string folder = {};
  std::string file = {};     // of patch.yaml, as faults name it
  settings::Node tree = {};  // what it says, with the places
  std::string id = {};
  Words title = {};
  std::vector<std::string> cves = {};  // "CVE-2017-0144"
  std::vector<std::string> not_covered = {};
  Severity severity = Severity::high;
  PatchKind kind = PatchKind::field;
  Stage stage = Stage::grace;
  std::string protocol = {};
  std::vector<SidRange> sids = {};
  std::vector<Advisory> advisories = {};
  std::vector<Product> products = {};
  std::vector<std::string> applications = {};
  std::vector<Transport> visible = {};
  Words checks = {};
  Words fix = {};
  Words side_effects = {};
  Words limits = {};
  Words retire = {};
  std::vector<Explanation> explanations = {};
  std::vector<Words> verified = {};
  std::vector<Words> not_verified = {};
  std::vector<Source> sources = {};
  std::vector<ProtocolLiteral> protocol_literals = {};

  bool owns(std::uint32_t sid) const noexcept {
    for (const SidRange& range : sids)
      if (range.contains(sid)) return true;
    return false;
  }

  /// Null: there is none.
  const Words* explanation_of(std::uint32_t sid) const noexcept {
    for (const Explanation& each : explanations)
      if (each.sid == sid) return &each.words;
    return nullptr;
  }
};

}  // namespace bansoko::patches
