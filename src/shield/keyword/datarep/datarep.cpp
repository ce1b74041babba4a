// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/data_argument.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::datarep {
namespace {

class IsWithin final : public detect::BytesTest {
 public:
  IsWithin(std::shared_ptr<const detect::DataSet> set, const Range& range)
      : set_(std::move(set)), range_(range) {}
  bool holds(Bytes bytes, std::size_t) const noexcept override {
    const auto number = set_->find(bytes);
    return number && range_.contains(*number);
  }

 private:
  std::shared_ptr<const detect::DataSet> set_;
  Range range_;
};

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() < 3 || parts[0].empty())
    return fail(Errc::invalid, "'{}' is not name, operator and number", option.value);
  if (parts[1] != "<" && parts[1] != ">" && parts[1] != "=" && parts[1] != "==")
    return fail(Errc::invalid, "'{}' is not an operator", parts[1]);
  const std::string sign(parts[1].substr(0, 1));
  BANSOKO_TRY(const Range range, parse_integer(sign + std::string(parts[2]), 0xffff));
  BANSOKO_TRY(auto set, data_set_of(parts[0], std::span(parts).subspan(3), true, rule));
  rule.add(detect::OwnTest{.test = std::make_shared<const IsWithin>(std::move(set), range)});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "datarep",
      .help = "the number that a file gives to all of the buffer",
      .valid = "NAME,<|>|=,NUMBER,load FILE,type string|md5|sha256|ipv4|ip",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::datarep
