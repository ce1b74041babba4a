// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/records_of.h"
#include "assess/inventory/text.h"
#include "base/printable.h"
#include "base/text.h"

/// Versions of files, as `wmic datafile … get Name,Version` prints them: settings "file:c:\windows\…".
namespace bansoko::inventory::file_versions {
namespace {

using assess::Host;

bool is_path(std::string_view name) noexcept { return name.size() > 3 && name[1] == ':' && name[2] == '\\'; }

bool recognises(const Document& document) {
  const std::vector<Record> records = records_of(beginning(document.bytes), "version", 64);
  return std::any_of(records.begin(), records.end(),
                     [](const Record& one) { return is_path(one.get("name")); });
}

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  Host host;
  host.sources.push_back(document.name);
  const std::vector<Record> records = records_of(to_utf8(document.bytes), "version", limits.max_components);
  if (records.size() == limits.max_components)
    add_gap(host, assess::Gap::unreadable, "more files than are read");
  for (const Record& record : records) {
    const assess::Evidence seen = evidence(document.name, record.line, record.text);
    if (record.cut)
      add_gap(host, assess::Gap::unreadable, "the file ends within a version", seen);
    else if (is_path(record.get("name")) && !record.get("version").empty())
      host.settings["file:" + lowered(shown(record.get("name"), limits.max_text))] = {
          shown(record.get("version")), seen};
  }
  if (host.settings.empty() && host.missing.empty())
    return fail(Errc::invalid, "{}:1: no versions of files", printable(document.name));
  add_gap(host, assess::Gap::no_settings, "versions of files are no configuration");
  state_gaps(host);
  return std::vector<Host>{std::move(host)};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "file_versions", .title = "wmic datafile", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::file_versions
