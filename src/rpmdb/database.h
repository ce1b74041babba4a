// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

/// The three forms in which rpm keeps its packages, each read from the bytes of its file.
namespace bansoko::rpmdb {

/// Takes what a database holds. Headers are loans for the call.
class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual void header(Bytes blob) = 0;
  /// Something that should be there and is not, in words, with numbers.
  virtual void damage(std::string what) = 0;
};

// Each refuses only what is not its form. Work and memory are in proportion to the file: no page is read
// twice, and all headers together are no larger than the file.

/// Packages: a hash of Berkeley DB 4 or 5, in either byte order.
bool is_berkeley(Bytes file) noexcept;
Result<> read_berkeley(Bytes file, Visitor& visitor);

/// Packages.db: rpm's own "ndb".
bool is_ndb(Bytes file) noexcept;
Result<> read_ndb(Bytes file, Visitor& visitor);

/// rpmdb.sqlite.
bool is_sqlite(Bytes file) noexcept;
Result<> read_sqlite(Bytes file, Visitor& visitor);

/// In whichever of the three forms it is.
Result<> read_database(Bytes file, Visitor& visitor);

/// Where a system has it. After a system moved from one form to the next the file of the old one may still be
/// there: the first one holds.
inline constexpr std::array<std::string_view, 6> kPaths{
    "/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/rpm/rpmdb.sqlite", "/usr/share/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/Packages.db",  "/var/lib/rpm/Packages.db",  "/var/lib/rpm/Packages"};

}  // namespace bansoko::rpmdb
