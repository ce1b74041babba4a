// SPDX-License-Identifier: Apache-2.0
#include "rpmdb/database.h"

namespace bansoko::rpmdb {
namespace {

struct Form {
  bool (*is)(Bytes file) noexcept;
  Result<> (*read)(Bytes file, Visitor& visitor);
};

constexpr Form kForms[] = {{is_berkeley, read_berkeley}, {is_ndb, read_ndb}, {is_sqlite, read_sqlite}};

}  // namespace

Result<> read_database(Bytes file, Visitor& visitor) {
  for (const Form& form : kForms)
    if (form.is(file)) return form.read(file, visitor);
  return fail(Errc::invalid, "no database of rpm in a form that is known");
}

}  // namespace bansoko::rpmdb
