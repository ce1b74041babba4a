// SPDX-License-Identifier: Apache-2.0
#include "lockdown/trust/physical_folders.h"

#include <array>
#include <climits>

#include <unistd.h>

namespace bansoko::trust {
namespace {

constexpr int kMostLinks = 40;  // as the kernel: path_resolution(7)

}  // namespace

const std::string& PhysicalFolders::of(std::string_view folder) {
  const auto [at, is_new] = known_.try_emplace(std::string(folder));
  if (!is_new) return at->second;
  const auto slash = folder.rfind('/');
  // References into the map stay valid when others are added.
  std::string& place = at->second;
  if (slash == std::string_view::npos) return place;
  const std::string& parent = of(folder.substr(0, slash));
  place = step(parent, folder.substr(slash + 1), 0);
  return place;
}

std::string PhysicalFolders::step(const std::string& parent, std::string_view name, int links) {
  if (name.empty() || name == ".") return parent;
  if (name == "..") return parent.substr(0, parent.rfind('/') == std::string::npos ? 0 : parent.rfind('/'));
  std::string path = parent + "/" + std::string(name);
  std::array<char, PATH_MAX> target{};
  const auto size = ::readlink((root_ + path).c_str(), target.data(), target.size());
  if (size <= 0 || static_cast<std::size_t>(size) == target.size() || links >= kMostLinks) return path;
  const std::string_view to(target.data(), static_cast<std::size_t>(size));
  return resolve(to.front() == '/' ? std::string(to) : parent + "/" + std::string(to), links + 1);
}

std::string PhysicalFolders::resolve(std::string_view path, int links) {
  std::string place;
  while (!path.empty()) {
    const auto slash = path.find('/');
    place = step(place, path.substr(0, slash), links);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return place;
}

}  // namespace bansoko::trust
