// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// exports(5) of the NFS server: a folder and its clients, each with options in parentheses. All of them are
/// "nfs:exports"; "nfs:everyone", "nfs:no_root_squash", "nfs:insecure" and "nfs:rw" are "yes" as soon as one
/// client has it.
namespace bansoko::inventory::exports {
namespace {

constexpr std::array<std::string_view, 3> kAsked{"no_root_squash", "insecure", "rw"};

bool has_option(std::string_view options, std::string_view wanted) noexcept {
  while (!options.empty()) {
    const std::string_view one = options.substr(0, options.find(','));
    if (trim(one) == wanted) return true;
    options.remove_prefix(std::min(options.size(), one.size() + 1));
  }
  return false;
}

void take_client(std::string_view folder, std::string_view client, const Place& place, Config& config) {
  const auto open = client.find('(');
  const std::string_view host = client.substr(0, open);
  std::string_view options = open == std::string_view::npos ? std::string_view() : client.substr(open + 1);
  if (options.ends_with(')')) options.remove_suffix(1);
  config.each("exports", fmt::format("{} {}", folder, client), place);
  config.any("everyone", host.empty() || host == "*" || host == "0.0.0.0/0", place);
  for (const std::string_view asked : kAsked) config.any(asked, has_option(options, asked), place);
}

void read_file(const Document& document, Config& config) {
  each_joined_line(document.bytes, [&](std::string_view joined, std::uint32_t number) {
    const std::string_view line = trim(before_comment(joined, "#"));
    if (line.empty()) return;
    const Place place{document, number, line};
    std::string_view rest = line;
    std::string_view folder;
    if (line.starts_with('"')) {
      folder = line.substr(1, line.find('"', 1) - 1);
      rest.remove_prefix(std::min(line.size(), folder.size() + 2));
    } else {
      folder = take_word(rest);
    }
    std::string_view client = take_word(rest);
    // Options for all clients that follow: "-ro,async".
    if (client.starts_with('-')) client = take_word(rest);
    if (client.empty()) take_client(folder, "*", place, config);
    for (; !client.empty(); client = take_word(rest)) take_client(folder, client, place, config);
  });
}

constexpr ConfigFormat kFormat{"nfs", read_file};
constexpr std::array<std::string_view, 2> kPaths{"/etc/exports", "/etc/exports.d/*.exports"};

bool recognises(const Document& document) { return file_name(document.name) == "exports"; }

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "exports",
                                 .title = "exports of the NFS server",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::exports
