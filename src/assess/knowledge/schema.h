// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "assess/knowledge/database.h"

namespace bansoko::knowledge {

/// The tables that hold records, each with a column `feed`. A feed remembers by their bits which it wrote to.
enum class Table : std::uint8_t {
  vulnerability,
  affected,
  exploited,
  probability,
  ssvc,
  microsoft,
  package,
  lifecycle,
  japanese,
  japanese_cve,
  supersedence,
};
inline constexpr std::array<std::string_view, 11> kTables{
    "vulnerability", "affected",  "exploited", "probability",  "ssvc",        "microsoft",
    "package",       "lifecycle", "japanese",  "japanese_cve", "supersedence"};

/// How much of the file is looked at before it is used.
enum class Check : std::uint8_t {
  head,   // that it is ours, of this version, and whole in length
  whole,  // and every page of it
};

/// Opens the file to be read. One that is not there, or not ours, or damaged, is refused.
Result<Database> open_to_read(const std::string& path, Check check);

/// Opens the file to be written, after a check of the whole, and makes it, and its folder, if it is not
/// there.
Result<Database> open_to_write(const std::string& path);

}  // namespace bansoko::knowledge
