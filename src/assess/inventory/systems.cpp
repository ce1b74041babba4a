// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/systems.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

namespace bansoko::inventory {
namespace {

struct NamedId {
  std::string_view id;
  std::string_view product;
};

constexpr NamedId kIds[] = {
    {"debian", "debian:debian_linux"},
    {"ubuntu", "canonical:ubuntu_linux"},
    {"rhel", "redhat:enterprise_linux"},
    {"centos", "centos:centos"},
    {"sles", "suse:linux_enterprise_server"},
    {"sles_sap", "suse:linux_enterprise_server"},
    {"sled", "suse:linux_enterprise_desktop"},
    {"opensuse-leap", "opensuse:leap"},
    {"opensuse-tumbleweed", "opensuse:tumbleweed"},
    {"opensuse", "opensuse:opensuse"},
    {"ol", "oracle:linux"},
    {"almalinux", "almalinux:almalinux"},
    {"rocky", "rocky:rocky"},
    {"amzn", "amazon:amazon_linux"},
    {"fedora", "fedoraproject:fedora"},
    {"scientific", "scientificlinux:scientific_linux"},
    {"alpine", "alpinelinux:alpine_linux"},
};

struct NamedArch {
  std::string_view name;
  assess::Arch arch;
};

constexpr NamedArch kArchitectures[] = {
    {"x86_64", assess::Arch::x64},    {"amd64", assess::Arch::x64},     {"i386", assess::Arch::x86},
    {"i486", assess::Arch::x86},      {"i586", assess::Arch::x86},      {"i686", assess::Arch::x86},
    {"athlon", assess::Arch::x86},    {"ia64", assess::Arch::ia64},     {"aarch64", assess::Arch::arm64},
    {"arm64", assess::Arch::arm64},   {"armhf", assess::Arch::other},   {"armel", assess::Arch::other},
    {"armv7hl", assess::Arch::other}, {"ppc", assess::Arch::other},     {"ppc64", assess::Arch::other},
    {"ppc64le", assess::Arch::other}, {"s390", assess::Arch::other},    {"s390x", assess::Arch::other},
    {"sparc", assess::Arch::other},   {"mips", assess::Arch::other},    {"mipsel", assess::Arch::other},
    {"ppc64el", assess::Arch::other}, {"riscv64", assess::Arch::other}, {"alpha", assess::Arch::other},
};

/// Packages whose version is that of the release. `dotted`: their own release goes on with it, as that of
/// "centos-release-7-9.2009.1.el7.centos" does.
struct ReleasePackage {
  std::string_view package;
  std::string_view id;
  bool dotted;
};

constexpr ReleasePackage kReleasePackages[] = {
    {"centos-release", "centos", true},
    {"centos-linux-release", "centos", true},
    {"centos-stream-release", "centos", false},
    {"oraclelinux-release", "ol", false},
    {"enterprise-release", "ol", false},
    {"redhat-release", "rhel", false},
    {"redhat-release-server", "rhel", false},
    {"redhat-release-client", "rhel", false},
    {"redhat-release-workstation", "rhel", false},
    {"redhat-release-computenode", "rhel", false},
    {"almalinux-release", "almalinux", false},
    {"rocky-release", "rocky", false},
    {"fedora-release", "fedora", false},
    {"fedora-release-common", "fedora", false},
    {"sl-release", "scientific", false},
    {"sles-release", "sles", false},
    {"SLES-release", "sles", false},
    {"sled-release", "sled", false},
    {"openSUSE-release", "opensuse-leap", false},
    {"Leap-release", "opensuse-leap", false},
    {"base-files", "debian", false},
};

/// Beginnings of what rpm packages say of who built them.
constexpr NamedId kVendors[] = {
    {"CentOS", "centos"},
    {"Red Hat, Inc.", "rhel"},
    {"SUSE ", "sles"},
    {"openSUSE", "opensuse-leap"},
    {"Oracle America", "ol"},
    {"AlmaLinux", "almalinux"},
    {"Rocky", "rocky"},
    {"Amazon", "amzn"},
    {"Fedora Project", "fedora"},
    {"Scientific Linux", "scientific"},
};

/// "7" of "10:7-5.1804.el7": the version alone.
std::string_view version_of(std::string_view whole) noexcept {
  if (const auto colon = whole.find(':'); colon != std::string_view::npos) whole.remove_prefix(colon + 1);
  return whole.substr(0, whole.rfind('-'));
}

/// The digits and dots at the beginning: "5" of "5Server", "12.4" of "12.4+deb12u5".
std::string_view number_of(std::string_view text) noexcept {
  std::string_view number = text.substr(0, text.find_first_not_of("0123456789."));
  while (number.ends_with('.')) number.remove_suffix(1);
  return number;
}

/// "7.5.1804" of "7-5.1804.el7.centos": the release up to its mark.
std::string dotted_release(std::string_view whole, std::string_view version) {
  const auto hyphen = whole.rfind('-');
  if (hyphen == std::string_view::npos) return std::string(version);
  std::string_view rest = whole.substr(hyphen + 1);
  rest = rest.substr(0, rest.find(".el"));
  std::array<std::string_view, 2> parts;
  for (auto& part : parts) {
    part = rest.substr(0, rest.find('.'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (part.empty() || part.find_first_not_of("0123456789") != std::string_view::npos)
      return std::string(version);
  }
  // "8.4-1.2105.el8": the version has the minor already, the release counts builds of it first. "5-11.el5"
  // has no second part, and ended above.
  if (version.find('.') != std::string_view::npos) return fmt::format("{}.{}", version, parts[1]);
  return fmt::format("{}.{}.{}", version, parts[0], parts[1]);
}

/// CentOS 5 and 6 count the minor in the release: "5-11.el5.centos", "6-10.el6.centos.12.3".
std::string centos_release(std::string_view whole, std::string_view version) {
  std::string made = dotted_release(whole, version);
  const auto hyphen = whole.rfind('-');
  if (made != version || hyphen == std::string_view::npos || made.find('.') != std::string::npos) return made;
  const std::string_view minor = number_of(whole.substr(hyphen + 1, whole.find(".el", hyphen) - hyphen - 1));
  return minor.empty() ? made : fmt::format("{}.{}", made, minor);
}

bool tell_by_release_package(assess::Host& host) {
  for (const ReleasePackage& row : kReleasePackages)
    for (const assess::Component& package : host.components) {
      const bool debian = row.id == "debian";
      if (package.name != row.package || (package.ecosystem == assess::Ecosystem::deb) != debian) continue;
      // Ubuntu's base-files counts differently ("12ubuntu4.6"), as those of other descendants do.
      const std::string_view whole = package.version;
      if (debian && (whole.find_first_not_of("0123456789.") != std::string_view::npos &&
                     whole.find("+deb") == std::string_view::npos))
        continue;
      host.os.product = product_of_id(row.id);
      std::string_view version = number_of(version_of(whole));
      if (debian) version = version.substr(0, version.find('.'));  // "12.4+deb12u11" is of Debian 12.11
      host.os.version = row.dotted ? centos_release(whole, version) : std::string(version);
      if (package.name == "centos-stream-release") host.os.edition = "stream";
      host.os.name = fmt::format("{} {}", package.name, package.version);
      host.os.evidence = package.evidence;
      return true;
    }
  return false;
}

/// The number of the mark that Enterprise Linux and those rebuilt from it leave in releases: "8" of
/// "42.el8_8".
std::string_view distribution_mark(std::string_view version) noexcept {
  const auto at = version.rfind(".el");
  return at == std::string_view::npos ? std::string_view() : number_of(version.substr(at + 3));
}

std::string most_common(const std::map<std::string, std::size_t, std::less<>>& counts) {
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? std::string() : most->first;
}

void tell_by_vendor(assess::Host& host) {
  std::map<std::string, std::size_t, std::less<>> vendors, marks;
  for (const assess::Component& package : host.components) {
    if (!package.vendor.empty()) ++vendors[package.vendor];
    if (const auto mark = distribution_mark(package.version); !mark.empty()) ++marks[std::string(mark)];
  }
  const std::string vendor = most_common(vendors);
  for (const NamedId& row : kVendors) {
    if (!vendor.starts_with(row.id)) continue;
    host.os.product = product_of_id(row.product);
    host.os.version = most_common(marks);
    host.os.name = vendor;
    for (const assess::Component& package : host.components)
      if (package.vendor == vendor) {
        host.os.evidence = package.evidence;
        return;
      }
  }
}

}  // namespace

std::string_view product_of_id(std::string_view id) noexcept {
  for (const NamedId& row : kIds)
    if (row.id == id) return row.product;
  return {};
}

assess::Arch arch_of(std::string_view name) noexcept {
  for (const NamedArch& row : kArchitectures)
    if (row.name == name) return row.arch;
  return assess::Arch::unknown;
}

void tell_system(assess::Host& host) {
  if (host.os.product.empty() && !tell_by_release_package(host)) tell_by_vendor(host);
  if (host.os.arch != assess::Arch::unknown) return;
  std::map<std::string, std::size_t, std::less<>> counts;
  for (const assess::Component& package : host.components)
    if (arch_of(package.arch) != assess::Arch::unknown) ++counts[package.arch];
  host.os.arch = arch_of(most_common(counts));
}

bool refine(assess::OperatingSystem& system, const assess::OperatingSystem& other) {
  if (system.product.empty() && system.name.empty()) {
    const assess::Arch arch = system.arch;
    system = other;
    if (system.arch == assess::Arch::unknown) system.arch = arch;
    return true;
  }
  const bool longer = system.version.empty() || other.version.starts_with(system.version + ".");
  const bool same = longer || other.version.empty() || other.version == system.version ||
                    system.version.starts_with(other.version + ".");
  if (!other.product.empty() && (other.product != system.product || !same)) return false;
  if (longer && !other.product.empty()) system.version = other.version;
  if (system.edition.empty()) system.edition = other.edition;
  if (system.arch == assess::Arch::unknown) system.arch = other.arch;
  return true;
}

}  // namespace bansoko::inventory
