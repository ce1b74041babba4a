// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <memory>
#include <string>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"
#include "shield/keyword/asn1/ber_walk.h"

namespace bansoko::keyword::asn1 {
namespace {

constexpr std::uint64_t kMostOffset = 0xffff;

struct Argument {
  Faults faults;
  std::int64_t offset = 0;
  bool relative = false;
};

class Objects final : public detect::BytesTest {
 public:
  explicit Objects(const Argument& argument) : argument_(argument) {}

  bool holds(Bytes bytes, std::size_t at) const noexcept override {
    const std::int64_t begin = argument_.offset + (argument_.relative ? static_cast<std::int64_t>(at) : 0);
    if (begin < 0 || begin >= static_cast<std::int64_t>(bytes.size())) return false;
    return has_fault(bytes.subspan(static_cast<std::size_t>(begin)), argument_.faults);
  }

 private:
  Argument argument_;
};

Result<> apply(const Setting& setting, Argument& argument) {
  if (setting.name == "bitstring_overflow" && setting.value.empty()) {
    argument.faults.bitstring = true;
  } else if (setting.name == "double_overflow" && setting.value.empty()) {
    argument.faults.real = true;
  } else if (setting.name == "oversize_length") {
    BANSOKO_TRY(const auto length, number_within(setting.value, 0, 0xffffffff));
    argument.faults.longer_than = static_cast<std::uint32_t>(length);
  } else if (setting.name == "absolute_offset") {
    BANSOKO_TRY(const auto offset, number_within(setting.value, 0, kMostOffset));
    argument.offset = static_cast<std::int64_t>(offset);
    argument.relative = false;
  } else if (setting.name == "relative_offset") {
    const bool back = setting.value.starts_with('-');
    BANSOKO_TRY(const auto offset, number_within(setting.value.substr(back ? 1 : 0), 0, kMostOffset));
    argument.offset = back ? -static_cast<std::int64_t>(offset) : static_cast<std::int64_t>(offset);
    argument.relative = true;
  } else {
    return fail(Errc::invalid, "'{}' is not a setting", setting.name);
  }
  return {};
}

/// Blanks part settings as well as commas do, and a setting from its number.
std::vector<Setting> settings_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view rest : split(text)) {
    do {
      const Setting cut = split_setting(rest);
      words.push_back(cut.name);
      rest = cut.value;
    } while (!rest.empty());
  }
  std::vector<Setting> settings;
  for (const std::string_view word : words) {
    const bool is_number = !word.empty() && word.find_first_not_of("-0123456789") == std::string_view::npos;
    if (is_number && !settings.empty() && settings.back().value.empty())
      settings.back().value = word;
    else
      settings.push_back({word, {}});
  }
  return settings;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  Argument argument;
  for (const Setting& setting : settings_of(option.value)) BANSOKO_CHECK(apply(setting, argument));
  rule.add(detect::OwnTest{.test = std::make_shared<const Objects>(argument), .relative = argument.relative});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "asn1",
      .help = "faults in objects of ASN.1 at some place of the payload or buffer",
      .valid =
          "bitstring_overflow, double_overflow, oversize_length NUMBER, absolute_offset NUMBER, "
          "relative_offset NUMBER; several with commas",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::asn1
