// SPDX-License-Identifier: Apache-2.0
#include "explain/voice.h"

#include <algorithm>

#include "base/fill_in.h"

namespace bansoko::explain {

std::string Voice::say(std::string_view key, Values values) const {
  const Words* const words = catalogue_->find(key);
  if (words == nullptr) return {};
  return fill_in(words->in(lang_), [values](std::string_view place) {
    const auto* const value =
        std::ranges::find(values, place, &std::pair<std::string_view, std::string>::first);
    return value == values.end() ? std::string() : value->second;
  });
}

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

Lang lang_of_environment(const char* all, const char* messages, const char* lang) noexcept {
  for (const char* const value : {all, messages, lang})
    if (value != nullptr && *value != '\0')
      return std::string_view(value).starts_with("ja") ? Lang::ja : Lang::en;
  return Lang::en;
}

}  // namespace bansoko::explain
