// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/tree.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include "assess/inventory/lines.h"
#include "assess/inventory/root_folder.h"
#include "assess/inventory/running.h"
#include "assess/inventory/systems.h"
#include "base/bytes.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

/// The architecture that an ELF file is for (System V ABI, "ELF Header").
assess::Arch arch_of_elf(std::string_view bytes) noexcept {
  constexpr std::string_view kMagic =
      "\x7f"
      "ELF";
  if (!bytes.starts_with(kMagic)) return assess::Arch::unknown;
  ByteReader reader(as_bytes(bytes));
  reader.skip(5);
  constexpr std::uint8_t kLittle = 1;
  const bool little = reader.u8() == kLittle;
  reader.skip(12);
  const std::uint16_t machine = little ? reader.u16le() : reader.u16();
  if (!reader.ok()) return assess::Arch::unknown;
  switch (machine) {
    case 3:
      return assess::Arch::x86;
    case 62:
      return assess::Arch::x64;
    case 50:
      return assess::Arch::ia64;
    case 183:
      return assess::Arch::arm64;
    default:
      return assess::Arch::other;
  }
}

bool is_absence(assess::Gap gap) noexcept {
  return gap == assess::Gap::no_os || gap == assess::Gap::no_packages;
}

/// Files that systems keep for programs that ask for a relative of theirs.
bool is_for_compatibility(std::string_view name) noexcept {
  return name == "redhat-release" || name == "system-release" || name == "debian_version";
}

class Tree {
 public:
  Tree(RootFolder root, const Limits& limits) : root_(std::move(root)), limits_(limits) {}

  assess::Host read(bool this_host) {
    host_.sources.push_back(this_host ? "/" : root_.name_of(""));
    // Which system it is first: packages then refine it.
    for (const Source* const source : all_sources())
      if (source->name == "os-release") read_source(*source);
    for (const Source* const source : all_sources())
      if (source->name != "os-release") read_source(*source);
    host_.os.arch = arch_of_elf(root_.beginning("/bin/sh", 64).value_or(""));
    if (host_.os.arch == assess::Arch::unknown) host_.os.arch = arch_of_packages_;
    if (const auto name = root_.beginning("/etc/hostname", 256); name && !this_host)
      host_.name = kept_text(trim(name->substr(0, name->find('\n'))), 255);
    read_kernels();
    warn_of_newer_packages();
    if (this_host) read_this_host();
    for (assess::Missing& one : root_.take_unreadable()) host_.missing.push_back(std::move(one));
    state_what_is_absent();
    return std::move(host_);
  }

 private:
  void read_source(const Source& source) {
    std::set<std::string> seen;
    for (const std::string_view pattern : source.paths)
      for (const std::string& path : root_.expand(std::string(pattern))) {
        if (!seen.insert(path).second) continue;
        const auto document = root_.read(path);
        if (!document) continue;
        const bool chosen = pattern.find('*') == std::string_view::npos;
        if (!chosen && source.read_within == nullptr && !source.recognises(*document)) continue;
        read_document(source, *document);
        if (source.one_file) return;
      }
  }

  void read_document(const Source& source, const Document& document) {
    auto hosts = source.read_within != nullptr ? source.read_within(document, root_, limits_)
                                               : source.read(document, limits_);
    if (!hosts) {
      note(host_, assess::Gap::unreadable, hosts.error().message, {.source = document.name});
      return;
    }
    for (assess::Host& other : *hosts) absorb(std::move(other), document);
  }

  void absorb(assess::Host&& other, const Document& document) {
    if (arch_of_packages_ == assess::Arch::unknown) arch_of_packages_ = other.os.arch;
    if (!refine(host_.os, other.os) && !is_for_compatibility(file_name(document.name)))
      note(host_, assess::Gap::contradiction,
           fmt::format("{}{} {} and {} {}", assess::kTwoSystems, host_.os.product, host_.os.version,
                       other.os.product, other.os.version),
           other.os.evidence);
    for (assess::Component& one : other.components) add(std::move(one));
    for (auto& [name, setting] : other.settings) host_.settings.insert_or_assign(name, std::move(setting));
    for (assess::Missing& one : other.missing)
      if (!is_absence(one.gap)) host_.missing.push_back(std::move(one));
    std::move(other.sources.begin(), other.sources.end(), std::back_inserter(host_.sources));
  }

