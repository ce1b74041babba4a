// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "assess/model/host.h"

namespace bansoko::inventory {

/// A name of CPE 2.2 ("cpe:/o:microsoft:windows_xp::sp3") or 2.3 ("cpe:2.3:a:openbsd:openssh:5.3:*:…"),
/// NISTIR 7695: in lower case, without escapes; what is any or none is empty.
struct Cpe {
  char part = 'a';
  std::string vendor = {}, product = {}, version = {}, update = {};

  assess::ProductId id() const { return vendor + ":" + product; }
};
std::optional<Cpe> parse_cpe(std::string_view text);

/// A package URL: "pkg:rpm/centos/openssl-libs@1.0.2k-19.el7?arch=x86_64&epoch=1&distro=centos-7".
struct PackageUrl {
  std::string type = {};  // in lower case
  std::string space = {}, name = {}, version = {};
  std::map<std::string, std::string, std::less<>> qualifiers = {};

  std::string_view qualifier(std::string_view key) const noexcept {
    const auto at = qualifiers.find(key);
    return at == qualifiers.end() ? std::string_view() : std::string_view(at->second);
  }
};
std::optional<PackageUrl> parse_purl(std::string_view text);

}  // namespace bansoko::inventory
