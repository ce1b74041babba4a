// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assess/feed/feed.h"
#include "assess/xml/records.h"

namespace bansoko::feed {

/// In what the distributions' OVAL differs.
struct OvalVendor {
  std::string_view distribution = {};  // of PackageFix
  bool names_sources = false;          // its tests name source packages
  /// The releases that a definition is for.
  std::vector<std::string> (*releases)(const xml::Node& definition) = nullptr;
  /// The advisory that it is, or that it names.
  std::string (*advisory)(const xml::Node& definition) = nullptr;
  /// What the words beside a test say of a package whose version it does not ask for.
  assess::FixStatus (*status)(std::string_view comment) = nullptr;
  /// Stamp::scope.
  std::string (*scope)(std::string_view name, const std::vector<std::string>& releases) = nullptr;
};

/// Bytes of definitions and tables that are kept until a document's end.
constexpr std::size_t kMostOvalBytes = std::size_t{512} << 20U;

/// Reads a document of OVAL definitions of the classes "patch" and "vulnerability".
Result<Stamp> read_oval(const Input& input, Sink& sink, const Limits& limits, const OvalVendor& vendor,
                        std::size_t most_bytes = kMostOvalBytes);

/// Whether the first bytes are those of OVAL definitions, and hold this.
bool is_oval(std::string_view head, std::string_view holds) noexcept;

/// The ref_id of the first <reference> of this source; empty: there is none.
std::string_view oval_reference(const xml::Node& definition, std::string_view source) noexcept;

}  // namespace bansoko::feed
