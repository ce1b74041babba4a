// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/text.h"
#include "base/printable.h"
#include "base/text.h"

/// What `net share` prints, in any language: below a rule, a name and the folder or the printer's port.
namespace bansoko::inventory::net_share {
namespace {

using assess::Host;

bool is_rule(std::string_view line) noexcept {
  return line.size() >= 40 && line.find_first_not_of('-') == std::string_view::npos;
}

struct Share {
  std::string_view name;
  std::string value;  // a folder, "print", or empty for IPC$
};

/// Where "C:\" or "LPT1:" begins.
std::size_t resource_at(std::string_view line) noexcept {
  for (std::size_t i = 0; i + 2 < line.size(); ++i) {
    const char drive = to_lower(line[i]);
    const bool blank_before = i == 0 || line[i - 1] == ' ';
    if (blank_before && drive >= 'a' && drive <= 'z' && line[i + 1] == ':' && line[i + 2] == '\\') return i;
    if (blank_before && (line.substr(i).starts_with("LPT") || line.substr(i).starts_with("COM"))) return i;
  }
  return std::string_view::npos;
}

/// A name of more than twelve letters has its folder on the next line.
std::optional<Share> share_of(std::string_view line, std::string_view before) {
  const std::size_t at = resource_at(line);
  if (at == std::string_view::npos) {
    if (line.starts_with("IPC$")) return Share{"IPC$", {}};
    return {};
  }
  std::string_view name = trim(line.substr(0, at));
  if (name.empty()) name = trim(before);
  if (name.empty()) return {};
  const std::string_view resource = line.substr(at);
  if (resource[1] != ':') return Share{name, "print"};
  // The remark stands behind at least two blanks.
  return Share{name, std::string(trim(resource.substr(0, resource.find("  "))))};
}

struct Listing {
  Host host;
  bool any = false;
};

Listing read_listing(const Document& document, const std::string& text, std::size_t most) {
  Listing made;
  bool below = false;
  std::string_view before;
  for (const Line& line : lines_of(text)) {
    if (is_rule(line.text)) below = true;
    const auto share = below ? share_of(line.text, before) : std::nullopt;
    before = line.text;
    if (!share) continue;
    made.any = true;
    if (!line.ended || made.host.settings.size() == most) {
      add_gap(made.host, assess::Gap::unreadable, "the list of shares is longer than what was read",
              evidence(document.name, line.number, line.text));
      break;
    }
    made.host.settings["share:" + lowered(shown(share->name))] = {
        shown(share->value), evidence(document.name, line.number, line.text)};
  }
  return made;
}

bool recognises(const Document& document) { return read_listing(document, beginning(document.bytes), 1).any; }

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  Listing made = read_listing(document, to_utf8(document.bytes), limits.max_components);
  if (!made.any) return fail(Errc::invalid, "{}:1: not the output of net share", printable(document.name));
  made.host.sources.push_back(document.name);
  add_gap(made.host, assess::Gap::no_settings, "a list of shares is no configuration");
  state_gaps(made.host);
  return std::vector<Host>{std::move(made.host)};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "net_share", .title = "net share", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::net_share
