// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/sysctls.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace bansoko::capture {
namespace {

/// Without the last two a frame with a VLAN tag, or of a PPPoE session, would cross the bridge unseen.
constexpr std::array<std::string_view, 4> kSysctls{
    "net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables",
    "net.bridge.bridge-nf-filter-vlan-tagged", "net.bridge.bridge-nf-filter-pppoe-tagged"};
using Values = std::array<std::optional<int>, kSysctls.size()>;

std::string path_of(std::string_view sysctl) {
  std::string path = "/proc/sys/" + std::string(sysctl);
  for (auto at = path.find('.'); at != std::string::npos; at = path.find('.', at)) path[at] = '/';
  return path;
}

Result<int> read_sysctl(std::string_view sysctl) {
  std::ifstream file(path_of(sysctl));
  int value = 0;
  if (!(file >> value))
    return fail(Errc::unsupported,
                "{}: not there; the kernel module br_netfilter must be loaded for a bridge", sysctl);
  return value;
}

Result<> write_sysctl(std::string_view sysctl, int value) {
  std::ofstream file(path_of(sysctl));
  file << value << std::flush;
  if (!file) return fail(Errc::denied, "{}: cannot be set to {}: {}", sysctl, value, std::strerror(errno));
  return {};
}

/// {"net.bridge.…": 0, …}; only names that we know are ever taken from it.
Result<std::optional<Values>> read_state(const std::string& state_file) {
  std::ifstream file(state_file);
  if (!file && errno == ENOENT) return std::optional<Values>{};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) return fail(Errc::io, "{}: {}", state_file, std::strerror(errno));
  Values values;
  for (std::size_t i = 0; i < kSysctls.size(); ++i) {
    const std::string key = fmt::format("\"{}\": ", kSysctls[i]);
    const auto at = text.find(key);
    int value = 0;
    if (at == std::string::npos) continue;
    const char* const number = text.data() + at + key.size();
    if (std::from_chars(number, text.data() + text.size(), value).ec != std::errc{})
      return fail(Errc::invalid, "{}: {} has no number", state_file, kSysctls[i]);
    values[i] = value;
  }
  return std::optional(values);
}

/// Written beside and renamed: a crash leaves the whole file or none.
Result<> write_state(const std::string& state_file, const Values& values) {
  std::error_code error;
  const std::filesystem::path path(state_file);
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) return fail(Errc::io, "{}: {}", path.parent_path().string(), error.message());
  const std::string beside = state_file + ".new";
  std::ofstream file(beside, std::ios::trunc);
  for (std::size_t i = 0; i < kSysctls.size(); ++i)
    file << (i == 0 ? "{" : ", ") << '"' << kSysctls[i] << "\": " << values[i].value_or(0);
  file << "}\n";
  file.close();
  if (!file) return fail(Errc::io, "{}: {}", beside, std::strerror(errno));
  std::filesystem::rename(beside, path, error);
  if (error) return fail(Errc::io, "{}: {}", state_file, error.message());
  return {};
}

}  // namespace

Result<> show_bridged_packets(const std::string& state_file) {
  BANSOKO_TRY(const auto left_behind, read_state(state_file));
  if (!left_behind) {
    Values now;
    for (std::size_t i = 0; i < kSysctls.size(); ++i) {
      BANSOKO_TRY(now[i], read_sysctl(kSysctls[i]));
    }
    BANSOKO_CHECK(write_state(state_file, now));
  }
  for (const std::string_view sysctl : kSysctls) {
    if (auto written = write_sysctl(sysctl, 1); !written) {
      BANSOKO_CHECK(restore_sysctls(state_file));
      return written;
    }
  }
  return {};
}

Result<> restore_sysctls(const std::string& state_file) {
  BANSOKO_TRY(const auto before, read_state(state_file));
  if (!before) return {};
  for (std::size_t i = 0; i < kSysctls.size(); ++i) {
    if (!(*before)[i]) continue;
    BANSOKO_CHECK(write_sysctl(kSysctls[i], *(*before)[i]));
  }
  std::error_code error;
  if (!std::filesystem::remove(state_file, error) && error)
    return fail(Errc::io, "{}: {}", state_file, error.message());
  return {};
}

}  // namespace bansoko::capture
