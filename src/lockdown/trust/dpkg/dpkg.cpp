// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/printable.h"
#include "base/text.h"
#include "lockdown/trust/dpkg/status.h"
#include "lockdown/trust/hexadecimal.h"
#include "lockdown/trust/source.h"

/// Packages of dpkg: info/NAME.list has their files, info/NAME.md5sums the sums of most of them, status those
/// of their configuration files (deb-md5sums(5), deb-conffiles(5)). All sums are MD5.
namespace bansoko::trust::dpkg {
namespace {

constexpr std::size_t kMaxStatus = std::size_t{256} << 20U;
constexpr std::size_t kMaxFile = std::size_t{64} << 20U;  // of one package's list or sums
constexpr std::size_t kSum = 32;                          // digits of an MD5

using Sums = std::unordered_map<std::string_view, std::string_view>;  // path without its first slash, MD5

class Reader {
 public:
  Reader(const std::string& folder, const Diversions& diversions, Collector& into)
      : info_(folder + "/info/"), diversions_(diversions), into_(into) {}

  void read(const Package& package) {
    into_.package(package.name, package.version);
    // Of packages that were there before their system knew several architectures the name is the short one.
    const std::string with_architecture = fmt::format("{}:{}", package.name, package.architecture);
    for (const std::string& name :
         {package.multi_arch_same ? with_architecture : std::string(package.name),
          package.multi_arch_same ? std::string(package.name) : with_architecture}) {
      const auto list = read_file(info_ + name + ".list", kMaxFile);
      if (!list && list.error().code == Errc::not_found) continue;
      if (!list) return into_.fault("dpkg: " + list.error().message);
      const std::string sums = read_sums(info_ + name + ".md5sums");
      return add_files(package, *list, parse_sums(sums, name));
    }
    into_.fault(fmt::format("dpkg: {} has no list of its files", printable(package.name)));
  }

 private:
  /// A package may have none.
  std::string read_sums(const std::string& path) {
    auto sums = read_file(path, kMaxFile);
    if (sums) return std::move(*sums);
    if (sums.error().code != Errc::not_found) into_.fault("dpkg: " + sums.error().message);
    return {};
  }

  Sums parse_sums(std::string_view text, const std::string& name) {
    Sums sums;
    std::size_t wrong = 0;
    while (!text.empty()) {
      const std::string_view line = next_line(text);
      constexpr std::size_t kBetween = 2;  // blanks, or a blank and '*'
      if (line.size() <= kSum + kBetween || line[kSum] != ' ') {
        ++wrong;
        continue;
      }
      std::string_view path = line.substr(kSum + kBetween);
      if (path.starts_with("./")) path.remove_prefix(2);
      if (path.starts_with("/")) path.remove_prefix(1);
      sums.insert_or_assign(path, line.substr(0, kSum));
    }
    if (wrong != 0)
      into_.fault(fmt::format("dpkg: {} lines of {}.md5sums are no sums", wrong, printable(name)));
    return sums;
  }

  void add_files(const Package& package, std::string_view list, const Sums& sums) {
    while (!list.empty()) {
      const std::string_view path = next_line(list);
      // What the next line lies in is a folder.
      const bool is_folder = list.starts_with(path) && list.substr(path.size()).starts_with('/');
      if (is_folder || path.size() < 2 || path == "/.") continue;
      const auto sum = sums.find(path.substr(1));
      add(package, path, sum == sums.end() ? std::string_view() : sum->second, false);
    }
    for (const auto& [path, sum] : package.conffiles) add(package, path, sum, true);
  }

  void add(const Package& package, std::string_view path, std::string_view sum, bool config) {
    std::array<std::uint8_t, kSum / 2> digest{};
    const std::size_t size = from_hexadecimal(sum, digest);
    into_.file({.path = diversions_.place_of(path, package.name),
                .kind = size == digest.size() ? RecordKind::md5 : RecordKind::none,
                .digest = Bytes(digest).first(size == digest.size() ? size : 0),
                .config = config});
  }

  std::string info_;
  const Diversions& diversions_;
  Collector& into_;
};

constexpr const char* kFolder = "/var/lib/dpkg";

bool is_there(const std::string& root) {
  struct stat about {};
  return ::stat((root + kFolder + "/status").c_str(), &about) == 0 && S_ISREG(about.st_mode);
}

Result<> read(const std::string& root, Collector& into) {
  const std::string folder = root + kFolder;
  BANSOKO_TRY(const std::string status, read_file(folder + "/status", kMaxStatus));
  const auto diverted = read_file(folder + "/diversions", kMaxFile);
  if (!diverted && diverted.error().code != Errc::not_found) into.fault("dpkg: " + diverted.error().message);
  const Diversions diversions(diverted ? *diverted : std::string_view());
  Reader reader(folder, diversions, into);
  for (const Package& package : read_status(status)) reader.read(package);
  return {};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "dpkg", .title = "packages of Debian and its kin", .is_there = is_there, .read = read};
  return source;
}

}  // namespace bansoko::trust::dpkg
