// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/oval_document.h"
#include "assess/feed/releases.h"
#include "assess/feed/xml_feed.h"

/// https://security-metadata.canonical.com/oval/: per release one document by CVE and one by notice (USN);
/// those that begin with "oci." search the manifest of a container and say the same.
namespace bansoko::feed::ubuntu_oval {
namespace {

using assess::FixStatus;

std::vector<std::string> releases(const xml::Node& definition) {
  std::string release = ubuntu_release(definition.text_at("metadata/affected/platform"));
  if (release.empty()) return {};
  return {std::move(release)};
}

/// A CVE that more than one notice fixes says not which of them is for which package.
std::string advisory(const xml::Node& definition) {
  const std::string_view notice = oval_reference(definition, "USN");
  if (!notice.empty()) return std::string(notice);
  const xml::Node* const cve = definition.at("metadata/advisory/cve");
  const std::string_view notices = cve == nullptr ? std::string_view() : cve->attribute("usns");
  if (notices.empty() || notices.find(',') != std::string_view::npos) return {};
  return "USN-" + std::string(notices);
}

bool says(std::string_view comment, std::string_view words) noexcept {
  return comment.find(words) != std::string_view::npos;
}

FixStatus status(std::string_view comment) {
  if (says(comment, "is not affected")) return FixStatus::not_affected;
  if (says(comment, "decision has been made to ignore")) return FixStatus::will_not_fix;
  if (says(comment, "may need fixing") || says(comment, "is not known") ||
      says(comment, "pending evaluation"))
    return FixStatus::undetermined;
  return FixStatus::affected;
}

std::string scope(std::string_view name, const std::vector<std::string>&) {
  return std::string(file_stem(name));
}

bool recognises(std::string_view, std::string_view head) {
  return is_oval(head, "product_name>Canonical") || is_oval(head, "oval:com.ubuntu.");
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  static constexpr OvalVendor kUbuntu{.distribution = "ubuntu",
                                      .names_sources = false,
                                      .releases = releases,
                                      .advisory = advisory,
                                      .status = status,
                                      .scope = scope};
  return read_oval(input, sink, limits, kUbuntu);
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "ubuntu-oval",
                                      .title = "Ubuntu security notices and vulnerabilities, OVAL",
                                      .licence = "CC-BY-SA-4.0",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::ubuntu_oval
