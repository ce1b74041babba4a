// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "assess/inventory/inventory.h"

namespace bansoko::inventory {

/// The packages of one document on their way into a host: within the limits, and what is left out is told.
class Packages {
 public:
  /// Both are loans for the life of this.
  Packages(const Document& document, const Limits& limits);

  /// A name, version or the like beyond Limits::max_text is cut and told.
  void add(assess::Component package);
  /// "3 packages <why> (first: libfoo)"
  void leave_out(std::string why, std::string_view which, std::uint32_t line);
  /// Anything else that makes the list shorter than it should be; the same again is counted.
  void damaged(std::string what, std::uint32_t line, std::string_view text);

  std::size_t count() const noexcept { return host_.components.size(); }
  /// With the system that the packages tell, and with what the list does not say.
  assess::Host finish() &&;

 private:
  struct LeftOut {
    std::size_t count = 0;
    bool packages = false;  // what is counted
    std::string first = {};
    assess::Evidence evidence = {};
  };

  LeftOut& count_in(std::string why, std::uint32_t line, std::string_view text);

  const Document& document_;
  const Limits& limits_;
  assess::Host host_;
  std::map<std::string, LeftOut, std::less<>> left_out_;
};

}  // namespace bansoko::inventory
