// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/dcerpc_ndr/ndr_argument.h"

namespace bansoko::keyword::dcerpc_ndr {
namespace {

/// The buffer begins with a format label ([C706] section 14.1), whose first byte has the order of numbers; in
/// the third, which is reserved there, it says the transfer syntax.
constexpr std::string_view kBuffer = "dcerpc.ndr_stream";
constexpr std::size_t kLabelSize = 4;
constexpr std::uint8_t kIntegers = 0xF0, kLittleEndian = 0x10;

class Parameters final : public detect::BytesTest {
 public:
  explicit Parameters(Walk walk) : walk_(std::move(walk)) {}

  bool holds(Bytes bytes, std::size_t) const noexcept override {
    if (bytes.size() < kLabelSize) return false;
    const bool little_endian = (bytes[0] & kIntegers) == kLittleEndian;
    const Syntax syntax = bytes[2] == 1 ? Syntax::ndr64 : bytes[2] == 2 ? Syntax::either : Syntax::ndr;
    return dcerpc_ndr::holds(walk_, bytes.subspan(kLabelSize), little_endian, syntax);
  }

 private:
  Walk walk_;
};

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(Walk walk, read_argument(option.value));
  return rule.add_for(kBuffer, detect::OwnTest{.test = std::make_shared<const Parameters>(std::move(walk))});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "dcerpc.ndr",
      .help = "the parameters of a DCE/RPC call, walked in NDR, with conditions on them",
      .valid =
          "[anywhere,] items with commas: [unique|referent] TYPE [$NAME] [CONDITION], TYPE one of u8 u16 u32 "
          "u64 pointer uuid handle wide narrow, array N, varying N, skip N",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::dcerpc_ndr
