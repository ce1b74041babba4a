// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "base/range.h"
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::filesize {
namespace {

/// Of the buffer file.size: eight bytes of size, and one that says whether the file is whole. Of a file that
/// was cut it is known alone that it has as much.
class IsWithin final : public detect::BytesTest {
 public:
  explicit IsWithin(const Range& sizes) noexcept : sizes_(sizes) {}
  bool holds(Bytes bytes, std::size_t) const noexcept override {
    ByteReader in(bytes);
    const std::uint64_t size = in.u64();
    const bool is_whole = in.u8() != 0;
    const bool has_no_end = !sizes_.negated && sizes_.high == Range{}.high;
    return in.ok() && (is_whole || has_no_end) && sizes_.contains(size);
  }

 private:
  Range sizes_;
};

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array kUnits{Unit{"", 1}, Unit{"kb", 1U << 10U}, Unit{"mb", 1U << 20U}, Unit{"gb", 1U << 30U}};

/// "10KB<>1MB" as "10240<>1048576".
Result<std::string> without_units(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789", kLetters = "KMGBkmgb ";
  std::string plain;
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of(kDigits), text.size());
    if (digits == 0) {
      plain += text.front();
      text.remove_prefix(1);
      continue;
    }
    BANSOKO_TRY(const std::uint64_t number, parse_number(text.substr(0, digits)));
    text.remove_prefix(digits);
    const auto letters = std::min(text.find_first_not_of(kLetters), text.size());
    const auto same = [name = trim(text.substr(0, letters))](const Unit& unit) {
      return same_text(unit.name, name);
    };
    const auto* const unit = std::ranges::find_if(kUnits, same);
    if (unit == kUnits.end() || number > std::numeric_limits<std::uint64_t>::max() / unit->bytes)
      return fail(Errc::invalid, "'{}' is not a size", trim(text.substr(0, letters)));
    text.remove_prefix(letters);
    plain += std::to_string(number * unit->bytes);
  }
  return plain;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const std::string plain, without_units(option.value));
  BANSOKO_TRY(const Range sizes, parse_range(plain));
  return rule.add_for("file.size", detect::OwnTest{.test = std::make_shared<const IsWithin>(sizes)});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "filesize",
                                           .help = "how many bytes a file has that has passed",
                                           .valid = "1000, >10KB, <=1MB, 1KB<>2MB, !0",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::filesize
