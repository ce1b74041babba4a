// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "assess/inventory/inventory.h"

namespace bansoko::inventory {

/// What an operator handed in, as hosts.
struct Inventory {
  std::vector<assess::Host> hosts = {};      // by name
  std::vector<std::string> unknown = {};     // files that no source knows: "hosts/web01/photo.jpg"
  std::vector<std::string> unreadable = {};  // files that a source knows and cannot read, and why
};

struct ReadLimits {
  Limits document = {};
  std::size_t max_bytes = std::size_t{2} << 30U;  // of all files together
  std::size_t max_files = 100'000;
};

/// The hosts of a file, of a folder with those below it, or of an archive (tar, zip) that holds such a
/// folder. Files of one host are laid together: those that say its name by it; those that do not take the one
/// host that the others in their folder are of, or else the folder's name ("hosts/web01/qfe.txt" is of web01,
/// "bansoko-WEB01/netstat.txt" of WEB01), and a file that is alone its own.
Result<Inventory> read_inventory(const std::string& path, const ReadLimits& limits,
                                 std::span<const Source* const> sources = all_sources());

/// The same of files that are in memory; their names are paths. `top` is the name of the folder they are in.
Inventory read_documents(std::vector<Document> documents, const std::string& top, const ReadLimits& limits,
                         std::span<const Source* const> sources = all_sources());

}  // namespace bansoko::inventory
