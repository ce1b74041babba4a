// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "assess/inventory/inventory.h"
#include "assess/inventory/lines.h"
#include "assess/inventory/packages.h"
#include "assess/inventory/rpm_name.h"
#include "rpmdb/database.h"
#include "rpmdb/header.h"

/// The databases of rpm, as they stand on the disk.
namespace bansoko::inventory::rpmdb {
namespace {

namespace db = ::bansoko::rpmdb;

/// "nodejs:18" of "nodejs:18:8070020230306145137:bd1311ed": without the build and its context.
std::string_view stream_of(std::string_view label) noexcept {
  const auto colon = label.find(':');
  return colon == std::string_view::npos ? label : label.substr(0, label.find(':', colon + 1));
}

class Collector : public db::Visitor {
 public:
  Collector(const Document& document, Packages& packages) : document_(document), packages_(packages) {}

  void header(Bytes blob) override {
    const auto header = db::read_header(blob);
    if (!header) {
      packages_.damaged(header.error().message, 0, "");
      return;
    }
    const std::string epoch = header->epoch ? std::to_string(*header->epoch) : std::string();
    assess::Component package = rpm_component({.name = header->name,
                                               .epoch = epoch,
                                               .version = header->version,
                                               .release = header->release,
                                               .arch = header->arch},
                                              header->source_rpm);
    package.vendor = header->vendor;
    package.module = stream_of(header->module);
    package.evidence =
        evidence_of(document_, 0, fmt::format("{}-{}.{}", package.name, package.version, package.arch));
    packages_.add(std::move(package));
  }

  void damage(std::string what) override { packages_.damaged(std::move(what), 0, ""); }

 private:
  const Document& document_;
  Packages& packages_;
};

Result<std::vector<assess::Host>> read(const Document& document, const Limits& limits) {
  Packages packages(document, limits);
  Collector collector(document, packages);
  if (const auto done = db::read_database(as_bytes(document.bytes), collector); !done)
    return fail(done.error().code, "{}: {}", document.name, done.error().message);
  return std::vector<assess::Host>{std::move(packages).finish()};
}

bool recognises(const Document& document) {
  const Bytes file = as_bytes(document.bytes);
  if (db::is_berkeley(file) || db::is_ndb(file)) return true;
  // Other programs use SQLite too.
  return db::is_sqlite(file) && document.bytes.find("Packages") != std::string::npos;
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "rpmdb",
                                 .title = "a database of rpm: Packages, Packages.db or rpmdb.sqlite",
                                 .recognises = recognises,
                                 .read = read,
                                 .paths = db::kPaths,
                                 .one_file = true};
  return source;
}

}  // namespace bansoko::inventory::rpmdb
