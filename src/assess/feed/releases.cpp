// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/releases.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.h"

namespace bansoko::feed {
namespace {

struct Codename {
  std::string_view version;
  std::string_view name;
};

// https://www.debian.org/releases/
constexpr std::array kDebian{
    Codename{"2.0", "hamm"},    Codename{"2.1", "slink"},   Codename{"2.2", "potato"},
    Codename{"3.0", "woody"},   Codename{"3.1", "sarge"},   Codename{"4", "etch"},
    Codename{"5", "lenny"},     Codename{"6", "squeeze"},   Codename{"7", "wheezy"},
    Codename{"8", "jessie"},    Codename{"9", "stretch"},   Codename{"10", "buster"},
    Codename{"11", "bullseye"}, Codename{"12", "bookworm"}, Codename{"13", "trixie"},
    Codename{"14", "forky"}};

constexpr bool is_decimal(char c) noexcept { return c >= '0' && c <= '9'; }

std::string_view digits_of(std::string_view text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), is_decimal);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// Whether a CPE's part says which Enterprise Linux: "el8".
bool names_linux(std::string_view part) noexcept {
  return part.starts_with("el") && part.size() > 2 && digits_of(part.substr(2)).size() == part.size() - 2;
}

std::vector<std::string_view> parts_of(std::string_view cpe) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto colon = cpe.find(':');
    parts.push_back(cpe.substr(0, colon));
    if (colon == std::string_view::npos || parts.size() == 16) return parts;
    cpe.remove_prefix(colon + 1);
  }
}

}  // namespace

std::string debian_release(std::string_view version) {
  for (const Codename& one : kDebian)
    if (version == one.version ||
        (digits_of(one.version) == one.version && digits_of(version) == one.version))
      return std::string(one.name);
  return std::string(version);
}

std::string ubuntu_release(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view year = digits_of(text.substr(at));
    const std::string_view rest = text.substr(at + year.size());
    const bool point = !year.empty() && year.size() <= 2 && rest.starts_with('.');
    if (point && digits_of(rest.substr(1)).size() == 2) return std::string(text.substr(at, year.size() + 3));
    if (!year.empty()) at += year.size();
  }
  return {};
}

std::string redhat_release(std::string_view cpe) {
  const auto parts = parts_of(cpe);
  if (parts.size() < 5 || parts[0] != "cpe" || parts[2] != "redhat") return {};
  const std::string_view product = parts[3], version = parts[4];
  const std::string major(digits_of(version));
  if (product == "enterprise_linux") return major.empty() ? std::string() : "el" + major;
  std::string release = std::string(product) + "-" + std::string(version);
  for (std::size_t i = 5; i < parts.size(); ++i)
    if (names_linux(parts[i])) return release + "-" + std::string(parts[i]);
  if (product.starts_with("rhel_") && !major.empty() && product != "rhel_software_collections")
    release += "-el" + major;
  return release;
}

std::string cpe_release(std::string_view cpe) {
  const auto parts = parts_of(cpe);
  if (parts.size() < 4 || (parts[2] != "suse" && parts[2] != "opensuse")) return redhat_release(cpe);
  // Modules are where Enterprise Linux keeps its packages from 15 on.
  const bool is_server = parts[3].starts_with("sle-module-") || parts[3] == "suse_sles";
  std::string release(is_server ? "sles" : parts[3]);
  for (std::size_t i = 4; i < parts.size() && i < 6; ++i)
    if (!parts[i].empty()) release += "-" + std::string(parts[i]);
  return release;
}

std::string suse_release(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> products{
      {{"Linux Enterprise Server ", "sles-"}, {"Leap ", "leap-"}}};
  const auto versioned = [](std::string_view version) {
    std::string text = lowered(version);
    std::ranges::replace(text, ' ', '-');
    return text;
  };
  if (name.starts_with("Linux Enterprise Module for ")) {
    const auto digit = name.find_first_of("0123456789");
    if (digit != std::string_view::npos && name[digit - 1] == ' ')
      return "sles-" + versioned(name.substr(digit));
  }
  for (const auto& [words, product] : products)
    if (name.starts_with(words) && !digits_of(name.substr(words.size())).empty())
      return std::string(product) + versioned(name.substr(words.size()));
  return lowered(name);
}

}  // namespace bansoko::feed
