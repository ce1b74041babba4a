// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/arguments.h"
#include "shield/keyword/data_argument.h"

namespace bansoko::keyword::dataset {
namespace {

class IsIn final : public detect::BytesTest {
 public:
  IsIn(std::shared_ptr<const detect::DataSet> set, bool wanted) : set_(std::move(set)), wanted_(wanted) {}
  bool holds(Bytes bytes, std::size_t) const noexcept override {
    return set_->find(bytes).has_value() == wanted_;
  }

 private:
  std::shared_ptr<const detect::DataSet> set_;
  bool wanted_;
};

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts[0] == "set" || parts[0] == "unset")
    return fail(Errc::unsupported, "'{}': no set changes while rules are in force", parts[0]);
  if (parts[0] != "isset" && parts[0] != "isnotset")
    return fail(Errc::invalid, "'{}' is not something to ask of a set", parts[0]);
  if (parts.size() < 2 || parts[1].empty()) return fail(Errc::invalid, "the set has no name");
  BANSOKO_TRY(auto set, data_set_of(parts[1], std::span(parts).subspan(2), false, rule));
  rule.add(detect::OwnTest{.test = std::make_shared<const IsIn>(std::move(set), parts[0] == "isset")});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "dataset",
      .help = "whether all of the buffer is a value of a set that is read from a file",
      .valid = "isset|isnotset,NAME,type string|md5|sha256|ipv4|ip,load FILE",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::dataset
