// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// redis.conf: "keyword arguments", the last one holds. Of a password only that there is one is kept.
namespace bansoko::inventory::redis_conf {
namespace {

constexpr std::array<std::string_view, 3> kSecrets{"requirepass", "masterauth", "user"};

void read_file(const Document& document, Config& config) {
  Lines lines(document.bytes);
  while (lines.next()) {
    const std::string_view line = trim(lines.text());
    if (line.empty() || line.starts_with('#')) continue;
    std::string_view rest = line;
    const std::string_view name = take_word(rest);
    const std::string_view value = unquoted(trim(rest));
    const Place place{document, lines.number(), line};
    bool secret = false;
    for (const std::string_view one : kSecrets) secret = secret || same_text(one, name);
    if (secret)
      config.last(name, value.empty() ? "" : "(set)", {document, lines.number(), name});
    else if (same_text(name, "include"))
      config.follow(in_folder("/etc/redis", value), place, false,
                    [&config](const Document& file) { read_file(file, config); });
    else
      config.last(name, value, place);
  }
}

constexpr ConfigFormat kFormat{"redis", read_file};
constexpr std::array<std::string_view, 3> kPaths{"/etc/redis.conf", "/etc/redis/redis.conf",
                                                 "/etc/redis/6379.conf"};

bool recognises(const Document& document) { return file_name(document.name) == "redis.conf"; }

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "redis-conf",
                                 .title = "redis.conf of Redis",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::redis_conf
