// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "assess/inventory/inventory.h"

namespace bansoko::inventory {

/// Public inventories, where they are there: beside the project. Empty: they are not.
inline std::filesystem::path shared_data() {
  for (auto folder = std::filesystem::current_path();; folder = folder.parent_path()) {
    const auto data = folder / "shared/data/knowledge";
    if (std::filesystem::exists(data)) return data;
    if (folder == folder.parent_path()) return {};
  }
}

inline Document document_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {path.string(), {std::istreambuf_iterator<char>(file), {}}};
}

inline std::set<std::string> updates_of(const assess::Host& host) {
  std::set<std::string> numbers;
  for (const assess::Update& update : host.updates) numbers.insert(update.kb);
  return numbers;
}

inline std::string gap_words(const assess::Host& host, assess::Gap gap) {
  for (const assess::Missing& one : host.missing)
    if (one.gap == gap) return one.what;
  return "";
}

}  // namespace bansoko::inventory
