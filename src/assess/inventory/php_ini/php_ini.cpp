// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// php.ini and the files beside it ("The configuration file"): the last value holds; sections mean nothing,
/// but for those of a host or a path, which hold there only and are left out.
namespace bansoko::inventory::php_ini {
namespace {

bool is_secret(std::string_view name) noexcept {
  return name.ends_with("default_pw") || name.ends_with("default_password");
}

void read_file(const Document& document, Config& config) {
  Lines lines(document.bytes);
  bool everywhere = true;
  while (lines.next()) {
    const std::string_view line = trim(before_comment(lines.text(), ";"));
    if (line.empty() || line.starts_with('#')) continue;
    if (const auto section = section_of(line)) {
      everywhere = !same_text(section->substr(0, 5), "HOST=") && !same_text(section->substr(0, 5), "PATH=");
      continue;
    }
    const auto option = split_at_equals(line);
    if (!option || !everywhere || is_secret(option->name)) continue;
    const Place place{document, lines.number(), line};
    if (option->name == "extension" || option->name == "zend_extension")
      config.each(option->name, unquoted(option->value), place);
    else
      config.last(option->name, unquoted(option->value), place);
  }
}

constexpr ConfigFormat kFormat{"php", read_file};
constexpr std::array<std::string_view, 7> kPaths{"/etc/php*/apache2/php.ini",
                                                 "/etc/php*/apache2/conf.d/*.ini",
                                                 "/etc/php/*/fpm/php.ini",
                                                 "/etc/php/*/apache2/php.ini",
                                                 "/etc/php/*/apache2/conf.d/*.ini",
                                                 "/etc/php.ini",
                                                 "/etc/php.d/*.ini"};

bool recognises(const Document& document) { return file_name(document.name) == "php.ini"; }

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "php-ini",
                                 .title = "php.ini of PHP",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::php_ini
