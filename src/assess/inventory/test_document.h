// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "assess/inventory/inventory.h"
#include "tests/source_folder.h"

namespace bansoko::inventory {

/// A public inventory, from the folder beside the project; nothing where it is absent.
inline std::optional<Document> shared_document(const std::string& path) {
  std::ifstream file(source_folder() + "/../shared/data/knowledge/" + path, std::ios::binary);
  if (!file) return std::nullopt;
  return Document{path, {std::istreambuf_iterator<char>(file), {}}};
}

/// The source that takes a document, as an operator's file finds it.
inline const Source* source_of(const Document& document) {
  for (const Source* const source : all_sources())
    if (source->recognises(document)) return source;
  return nullptr;
}

}  // namespace bansoko::inventory
