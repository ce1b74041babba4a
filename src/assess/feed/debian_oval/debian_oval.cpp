// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/oval_document.h"
#include "assess/feed/releases.h"

/// https://www.debian.org/security/oval/: one document per release, of its source packages.
namespace bansoko::feed::debian_oval {
namespace {

std::vector<std::string> releases(const xml::Node& definition) {
  constexpr std::string_view kPlatform = "Debian GNU/Linux ";
  const std::string_view platform = definition.text_at("metadata/affected/platform");
  if (!platform.starts_with(kPlatform)) return {};
  return {debian_release(platform.substr(kPlatform.size()))};
}

/// "DSA-5179-1 php7.4" is the title of a patch; a vulnerability names its advisory without the revision.
std::string advisory(const xml::Node& definition) {
  const std::string_view title = definition.text_at("metadata/title");
  if (title.starts_with("DSA-") || title.starts_with("DLA-"))
    return std::string(title.substr(0, title.find(' ')));
  return std::string(definition.text_at("metadata/debian/dsa"));
}

assess::FixStatus status(std::string_view) { return assess::FixStatus::affected; }

std::string scope(std::string_view, const std::vector<std::string>& releases) {
  std::string all;
  for (const std::string& one : releases) all += (all.empty() ? "" : " ") + one;
  return all;
}

bool recognises(std::string_view, std::string_view head) {
  return is_oval(head, "product_name>Debian<") || is_oval(head, "oval:org.debian");
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  static constexpr OvalVendor kDebian{.distribution = "debian",
                                      .names_sources = true,
                                      .releases = releases,
                                      .advisory = advisory,
                                      .status = status,
                                      .scope = scope};
  return read_oval(input, sink, limits, kDebian);
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "debian-oval",
                                      .title = "Debian security advisories and vulnerabilities, OVAL",
                                      .licence = "as Debian publishes it: no licence is stated",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::debian_oval
