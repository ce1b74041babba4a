// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shield/packet/host.h"

namespace bansoko::evasion {

enum class Speaks : std::uint8_t { http, smb, rpc };

using Messages = std::vector<std::string>;

/// An attack on one hole, and what looks much like it and is in order. The weaker rules are what a simpler
/// engine would have for it; they show what a defence is good for.
struct Attack {
  std::string_view name;
  Speaks speaks = Speaks::http;
  std::uint16_t port = 80;
  packet::WebServer web_server = packet::WebServer::generic;
  std::string_view patch;  // folder of content/patches whose rules stop it
  Messages (*attack)();    // what the client sends, message by message
  Messages (*benign)();
  std::string_view packet_rule;      // looks at one packet at a time
  std::string_view bytes_rule;       // looks for the bytes of one tool, undecoded
  std::string_view begin_rule = {};  // looks for the whole request of one tool where the stream begins
};

/// Every attack of the library: one more is one more row.
std::span<const Attack> all_attacks();

}  // namespace bansoko::evasion
