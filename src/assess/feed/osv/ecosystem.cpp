// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/osv/ecosystem.h"

#include "assess/feed/releases.h"
#include "base/text.h"

namespace bansoko::feed::osv {
namespace {

/// "Ubuntu:Pro:FIPS:22.04:LTS" has versions of its own; that a fix is for subscribers does not change which.
std::string ubuntu(std::string_view rest) {
  std::string release = ubuntu_release(rest), variant;
  while (!rest.empty()) {
    const auto colon = rest.find(':');
    const std::string_view part = rest.substr(0, colon);
    if (part != "Pro" && part != "LTS" && part != release) variant += "-" + lowered(part);
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  return release.empty() ? lowered(rest) : release + variant;
}

std::string enterprise_linux(std::string_view version) {
  return "el" + std::string(version.substr(0, version.find('.')));
}

}  // namespace

Ecosystem ecosystem_of(std::string_view ecosystem) {
  const auto colon = ecosystem.find(':');
  const std::string_view name = ecosystem.substr(0, colon);
  const std::string_view rest =
      colon == std::string_view::npos ? std::string_view() : ecosystem.substr(colon + 1);
  if (name == "Debian") return {"debian", debian_release(rest), true, true};
  if (name == "Ubuntu") return {"ubuntu", ubuntu(rest), true, true};
  if (name == "Red Hat") return {"redhat", redhat_release("cpe:/a:redhat:" + std::string(rest)), true, false};
  if (name == "AlmaLinux") return {"almalinux", enterprise_linux(rest), true, false};
  if (name == "Rocky Linux") return {"rocky", enterprise_linux(rest), true, false};
  if (name == "SUSE" || name == "openSUSE") return {"suse", suse_release(rest), true, false};
  if (name == "Alpine") return {"alpine", std::string(rest), true, true};
  return {"osv:" + std::string(name), {}, false, false};
}

}  // namespace bansoko::feed::osv
