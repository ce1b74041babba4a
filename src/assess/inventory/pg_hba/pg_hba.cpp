// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// pg_hba.conf of PostgreSQL: type, database, user, for hosts an address with perhaps a mask, and the method.
/// "postgresql:hba:trust" is "yes" when a line lets people in without a password; "postgresql:hba:methods"
/// has all methods; "postgresql:hba:any address" is "yes" when a line is for all addresses.
namespace bansoko::inventory::pg_hba {
namespace {

constexpr std::array<std::string_view, 4> kAsked{"trust", "password", "md5", "ident"};

bool is_mask(std::string_view word) noexcept {
  return word.find_first_not_of("0123456789.") == std::string_view::npos &&
         word.find('.') != std::string_view::npos;
}

void read_file(const Document& document, Config& config) {
  Lines lines(document.bytes);
  while (lines.next()) {
    const std::string_view line = trim(before_comment(lines.text(), "#"));
    std::string_view rest = line;
    const std::string_view type = take_word(rest);
    if (type != "local" && !type.starts_with("host")) continue;
    const Place place{document, lines.number(), line};
    take_word(rest);
    take_word(rest);
    const std::string_view address = type == "local" ? std::string_view() : take_word(rest);
    std::string_view method = take_word(rest);
    const std::string_view mask = is_mask(method) ? method : std::string_view();
    if (!mask.empty()) method = take_word(rest);
    if (method.empty()) {
      config.unreadable(fmt::format("line {} has no method", lines.number()), place);
      continue;
    }
    config.each("hba:methods", method, place);
    for (const std::string_view asked : kAsked)
      config.any(fmt::format("hba:{}", asked), method == asked, place);
    config.any("hba:any address",
               address == "all" || address == "0.0.0.0/0" || address == "::/0" || mask == "0.0.0.0", place);
  }
}

constexpr ConfigFormat kFormat{"postgresql", read_file};
constexpr std::array<std::string_view, 3> kPaths{"/var/lib/pgsql/data/pg_hba.conf",
                                                 "/var/lib/pgsql/*/data/pg_hba.conf",
                                                 "/etc/postgresql/*/main/pg_hba.conf"};

bool recognises(const Document& document) { return file_name(document.name) == "pg_hba.conf"; }

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "pg-hba",
                                 .title = "pg_hba.conf of PostgreSQL",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::pg_hba
