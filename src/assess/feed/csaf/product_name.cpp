// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "assess/feed/csaf/product_tree.h"

namespace bansoko::feed::csaf {
namespace {

constexpr std::array<std::string_view, 20> kArchitectures{
    "x86_64",  "i386",    "i486",   "i586",  "i686",  "aarch64",      "ppc",
    "ppc64",   "ppc64le", "s390",   "s390x", "ia64",  "armv7hl",      "armv7l",
    "riscv64", "athlon",  "noarch", "src",   "nosrc", "aarch64_ilp32"};

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    made += escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return made;
}

/// The value of a qualifier of a package URL: "arch=src&epoch=1".
std::string qualifier(std::string_view all, std::string_view name) {
  while (!all.empty()) {
    const std::string_view one = all.substr(0, all.find('&'));
    all.remove_prefix(std::min(one.size() + 1, all.size()));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
      return percent_decoded(one.substr(name.size() + 1));
  }
  return {};
}

void set_arch(std::string_view arch, Product& product) {
  product.is_source = arch == "src" || arch == "nosrc";
  if (!product.is_source && arch != "noarch") product.arch = arch;
}

/// "nodejs:18" of "nodejs:18:8080020230718162134:63b34585".
std::string module_stream(std::string_view module) {
  const auto first = module.find(':');
  if (first == std::string_view::npos) return std::string(module);
  return std::string(module.substr(0, module.find(':', first + 1)));
}

/// Splits "epoch:version-release" off a name.
void split_version(std::string_view text, Product& product) {
  product.package = text;
  const auto release = text.rfind('-');
  if (release == std::string_view::npos || release == 0) return;
  const auto version = text.rfind('-', release - 1);
  if (version == std::string_view::npos || version == 0 || version + 1 == release) return;
  product.package = text.substr(0, version);
  text.remove_prefix(version + 1);
  if (text.starts_with("0:")) text.remove_prefix(2);
  product.version = text;
}

}  // namespace

Product product_of_purl(std::string_view purl) {
  Product product;
  purl = purl.substr(0, purl.find('#'));
  const auto question = purl.find('?');
  const std::string_view qualifiers =
      question == std::string_view::npos ? std::string_view() : purl.substr(question + 1);
  purl = purl.substr(0, question);
  const bool module = purl.starts_with("pkg:rpmmod/");
  if (!module && !purl.starts_with("pkg:rpm/")) return product;
  const auto at = purl.rfind('@');
  const std::string_view path = purl.substr(0, at);
  std::string version = at == std::string_view::npos ? std::string() : percent_decoded(purl.substr(at + 1));
  product.package = percent_decoded(path.substr(path.rfind('/') + 1));
  if (module) {
    product.module = module_stream(product.package + ":" + version);
    return product;
  }
  product.kind = Product::Kind::package;
  const std::string epoch = qualifier(qualifiers, "epoch");
  if (!version.empty() && !epoch.empty() && epoch != "0") version.insert(0, epoch + ":");
  product.version = std::move(version);
  product.module = module_stream(qualifier(qualifiers, "rpmmod"));
  set_arch(qualifier(qualifiers, "arch"), product);
  return product;
}

Product product_of_name(std::string_view name) {
  Product product{.kind = Product::Kind::package};
  const auto slash = name.find('/');
  if (slash != std::string_view::npos) {
    const std::string_view module = name.substr(0, slash);
    if (module.find(':') == std::string_view::npos) return {};  // an image of a container
    product.module = module;
    name.remove_prefix(slash + 1);
  }
  const auto dot = name.rfind('.');
  const bool has_arch =
      dot != std::string_view::npos &&
      std::find(kArchitectures.begin(), kArchitectures.end(), name.substr(dot + 1)) != kArchitectures.end();
  if (has_arch) {
    set_arch(name.substr(dot + 1), product);
    split_version(name.substr(0, dot), product);
  } else {
    product.package = name;
    product.is_source = true;  // a component, by the name of its source
  }
  return product;
}

}  // namespace bansoko::feed::csaf
