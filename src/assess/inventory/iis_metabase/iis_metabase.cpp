// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/text.h"
#include "assess/xml/reader.h"
#include "base/printable.h"
#include "base/text.h"

/// MetaBase.xml of IIS 6: which endings of names scripts answer ("iis:scriptmap:.ida"), and which extensions
/// are allowed ("iis:extension:webdav": "1"). Of several places that map an ending, the first counts as
/// evidence.
namespace bansoko::inventory::iis_metabase {
namespace {

using assess::Host;

class Metabase final : public xml::Handler {
 public:
  Metabase(const Document& document, const Limits& limits, Host& host)
      : document_(document), limits_(limits), host_(host) {}

  Result<> begin(const xml::Element& element) override {
    if (const auto maps = element.attribute("ScriptMaps"); !maps.empty())
      read_maps(maps, element.attribute("Location"));
    if (const auto list = element.attribute("WebSvcExtRestrictionList"); !list.empty()) read_extensions(list);
    return {};
  }
  Result<> end(const xml::Element&) override { return {}; }

 private:
  /// ".ida,C:\WINDOWS\system32\idq.dll,7,GET,HEAD,POST", one after the other.
  void read_maps(std::string_view maps, std::string_view location) {
    for (const std::string& one : entries(maps, [](std::string_view word) { return word.starts_with('.'); }))
      if (const auto parts = split(one, ',', 3); parts.size() > 1)
        put("iis:scriptmap:" + lowered(parts[0]), parts[1], fmt::format("{} {}", location, one));
  }

  /// "1,C:\WINDOWS\system32\inetsrv\httpext.dll,0,WEBDAV,WebDAV": allowed, program, may be deleted, group,
  /// name.
  void read_extensions(std::string_view list) {
    for (const std::string& one : entries(
             list, [](std::string_view word) { return word.starts_with("0,") || word.starts_with("1,"); }))
      if (const auto parts = split(one, ',', 5); parts.size() > 3)
        put("iis:extension:" + lowered(parts[3]), parts[0], one);
  }

  /// XML makes blanks of the line ends between entries, and paths hold blanks too: an entry begins where a
  /// word looks like its beginning.
  static std::vector<std::string> entries(std::string_view text, bool (*begins)(std::string_view)) {
    std::vector<std::string> made;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
      const std::string_view word = text.substr(0, end);
      if (begins(word) && word.find(',') != std::string_view::npos)
        made.emplace_back(word);
      else if (!made.empty() && !word.empty())
        made.back().append(" ").append(word);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return made;
  }

  void put(const std::string& name, std::string_view value, std::string_view text) {
    if (host_.settings.size() < limits_.max_components)
      host_.settings.emplace(shown(name, limits_.max_text),
                             assess::Setting{shown(trim(value)), evidence(document_.name, 0, text)});
    else
      add_gap(host_, assess::Gap::unreadable, "more settings of IIS than are read");
  }

  const Document& document_;
  const Limits& limits_;
  Host& host_;
};

bool recognises(const Document& document) { return has(beginning(document.bytes), "XML_Metabase_V"); }

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  Host host;
  host.sources.push_back(document.name);
  Metabase handler(document, limits, host);
  const auto done =
      xml::parse(document.bytes, handler, {.max_bytes = limits.max_bytes, .max_depth = limits.max_depth});
  if (!done && (host.settings.empty() || done.error().code == Errc::denied))
    return fail(done.error().code, "{}: {}", printable(document.name), done.error().message);
  if (!done) add_gap(host, assess::Gap::unreadable, done.error().message);
  // "w3svc" in the tree is IIS itself.
  host.components.push_back({.kind = assess::ComponentKind::feature,
                             .ecosystem = assess::Ecosystem::windows,
                             .name = "iis",
                             .product = "microsoft:internet_information_services",
                             .version = "6.0",
                             .evidence = evidence(document.name, 0, "MetaBase.xml")});
  state_gaps(host);
  return std::vector<Host>{std::move(host)};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "iis_metabase", .title = "MetaBase.xml of IIS", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::iis_metabase
