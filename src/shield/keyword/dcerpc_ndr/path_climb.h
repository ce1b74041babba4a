// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace bansoko::keyword::dcerpc_ndr {

/// Whether a path, read character by character, leaves what it has entered by more ".." than it has names.
/// Both slashes part names, several count as one, "." counts as nothing, and the server of \\server\... is
/// no name. A path that goes up before it has entered anything is relative, and does not climb.
class PathClimb {
 public:
  void take(std::uint16_t letter) noexcept;
  /// What is still open is a whole name: the path is over, or goes on behind a slash.
  void end_name() noexcept;
  bool climbs() const noexcept { return climbs_; }

 private:
  static constexpr std::uint8_t kSeveral = 3;

  std::uint8_t slashes_ = 0;  // at the beginning
  std::uint8_t size_ = 0;     // of the name that is open; kSeveral: so many, or more
  bool only_dots_ = true;
  bool has_begun_ = false;
  bool has_entered_ = false;
  bool climbs_ = false;
  std::size_t depth_ = 0;
};

}  // namespace bansoko::keyword::dcerpc_ndr
