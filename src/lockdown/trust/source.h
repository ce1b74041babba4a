// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

/// What the package managers of a system say of its files; each a folder that defines `const Source&
/// describe()`.
namespace bansoko::trust {

/// How a package's record says what a file holds. MD5 tells an accident from the original, not a forgery:
/// collisions can be made.
enum class RecordKind : std::uint8_t {
  none,  // the package owns the file and says nothing of its content
  md5,
  sha256,
  other,  // a digest that is not compared: SHA-1, SHA-512 and the like
};

struct OwnedFile {
  std::string_view path;  // absolute, as the package has it; links in it are resolved later
  RecordKind kind = RecordKind::none;
  Bytes digest = {};
  bool config = false;  // the operator may change it
};

/// Takes what a source reads. Texts are loans for the call.
class Collector {
 public:
  virtual ~Collector() = default;
  /// The package whose files follow.
  virtual void package(std::string_view name, std::string_view version) = 0;
  virtual void file(const OwnedFile& file) = 0;
  /// Something that should be there and is not, in words.
  virtual void fault(std::string what) = 0;
};

struct Source {
  std::string_view name;   // "dpkg"
  std::string_view title;  // "packages of Debian and its kin"
  bool (*is_there)(const std::string& root);
  /// Of the system below `root`. What is damaged is a fault, and the rest is read; an error: nothing could
  /// be.
  Result<> (*read)(const std::string& root, Collector& into);
};

/// All sources, one per folder below this one.
std::span<const Source* const> all_sources();

}  // namespace bansoko::trust
