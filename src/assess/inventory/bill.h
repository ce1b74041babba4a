// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "assess/inventory/inventory.h"

namespace bansoko::inventory {

/// One entry of a software bill of materials, whatever its format.
struct BillEntry {
  std::string kind = {};  // "operating-system", "library", …, in lower case
  std::string name = {}, version = {}, purl = {}, cpe = {};
};

/// Entries on their way into a host.
class Bill {
 public:
  /// Both outlive this.
  Bill(const Document& document, const Limits& limits);

  void add(const BillEntry& entry);
  assess::Host& host() noexcept { return host_; }
  std::size_t entries() const noexcept { return entries_; }

  /// With the gaps; `error` is why the document could not be read to its end, or empty.
  assess::Host finish(std::string_view error);

 private:
  void take_system(const BillEntry& entry);
  void take_distribution(std::string_view distro, const assess::Evidence& seen);

  const Document& document_;
  const Limits& limits_;
  assess::Host host_;
  std::size_t entries_ = 0;
};

}  // namespace bansoko::inventory
