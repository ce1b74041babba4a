// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/nmap/host_node.h"
#include "assess/inventory/text.h"
#include "assess/xml/records.h"
#include "base/printable.h"
#include "base/text.h"

/// What `nmap -oX` writes (its nmap.dtd).
namespace bansoko::inventory::nmap {
namespace {

using assess::Host;

bool recognises(const Document& document) {
  const std::string text = beginning(document.bytes);
  return trim(text).starts_with('<') && text.find("<nmaprun") != std::string::npos;
}

/// nmap names its document type, which says nothing: exactly that is taken away, and any other is refused.
std::string without_doctype(const std::string& bytes) {
  constexpr std::string_view kHarmless = "<!DOCTYPE nmaprun>";
  const std::size_t root = bytes.find("<nmaprun"), at = bytes.find(kHarmless);
  std::string made = bytes;
  if (at < root && root != std::string::npos) made.replace(at, kHarmless.size(), kHarmless.size(), ' ');
  return made;
}

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  std::vector<Host> hosts;
  bool any = false, cut = false;
  const auto take = [&](std::string_view, xml::Node& node) -> Result<> {
    any = true;
    auto host = read_host(document, node, limits);
    if (!host) return {};
    cut = cut || hosts.size() == limits.max_hosts;
    if (!cut) hosts.push_back(std::move(*host));
    return {};
  };
  xml::Records records([](const xml::Element& element) { return element.path == "nmaprun/host"; }, take);
  const auto done = xml::parse(without_doctype(document.bytes), records,
                               {.max_bytes = limits.max_bytes, .max_depth = limits.max_depth});
  if (!done && (!any || done.error().code == Errc::denied))
    return fail(done.error().code, "{}: {}", printable(document.name), done.error().message);
  if (!hosts.empty() && (cut || !done))
    add_gap(hosts.back(), assess::Gap::unreadable,
            cut ? "the scan tells of more hosts than are read"
                : "the scan breaks off here: " + done.error().message);
  return hosts;
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "nmap", .title = "nmap -oX", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::nmap
