// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/reputation.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "base/text.h"
#include "shield/rule/rule_text.h"

namespace bansoko::detect {
namespace {

constexpr std::uint64_t kMostCategories = 60;
constexpr std::uint64_t kMostScore = 127;

using packet::Address;

/// Each line that says something, without blanks around it.
Result<> for_each_line(std::string_view text, const std::function<Result<>(std::string_view)>& take) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (const auto taken = take(line); !taken)
      return fail(taken.error().code, "line {}: {}", number, taken.error().message);
  }
  return {};
}

/// What is before the first comma; `rest` goes behind it.
std::string_view take_field(std::string_view& rest) {
  const auto comma = rest.find(',');
  const std::string_view field = trim(rest.substr(0, comma));
  rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  return field;
}

Result<std::uint8_t> number_up_to(std::uint64_t most, std::string_view text) {
  BANSOKO_TRY(const auto number, parse_number(text));
  if (number > most) return fail(Errc::invalid, "{} is more than {}", number, most);
  return static_cast<std::uint8_t>(number);
}

/// One step up, or nothing from the highest address.
std::optional<Address> after(Address address) noexcept {
  for (std::size_t i = address.bytes.size(); i-- > 0;)
    if (++address.bytes[i] != 0) return address;
  return std::nullopt;
}

Address before(Address address) noexcept {
  for (std::size_t i = address.bytes.size(); i-- > 0;)
    if (address.bytes[i]-- != 0) break;
  return address;
}

}  // namespace

Result<> Reputation::add_categories(std::string_view text) {
  return for_each_line(text, [this](std::string_view line) -> Result<> {
    BANSOKO_TRY(const auto number, number_up_to(kMostCategories, take_field(line)));
    const std::string_view name = take_field(line);
    if (number == 0 || name.empty()) return fail(Errc::invalid, "a category has a number and a short name");
    categories_[std::string(name)] = number;
    return {};
  });
}

Result<> Reputation::add_scores(std::string_view text) {
  return for_each_line(text, [this](std::string_view line) -> Result<> {
    const std::string_view network = take_field(line);
    BANSOKO_TRY(const auto category, number_up_to(kMostCategories, take_field(line)));
    BANSOKO_TRY(const auto score, number_up_to(kMostScore, take_field(line)));
    std::size_t unused = 0;
    BANSOKO_TRY(const rule::AddressSet set, rule::parse_addresses(network, {}, unused));
    if (set.ranges().size() != 1) return fail(Errc::invalid, "'{}' is not one network", network);
    scores_[category].push_back({set.ranges()[0].first, set.ranges()[0].last, score});
    return {};
  });
}

Result<rule::AddressSet> Reputation::addresses(std::string_view category, const Range& wanted) const {
  const auto known = categories_.find(category);
  if (known == categories_.end())
    return fail(Errc::invalid, "'{}' is not a category that is known", category);
  std::vector<rule::AddressSet::Range> found;
  const auto listed = scores_.find(known->second);
  if (listed == scores_.end()) return rule::AddressSet(std::move(found));
  // Networks are within one another or apart: those that hold the place at hand are a stack, narrowest on
  // top.
  std::vector<Score> all = listed->second;
  std::ranges::stable_sort(all, [](const Score& a, const Score& b) {
    return a.first != b.first ? a.first < b.first : a.last > b.last;
  });
  std::vector<const Score*> open;
  Address place;
  const auto tell = [&](const Address& last) {
    const std::uint8_t score = open.back()->score;
    if (score != 0 && wanted.contains(score) && place <= last) found.push_back({place, last});
  };
  const auto close_until = [&](const Address* next) {
    while (!open.empty() && (next == nullptr || open.back()->last < *next)) {
      tell(open.back()->last);
      const auto behind = after(open.back()->last);
      open.pop_back();
      if (!behind) return open.clear();
      place = *behind;
    }
  };
  for (const Score& score : all) {
    close_until(&score.first);
    if (!open.empty() && place < score.first) tell(before(score.first));
    open.push_back(&score);
    place = score.first;
  }
  close_until(nullptr);
  return rule::AddressSet(std::move(found));
}

}  // namespace bansoko::detect
