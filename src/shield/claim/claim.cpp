// SPDX-License-Identifier: Apache-2.0
#include "shield/claim/claim.h"

#include <algorithm>

namespace bansoko::claim {
namespace {

constexpr bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

void write(std::string_view said, Claim& claim) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || is_control(c); };
  while (!said.empty() && is_blank(said.front())) said.remove_prefix(1);
  said = said.substr(0, Claim::kMostText);
  while (!said.empty() && is_blank(said.back())) said.remove_suffix(1);
  std::ranges::transform(said, claim.text.begin(), [](char c) { return is_control(c) ? ' ' : c; });
  claim.size = static_cast<std::uint8_t>(said.size());
}

}  // namespace bansoko::claim
