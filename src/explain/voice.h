// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "explain/catalogue.h"
#include "explain/text.h"

namespace bansoko::explain {

/// Says what the catalogue has, in one language.
class Voice {
 public:
  using Values = std::initializer_list<std::pair<std::string_view, std::string>>;

  /// The catalogue must outlive the voice.
  Voice(const Catalogue& catalogue, Lang lang) : catalogue_(&catalogue), lang_(lang) {}

  Lang lang() const noexcept { return lang_; }

  /// Nothing where the catalogue has no such key: an event may be of another version.
  std::string say(std::string_view key, Values values = {}) const;
  std::string say(Text text, Values values = {}) const { return say(key_of(text), values); }

 private:
  const Catalogue* catalogue_;
  Lang lang_;
};

/// "65,536".
std::string with_commas(std::uint64_t number);

/// The language that LC_ALL, LC_MESSAGES or LANG ask for, the first that says something; null: unset.
Lang lang_of_environment(const char* all, const char* messages, const char* lang) noexcept;

}  // namespace bansoko::explain
