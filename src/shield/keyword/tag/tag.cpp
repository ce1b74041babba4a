// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/tag.h"

#include <algorithm>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::tag {
namespace {

using detect::Tag;

constexpr std::uint32_t kMostPackets = 256;

Result<> read_count(std::string_view count, std::string_view unit, Tag& tag) {
  BANSOKO_TRY(const auto number, number_within(count, 1, 0xffffffff));
  tag.count = static_cast<std::uint32_t>(number);
  if (unit == "packets") {
    tag.count = std::min(tag.count, kMostPackets);
  } else if (unit == "bytes") {
    tag.unit = Tag::Unit::bytes;
  } else if (unit == "seconds") {
    tag.unit = Tag::Unit::seconds;
  } else {
    return fail(Errc::invalid, "'{}' is not a unit", unit);
  }
  return {};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  auto parts = split(option.value);
  const bool of_host = parts[0] == "host";
  if (!of_host && parts[0] != "session") return fail(Errc::invalid, "'{}' cannot be tagged", parts[0]);
  Tag tag{.of = of_host ? Tag::Of::dest : Tag::Of::flow};
  if (parts.size() > 1 && (parts.back() == "src" || parts.back() == "dst")) {
    if (of_host && parts.back() == "src") tag.of = Tag::Of::source;
    parts.pop_back();
  }
  if (parts.size() != 1 && parts.size() != 3)
    return fail(Errc::invalid, "'{}' is not a number with its unit", option.value);
  if (parts.size() == 3) BANSOKO_CHECK(read_count(parts[1], parts[2], tag));
  rule.add_tag(tag);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "tag",
      .help = "the packets behind a match that its evidence is to keep, if packets are kept",
      .valid = "session|host[,NUMBER,packets|bytes|seconds][,src|dst]",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::tag
