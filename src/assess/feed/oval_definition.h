// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assess/feed/oval_document.h"
#include "assess/feed/oval_tables.h"

namespace bansoko::feed {

/// What is kept of one definition until its tests are known.
struct OvalDefinition {
  struct Hole {
    std::string cve = {};
    std::string severity = {};
  };
  struct Claim {
    std::string test = {};
    std::string module = {};                                 // which must be enabled
    assess::FixStatus status = assess::FixStatus::affected;  // where the test asks for no version
  };
  struct Component {
    std::string name = {};
    assess::FixStatus status = assess::FixStatus::affected;
  };

  std::vector<Hole> holes = {};
  std::vector<std::string> releases = {};
  std::string advisory = {};
  std::optional<assess::Date> published = {};
  std::vector<Claim> claims = {};
  std::vector<Component> components = {};  // Red Hat: what is not fixed, and whether it will be
  bool unaffected = false;                 // Red Hat: its packages do not have the hole

  std::size_t bytes() const noexcept;
};

OvalDefinition oval_definition(const xml::Node& definition, const OvalVendor& vendor);

}  // namespace bansoko::feed
