// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/model/host.h"
#include "base/result.h"

/// Readers of inventories, each a folder that defines `const Source& describe()`.
namespace bansoko::inventory {

/// One file that an operator handed in, or one member of an archive.
struct Document {
  std::string name;   // as the operator named it
  std::string bytes;  // whole: at most Limits::max_bytes
};

/// What is more than this is cut and told as Gap::unreadable, or refused where nothing sensible remains.
struct Limits {
  std::size_t max_bytes = std::size_t{512} << 20U;  // of one document
  std::size_t max_hosts = 100'000;                  // of one document
  std::size_t max_components = 200'000;             // of one host
  std::size_t max_text = 4096;                      // of one name or value
  std::size_t max_depth = 64;                       // of nested JSON or XML
};

/// The files that a configuration includes, out of the tree that it stands in.
class Includes {
 public:
  virtual ~Includes() = default;
  /// The files that a shell pattern names, in the order of their names. One that is not absolute in the tree
  /// is below the folder of `from`.
  virtual std::vector<Document> find(const Document& from, const std::string& pattern) = 0;
};

struct Source {
  std::string_view name;   // "systeminfo"
  std::string_view title;  // "systeminfo of Windows, in any language"
  bool (*recognises)(const Document& document);
  /// The hosts that the document tells of. What is cut or contradicts itself is in Host::missing; only what
  /// cannot be read at all is an error, which names the line.
  Result<std::vector<assess::Host>> (*read)(const Document& document, const Limits& limits);
  /// Where its files are in a Unix system, as shell patterns; what a later file says holds.
  std::span<const std::string_view> paths = {};
  bool one_file = false;  // of `paths` only the first that is there counts
  /// The same as read() where the rest of the tree is at hand; null: it makes no difference.
  Result<std::vector<assess::Host>> (*read_within)(const Document& document, Includes& includes,
                                                   const Limits& limits) = nullptr;
};

/// All sources, one per folder below this one, in the order in which they are to be asked.
std::span<const Source* const> all_sources();

/// Lays what a second source says of the same host over the first. What differs is Gap::contradiction; what
/// the second knows and the first lacked closes that gap.
void merge(assess::Host& host, assess::Host&& other);

}  // namespace bansoko::inventory
