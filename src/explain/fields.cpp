// SPDX-License-Identifier: Apache-2.0
#include "explain/fields.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/printable.h"
#include "explain/voice.h"
#include "shield/proto/protocol.h"

namespace bansoko::explain {
namespace {

/// The word that a rule would write for the number; empty: there is none.
std::string_view word_for(std::string_view name, std::uint64_t value) noexcept {
  for (const proto::Protocol* const protocol : proto::all_protocols())
    for (const proto::Field& field : protocol->fields) {
      if (field.name != name) continue;
      const auto word = std::ranges::find(field.names, value, &proto::NamedValue::value);
      if (word != field.names.end()) return word->name;
    }
  return {};
}

}  // namespace

std::string fields_text(const std::vector<std::pair<std::string, std::uint64_t>>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", printable(name), with_commas(value));
    if (const std::string_view word = word_for(name, value); !word.empty())
      text += fmt::format(" ({})", word);
  }
  return text;
}

}  // namespace bansoko::explain
