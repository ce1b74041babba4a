// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/data_argument.h"

#include "shield/keyword/arguments.h"

namespace bansoko::keyword {

Result<std::shared_ptr<const detect::DataSet>> data_set_of(std::string_view name,
                                                           std::span<const std::string_view> settings,
                                                           bool numbered, const detect::RuleBuilder& rule) {
  if (!rule.in_buffer()) return fail(Errc::invalid, "it needs a buffer before it, such as dns.query");
  if (rule.settings().files == nullptr) return fail(Errc::unsupported, "no files are provided for");
  detect::RuleFiles::Wanted wanted{
      .name = name, .type = {}, .file = {}, .rule_file = rule.file(), .numbered = numbered};
  for (const std::string_view part : settings) {
    const Setting setting = split_setting(part);
    if (setting.name == "type") {
      wanted.type = setting.value;
    } else if (setting.name == "load") {
      wanted.file = setting.value;
    } else if (setting.name == "save" || setting.name == "state") {
      return fail(Errc::unsupported,
                  "'{}' is for sets that change, and no set changes while rules are in force", setting.name);
    } else if (setting.name == "format" && setting.value != "csv") {
      return fail(Errc::unsupported, "'{}' is not a form that is read: one value a line is", setting.value);
    } else if (setting.name != "format" && setting.name != "memcap" && setting.name != "hashsize") {
      return fail(Errc::invalid, "'{}' is not a setting", setting.name);
    }
  }
  return rule.settings().files->data_set(wanted);
}

}  // namespace bansoko::keyword
