// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/dcerpc_ndr/ndr_argument.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "shield/keyword/arguments.h"

namespace bansoko::keyword::dcerpc_ndr {
namespace {

using About = Condition::About;
using Operator = Condition::Operator;

constexpr std::uint64_t kMostSize = 0xFFFF;

struct TypeName {
  std::string_view name;
  Item::Type type;
  std::uint8_t width = 0;
  std::uint32_t size = 0;
  bool needs_size = false;
};
constexpr std::array kTypes{
    TypeName{"u8", Item::Type::number, 1},
    TypeName{"u16", Item::Type::number, 2},
    TypeName{"u32", Item::Type::number, 4},
    TypeName{"u64", Item::Type::number, 8},
    TypeName{"pointer", Item::Type::pointer},
    TypeName{"wide", Item::Type::text, 2},
    TypeName{"narrow", Item::Type::text, 1},
    TypeName{"uuid", Item::Type::opaque, 4, 16},
    TypeName{"handle", Item::Type::opaque, 4, 20},
    TypeName{"skip", Item::Type::opaque, 1, 0, true},
    TypeName{"array", Item::Type::array, 0, 0, true},
    TypeName{"varying", Item::Type::varying, 0, 0, true},
};

struct AboutName {
  std::string_view name;
  About about;
};
constexpr std::array kAbouts{AboutName{"max", About::most}, AboutName{"offset", About::offset},
                             AboutName{"count", About::count}};

struct OperatorName {
  std::string_view name;
  Operator op;
};
constexpr std::array kOperators{
    OperatorName{"<=", Operator::less_or_equal}, OperatorName{">=", Operator::greater_or_equal},
    OperatorName{"!=", Operator::unequal},       OperatorName{"<", Operator::less},
    OperatorName{">", Operator::greater},        OperatorName{"=", Operator::equal}};

/// Reads items; knows what earlier ones were called.
class Reader {
 public:
  Result<Item> read(std::string_view text) {
    rest_ = text;
    item_ = {};
    std::string_view word = next();
    item_.is_unique = word == "unique";
    item_.is_referent = word == "referent";
    if (item_.is_unique || item_.is_referent) word = next();
    BANSOKO_CHECK(read_type(word));
    if (rest_.starts_with('$')) BANSOKO_CHECK(name_item(next()));
    if (!rest_.empty()) BANSOKO_CHECK(read_condition());
    if (!rest_.empty()) return fail(Errc::invalid, "'{}' is one thing too many", rest_);
    return item_;
  }

 private:
  struct Named {
    std::string_view name;
    bool is_text = false;
  };

  std::string_view next() {
    const Setting cut = split_setting(rest_);
    rest_ = cut.value;
    return cut.name;
  }

  Result<> read_type(std::string_view word) {
    const auto found = std::ranges::find(kTypes, word, &TypeName::name);
    if (found == kTypes.end()) return fail(Errc::invalid, "'{}' is not a type", word);
    item_.type = found->type;
    item_.width = found->width;
    item_.size = found->size;
    if (found->needs_size) {
      BANSOKO_TRY(const auto size, number_within(next(), 1, kMostSize));
      item_.size = static_cast<std::uint32_t>(size);
    }
    return {};
  }

  Result<> name_item(std::string_view name) {
    if (named_.size() == kMaxNames) return fail(Errc::invalid, "'{}' is one name too many", name);
    if (name.size() < 2 || find(name) != Operand::kNone)
      return fail(Errc::invalid, "'{}' is not a name, or taken", name);
    item_.name = static_cast<std::uint8_t>(named_.size());
    named_.push_back({name, item_.type == Item::Type::text});
    return {};
  }

  std::uint8_t find(std::string_view name) const {
    const auto found = std::ranges::find(named_, name, &Named::name);
    return found == named_.end() ? Operand::kNone : static_cast<std::uint8_t>(found - named_.begin());
  }

  Result<std::uint8_t> earlier_text(std::string_view name) const {
    const std::uint8_t found = find(name);
    if (found == Operand::kNone || !named_[found].is_text)
      return fail(Errc::invalid, "no earlier string is called '{}'", name);
    return found;
  }

  Result<> read_condition() {
    Condition& condition = item_.condition;
    const bool is_text = item_.type == Item::Type::text;
    const bool has_counts = is_text || item_.type == Item::Type::array || item_.type == Item::Type::varying;
    condition.about = is_text ? About::size : About::most;
    if (const auto found = std::ranges::find(kAbouts, split_setting(rest_).name, &AboutName::name);
        has_counts && found != kAbouts.end()) {
      next();
      condition.about = found->about;
    } else if (is_text && rest_.starts_with("joined ")) {
      next();
      condition.about = About::joined;
      BANSOKO_TRY(condition.joined_with, earlier_text(next()));
    } else if (is_text && rest_.starts_with("climbs")) {
      return read_climbs();
    } else if (!has_counts && item_.type != Item::Type::number) {
      return fail(Errc::invalid, "nothing can be asked of it: '{}'", rest_);
    }
    return read_comparison();
  }

  Result<> read_climbs() {
    if (const auto word = next(); word != "climbs")
      return fail(Errc::invalid, "'{}' is not a condition", word);
    item_.condition.about = About::climbs;
    if (!rest_.empty()) {
      BANSOKO_TRY(item_.condition.joined_with, earlier_text(next()));
    }
    return {};
  }

  Result<> read_comparison() {
    const auto found = std::ranges::find_if(
        kOperators, [this](const OperatorName& one) { return rest_.starts_with(one.name); });
    if (found == kOperators.end()) return fail(Errc::invalid, "'{}' is not a condition", rest_);
    item_.condition.op = found->op;
    rest_.remove_prefix(found->name.size());
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    const std::string_view word = next();
    if (word.starts_with('$')) {
      item_.condition.operand.name = find(word);
      if (item_.condition.operand.name == Operand::kNone || find(word) == item_.name)
        return fail(Errc::invalid, "nothing before it is called '{}'", word);
      return {};
    }
    BANSOKO_TRY(item_.condition.operand.value, number_within(word, 0, 0xFFFFFFFF));
    return {};
  }

  std::string_view rest_;
  Item item_;
  std::vector<Named> named_;
};

}  // namespace

Result<Walk> read_argument(std::string_view text) {
  Walk walk;
  Reader reader;
  auto parts = split(text);
  walk.is_anywhere = parts.front() == "anywhere";
  if (walk.is_anywhere) parts.erase(parts.begin());
  if (parts.empty() || parts.size() > kMaxItems)
    return fail(Errc::invalid, "1 to {} items are needed, not {}", kMaxItems, parts.size());
  for (const std::string_view part : parts) {
    BANSOKO_TRY(Item item, reader.read(part));
    walk.items.push_back(item);
  }
  return walk;
}

}  // namespace bansoko::keyword::dcerpc_ndr
