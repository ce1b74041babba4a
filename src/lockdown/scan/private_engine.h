// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace bansoko::scan {

/// A scanner of malware and its signatures, unpacked from a bundle that came on a stick into a private folder
/// (0700) below the state folder; with this object it is gone. A journal names the folder before it is made,
/// so that remove_left_behind() finds it after a process that was killed.
class PrivateEngine {
 public:
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{2} << 30U;  // of the bundle, unpacked
  static constexpr std::uint64_t kMaxFiles = 10'000;                   // in it

  /// A folder, tar or zip archive. Its folders do not matter: "clamscan", its libraries and loader ("*.so*",
  /// "ld-linux*", "ld-musl*") and its signatures (by their suffixes) are told by their names. Refused: a
  /// bundle beyond the limits, without a scanner or without signatures, or with two different files of one
  /// name.
  static Result<PrivateEngine> unpack(const std::string& bundle, const std::string& folder);
  PrivateEngine(PrivateEngine&& other) noexcept;
  PrivateEngine& operator=(PrivateEngine&&) = delete;
  ~PrivateEngine();

  std::string programs() const { return place_ + "/programs"; }
  std::string signatures() const { return place_ + "/signatures"; }
  std::string work() const { return place_ + "/work"; }
  /// Of the loader that came with it; empty: the system's is used.
  const std::string& loader() const noexcept { return loader_; }
  /// Removes everything; an error says what is left.
  Result<> remove();

 private:
  PrivateEngine(std::string folder, std::string place)
      : folder_(std::move(folder)), place_(std::move(place)) {}
  Result<> settle();

  std::string folder_, place_, loader_;
};

/// Removes what killed processes left behind below `folder`; says what. The caller holds the scan's journal.
Result<std::vector<std::string>> remove_left_behind(const std::string& folder);

}  // namespace bansoko::scan
