// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assess/model/date.h"
#include "assess/model/host.h"

/// What an operator says of a host: settings file, assess.hosts.
namespace bansoko::assess {

/// Who may reach a host.
enum class Exposure : std::uint8_t {
  derived,   // the operator does not say: what listens on it tells
  internet,  // anybody
  internal,  // those of the own network
  isolated,  // nobody but those who need it
};

/// It counts before what the inventory tells.
struct HostNote {
  std::string owner = {};
  std::vector<Role> roles = {};  // empty: as derived
  Exposure exposure = Exposure::derived;
  std::optional<Date> migrate_by = {};
  std::string note = {};

  bool operator==(const HostNote&) const = default;
};

/// By the host's name or one of its addresses, in lower case.
using HostNotes = std::map<std::string, HostNote, std::less<>>;

}  // namespace bansoko::assess