  void add(assess::Component component) {
    if (!known_.emplace(component.name, component.version, component.arch).second) return;
    if (host_.components.size() < limits_.max_components)
      host_.components.push_back(std::move(component));
    else if (!host_.lacks(assess::Gap::packages_cut))
      note(host_, assess::Gap::packages_cut,
           fmt::format("only the first {} packages are kept", limits_.max_components), component.evidence);
  }

  void read_kernels() {
    std::vector<std::string> kernels = root_.list("/lib/modules");
    if (kernels.empty()) return;
    host_.settings["kernel:installed"] = {
        kept_text(fmt::format("{}", fmt::join(kernels, ", ")), limits_.max_text),
        {.source = root_.name_of("/lib/modules")}};
  }

  /// SQLite keeps changes beside the file until it has written them into it.
  void warn_of_newer_packages() {
    for (const std::string path : {"/var/lib/rpm/rpmdb.sqlite-wal", "/usr/lib/sysimage/rpm/rpmdb.sqlite-wal"})
      if (const auto log = root_.beginning(path, 1); log && !log->empty())
        note(host_, assess::Gap::packages_cut,
             "the database of rpm has changes that are not yet written into it: rpm -qa tells them",
             {.source = root_.name_of(path)});
  }

  void read_this_host() {
    struct utsname system = {};
    if (::uname(&system) == 0) {
      host_.name = kept_text(static_cast<const char*>(system.nodename), 255);
      host_.settings["kernel:running"] = {kept_text(static_cast<const char*>(system.release), 255),
                                          {.source = "/proc/sys/kernel/osrelease"}};
    }
    mark_running(read_running("/proc", host_));
  }

  /// dpkg keeps the files of each package in a list of its own.
  void mark_running(const FilesInUse& in_use) {
    std::map<std::string, std::set<std::string>, std::less<>> used_by;
    bool any = false;
    for (const std::string& path : root_.expand("/var/lib/dpkg/info/*.list")) {
      const auto list = root_.read(path);
      if (!list) continue;
      any = true;
      std::string_view package = file_name(path);
      package.remove_suffix(std::string_view(".list").size());
      package = package.substr(0, package.find(':'));
      Lines lines(list->bytes);
      while (lines.next())
        if (const auto* const services = services_of(in_use, lines.text()); services != nullptr)
          used_by[std::string(package)].insert(services->begin(), services->end());
    }
    if (!any) return;
    for (assess::Component& one : host_.components)
      if (one.ecosystem == assess::Ecosystem::deb) one.running = used_by.contains(one.name);
    for (const auto& [package, services] : used_by)
      host_.settings[fmt::format("used-by:{}", package)] = {
          kept_text(fmt::format("{}", fmt::join(services, ", ")), limits_.max_text), {.source = "/proc"}};
  }

  /// Where /bin and /lib are links into /usr, lists may name either.
  static const std::set<std::string>* services_of(const FilesInUse& in_use, std::string_view path) {
    auto found = in_use.find(path);
    if (found == in_use.end()) found = in_use.find(fmt::format("/usr{}", path));
    return found == in_use.end() ? nullptr : &found->second;
  }

  void state_what_is_absent() {
    const bool packages =
        std::any_of(host_.components.begin(), host_.components.end(),
                    [](const assess::Component& one) { return one.kind == assess::ComponentKind::package; });
    const assess::Evidence here{.source = host_.sources.front()};
    if (host_.os.product.empty()) note(host_, assess::Gap::no_os, "no file says which system it is", here);
    if (!packages)
      note(host_, assess::Gap::no_packages, "neither dpkg nor rpm has a list of packages here", here);
    if (host_.os.arch == assess::Arch::unknown)
      note(host_, assess::Gap::no_architecture, "neither /bin/sh nor the packages tell the architecture",
           here);
    if (host_.settings.empty()) note(host_, assess::Gap::no_settings, "nothing of the configuration", here);
  }

  RootFolder root_;
  const Limits& limits_;
  assess::Host host_;
  assess::Arch arch_of_packages_ = assess::Arch::unknown;
  std::set<std::tuple<std::string, std::string, std::string>> known_;
};

}  // namespace

Result<assess::Host> read_tree(const std::string& root, const Limits& limits) {
  BANSOKO_TRY(RootFolder folder, RootFolder::open(root, limits));
  const bool this_host = root.find_first_not_of('/') == std::string::npos;
  return Tree(std::move(folder), limits).read(this_host);
}

}  // namespace bansoko::inventory
