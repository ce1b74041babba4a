// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/rule_files.h"

namespace bansoko::detect {

Result<std::shared_ptr<const DataSet>> RuleFiles::data_set(const Wanted& wanted) {
  const auto type = data_type_of(wanted.type);
  if (!type && !wanted.type.empty())
    return fail(Errc::invalid, "'{}' is not a type: string, md5, sha1, sha256, ipv4, ip", wanted.type);
  if (const auto known = sets_.find(wanted.name); known != sets_.end()) {
    const bool agrees = (!type || *type == known->second.set->type()) &&
                        (wanted.file.empty() || wanted.file == known->second.file) &&
                        wanted.numbered == known->second.numbered;
    if (!agrees) return fail(Errc::invalid, "'{}' was another set in an earlier rule", wanted.name);
    return known->second.set;
  }
  if (!type || wanted.file.empty())
    return fail(Errc::invalid, "'{}' is not known yet: type and load are needed", wanted.name);
  BANSOKO_TRY(const std::string text, read_(wanted.file, wanted.rule_file));
  auto set = DataSet::parse(text, *type, wanted.numbered);
  if (!set) return fail(set.error().code, "{}: {}", wanted.file, set.error().message);
  auto shared = std::make_shared<const DataSet>(std::move(*set));
  sets_.emplace(wanted.name, Known{std::string(wanted.file), wanted.numbered, shared});
  return shared;
}

}  // namespace bansoko::detect
