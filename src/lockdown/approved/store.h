// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "lockdown/approved/list.h"

namespace bansoko::approved {

/// What is to be added to the list and taken off it.
struct Change {
  std::vector<Entry> add;
  std::vector<identity::Sha256> remove;  // every entry with this content
  std::string reason;
};

/// Where the approved lists of this machine are: `<folder>/list/<generation>.list`, each signed (Ed25519, RFC
/// 8032) by the machine's key `<folder>/key.pem` (0600, made at first use). A commit writes the next
/// generation aside, reads it back, and only then is it the newest; the last `kKept` are kept. One writer at
/// a time (a lock file says so).
class Store {
 public:
  static constexpr std::size_t kKept = 5;

  /// Makes the folder (0700) and the key if they are not there.
  static Result<Store> open(const std::string& folder);

  /// The newest generation that is whole and rightly signed. Those that are not are named in `damaged`, and
  /// passed over. Errc::not_found: there is none at all.
  Result<std::shared_ptr<const List>> load(std::vector<std::string>& damaged) const;

  /// The list of before with the change made, as the next generation, safe on the disk.
  Result<std::shared_ptr<const List>> commit(const Change& change);
  /// A list in the place of the one before, whatever that was.
  Result<std::shared_ptr<const List>> replace(std::vector<Entry> entries, const std::string& reason);

 private:
  explicit Store(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

}  // namespace bansoko::approved
