// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "lockdown/approved/list.h"
#include "lockdown/approved/signature.h"

namespace bansoko::approved {

/// What is to be added to the list and taken off it.
struct Change {
  std::vector<Entry> add = {};
  std::vector<identity::Sha256> remove = {};  // every entry with this content, but for those of `add`
  std::string reason = {};                    // cut at kMaxReason bytes
  bool supersede = true;  // what the list has at a path of `add` with another content goes
};

/// Where the approved lists of this machine are: `<folder>/list/<generation>.list` (list_file.h), each signed
/// (Ed25519, RFC 8032) by the machine's key `<folder>/key.pem` (0600, made at first use). A commit writes the
/// next generation aside, reads it back, and only then is it the newest; the last `kKept` are kept. The
/// number of the newest stands in `<folder>/generation` too, so that one taken away is noticed. One writer at
/// a time (`<folder>/lock`); another waits up to kLockTime, and is then refused with Errc::denied.
class Store {
 public:
  static constexpr std::size_t kKept = 5;
  static constexpr std::chrono::seconds kLockTime{10};

  /// Makes the folder (0700) and the key if they are not there.
  static Result<Store> open(const std::string& folder);

  /// The newest generation that is whole and rightly signed. Those that are not, or are gone, are named in
  /// `damaged`, and passed over. Errc::not_found: there is none at all, with the reasons.
  Result<std::shared_ptr<const List>> load(std::vector<std::string>& damaged) const;
  /// That generation, if it is whole and rightly signed.
  Result<std::shared_ptr<const List>> load_generation(std::uint64_t generation) const;
  /// Those that have a file, the newest first.
  Result<std::vector<std::uint64_t>> generations() const;

  /// The list of before with the change made, as the next generation, safe on the disk. A first list begins
  /// with nothing; where there were lists and none is good, only replace() goes on.
  Result<std::shared_ptr<const List>> commit(const Change& change);
  /// A list in the place of the one before, whatever that was.
  Result<std::shared_ptr<const List>> replace(const std::vector<Entry>& entries, const std::string& reason);

  const SigningKey& key() const noexcept { return key_; }

 private:
  Store(std::string folder, SigningKey key) : folder_(std::move(folder)), key_(std::move(key)) {}
  std::string path_of(std::uint64_t generation) const;
  /// The caller holds the lock.
  Result<std::shared_ptr<const List>> write(std::uint64_t generation, const std::vector<Entry>& entries,
                                            const std::string& reason);
  Result<std::uint64_t> next_generation() const;
  void remove_old() const;

  std::string folder_;
  SigningKey key_;
};

}  // namespace bansoko::approved
