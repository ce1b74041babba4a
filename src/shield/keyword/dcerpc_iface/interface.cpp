// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/dcerpc_iface/interface.h"

#include <cctype>
#include <string>

#include "base/text.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword {
namespace {

// Where things stand in the buffer "dcerpc.interface".
constexpr std::string_view kBuffer = "dcerpc.interface";
constexpr std::size_t kUuidSize = 16;
constexpr std::uint64_t kMostVersion = 0xFFFF;

Result<std::string> read_uuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const auto fits = [&](std::size_t i) {
    return kForm[i] == '-' ? text[i] == '-' : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
  };
  bool is_uuid = text.size() == kForm.size();
  for (std::size_t i = 0; is_uuid && i < text.size(); ++i) is_uuid = fits(i);
  if (!is_uuid) return fail(Errc::invalid, "'{}' is not a UUID", text);
  std::string hex = "|";
  for (const char letter : text)
    if (letter != '-') hex += letter;
  return content_bytes(hex + '|');
}

Result<detect::NumberTest> read_version(std::string_view text) {
  using Operator = detect::NumberTest::Operator;
  detect::NumberTest test;
  test.number.size = {.value = 2};
  test.number.offset = {.value = kUuidSize};
  const char sign = text.empty() ? '\0' : text.front();
  if (sign == '<') test.op = Operator::less;
  if (sign == '>') test.op = Operator::greater;
  test.negated = sign == '!';
  if (sign == '<' || sign == '>' || sign == '=' || sign == '!') text = trim(text.substr(1));
  BANSOKO_TRY(const auto version, number_within(text, 0, kMostVersion));
  test.value = {.value = static_cast<std::int64_t>(version)};
  return test;
}

}  // namespace

Result<> ask_for_interface(std::string_view argument, detect::RuleBuilder& rule) {
  const auto parts = split(argument);
  BANSOKO_TRY(std::string uuid, read_uuid(parts.front()));
  detect::Content content;
  content.finder = pattern::Finder(std::move(uuid), false);
  content.has_depth = true;
  content.depth = {.value = kUuidSize};
  BANSOKO_CHECK(rule.add_for(kBuffer, std::move(content)));
  bool has_version = false;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] == "any_frag") continue;
    if (has_version) return fail(Errc::invalid, "'{}' is one thing too many", parts[i]);
    has_version = true;
    BANSOKO_TRY(const auto version, read_version(parts[i]));
    BANSOKO_CHECK(rule.add_for(kBuffer, version));
  }
  return {};
}

}  // namespace bansoko::keyword
