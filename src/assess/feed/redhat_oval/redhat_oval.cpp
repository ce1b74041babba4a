// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "assess/feed/oval_document.h"
#include "assess/feed/releases.h"
#include "assess/feed/xml_feed.h"

/// Red Hat's OVAL, version 2 (https://www.redhat.com/security/data/oval/v2/): one document per stream;
/// "-including-unpatched" also says what is not fixed and what is not affected.
namespace bansoko::feed::redhat_oval {
namespace {

/// Of plain Enterprise Linux it is enough to say which; a layered product has one release for each
/// Enterprise Linux that it runs on, said by the longer of its CPEs.
std::vector<std::string> releases_of_cpes(const xml::Node& cpes) {
  std::vector<std::string> all;
  for (const xml::Node& cpe : cpes.children)
    if (std::string release = redhat_release(cpe.text); !release.empty()) all.push_back(std::move(release));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  const auto layered = [](const std::string& one) { return one.find('-') != std::string::npos; };
  if (!std::all_of(all.begin(), all.end(), layered)) {
    all.erase(std::remove_if(all.begin(), all.end(), layered), all.end());
    return all;
  }
  const auto on_linux = [](const std::string& one) { return one.find("-el") != std::string::npos; };
  if (std::any_of(all.begin(), all.end(), on_linux))
    all.erase(std::remove_if(all.begin(), all.end(), std::not_fn(on_linux)), all.end());
  return all;
}

std::vector<std::string> releases(const xml::Node& definition) {
  if (const xml::Node* const cpes = definition.at("metadata/advisory/affected_cpe_list"))
    if (auto all = releases_of_cpes(*cpes); !all.empty()) return all;
  constexpr std::string_view kPlatform = "Red Hat Enterprise Linux ";
  const std::string_view platform = definition.text_at("metadata/affected/platform");
  if (!platform.starts_with(kPlatform)) return {};
  return {"el" + std::string(platform.substr(kPlatform.size()))};
}

std::string advisory(const xml::Node& definition) {
  for (const std::string_view source : {"RHSA", "RHBA", "RHEA"})
    if (const auto id = oval_reference(definition, source); !id.empty()) return std::string(id);
  return {};
}

assess::FixStatus status(std::string_view) { return assess::FixStatus::affected; }

std::string scope(std::string_view name, const std::vector<std::string>&) {
  return std::string(file_stem(name));
}

bool recognises(std::string_view, std::string_view head) {
  return is_oval(head, "product_name>Red Hat") || is_oval(head, "oval:com.redhat.");
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  static constexpr OvalVendor kRedHat{.distribution = "redhat",
                                      .names_sources = false,
                                      .releases = releases,
                                      .advisory = advisory,
                                      .status = status,
                                      .scope = scope};
  return read_oval(input, sink, limits, kRedHat);
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "redhat-oval",
                                      .title = "Red Hat security data, OVAL version 2",
                                      .licence = "CC-BY-4.0",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::redhat_oval
