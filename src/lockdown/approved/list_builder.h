// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "lockdown/approved/list.h"

namespace bansoko::approved {

/// Puts a list together from entries that come one by one. Those that come by path, then digest, cost no
/// sorting of texts.
class ListBuilder {
 public:
  /// `entries` and `texts` (bytes) are what to reserve.
  ListBuilder(List::Head head, std::size_t entries, std::size_t texts);

  /// Copies its texts. False: it does not fit, or there are too many, and it was left out.
  bool add(const Entry& entry);
  bool is_by_path() const noexcept { return by_path_; }
  std::shared_ptr<const List> finish();

 private:
  std::uint32_t place_of_package(std::string_view package);
  void sort_by_path();
  void sort_by_digest();

  std::shared_ptr<List> list_;
  std::map<std::string, std::uint32_t, std::less<>> packages_;
  bool by_path_ = true;  // so far, and none twice
};

}  // namespace bansoko::approved
