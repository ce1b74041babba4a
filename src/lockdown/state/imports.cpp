// SPDX-License-Identifier: Apache-2.0
#include "lockdown/state/imports.h"

#include "lockdown/state/json_file.h"

namespace bansoko::state {
namespace {

constexpr const char* kImports = "/imports.json";

}  // namespace

Result<Imports> parse_imports(std::string_view text, std::string_view what) {
  Fields fields(text, what);
  const nlohmann::json* const keys = fields.find("keys");
  if (keys != nullptr && (!keys->is_object() || keys->size() > kMaxImportKeys))
    fields.refuse("'keys' is no object");
  BANSOKO_CHECK(fields.checked());
  Fields each(*keys, what);
  Imports imports;
  for (const auto& [fingerprint, generation] : keys->items())
    imports[fingerprint] = each.number(fingerprint.c_str());
  BANSOKO_CHECK(each.checked());
  return imports;
}

Result<Imports> read_imports(const std::string& folder) {
  BANSOKO_TRY(const auto text, read_if_there(folder + kImports));
  if (!text) return Imports();
  return parse_imports(*text, folder + kImports);
}

Result<> write(const std::string& folder, const Imports& imports) {
  if (imports.size() > kMaxImportKeys)
    return fail(Errc::limit, "lists of {} keys are too many", imports.size());
  return write_json(folder + kImports, {{"keys", imports}});
}

}  // namespace bansoko::state
