// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/windows_names.h"

#include <algorithm>
#include <array>
#include <vector>

#include "assess/inventory/text.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

using assess::Arch;

enum class Sort : std::uint8_t { workstation, server, both };

struct System {
  std::string_view product;
  std::string_view title;
  Sort sort;
  std::uint32_t major, minor, first_build, last_build;
};

constexpr std::uint32_t kAny = 0xffffffffU;

// Version numbers as Microsoft lists them (learn.microsoft.com/windows/win32/sysinfo/operating-system-version
// and /windows/release-health/release-information).
constexpr std::array kSystems{
    System{"microsoft:windows_nt", "Windows NT 4.0", Sort::both, 4, 0, 0, kAny},
    System{"microsoft:windows_2000", "Windows 2000", Sort::both, 5, 0, 0, kAny},
    System{"microsoft:windows_xp", "Windows XP", Sort::workstation, 5, 1, 0, kAny},
    System{"microsoft:windows_xp", "Windows XP x64", Sort::workstation, 5, 2, 0, kAny},
    System{"microsoft:windows_server_2003", "Windows Server 2003", Sort::server, 5, 2, 0, kAny},
    System{"microsoft:windows_vista", "Windows Vista", Sort::workstation, 6, 0, 0, kAny},
    System{"microsoft:windows_server_2008", "Windows Server 2008", Sort::server, 6, 0, 0, kAny},
    System{"microsoft:windows_7", "Windows 7", Sort::workstation, 6, 1, 0, kAny},
    System{"microsoft:windows_server_2008_r2", "Windows Server 2008 R2", Sort::server, 6, 1, 0, kAny},
    System{"microsoft:windows_8", "Windows 8", Sort::workstation, 6, 2, 0, kAny},
    System{"microsoft:windows_server_2012", "Windows Server 2012", Sort::server, 6, 2, 0, kAny},
    System{"microsoft:windows_8.1", "Windows 8.1", Sort::workstation, 6, 3, 0, kAny},
    System{"microsoft:windows_server_2012_r2", "Windows Server 2012 R2", Sort::server, 6, 3, 0, kAny},
    System{"microsoft:windows_10", "Windows 10", Sort::workstation, 10, 0, 0, 21999},
    System{"microsoft:windows_11", "Windows 11", Sort::workstation, 10, 0, 22000, kAny},
    System{"microsoft:windows_server_2016", "Windows Server 2016", Sort::server, 10, 0, 14393, 14393},
    System{"microsoft:windows_server_1709", "Windows Server, version 1709", Sort::server, 10, 0, 16299,
           16299},
    System{"microsoft:windows_server_1803", "Windows Server, version 1803", Sort::server, 10, 0, 17134,
           17134},
    System{"microsoft:windows_server_2019", "Windows Server 2019", Sort::server, 10, 0, 17763, 17763},
    System{"microsoft:windows_server_1903", "Windows Server, version 1903", Sort::server, 10, 0, 18362,
           18362},
    System{"microsoft:windows_server_1909", "Windows Server, version 1909", Sort::server, 10, 0, 18363,
           18363},
    System{"microsoft:windows_server_2004", "Windows Server, version 2004", Sort::server, 10, 0, 19041,
           19041},
    System{"microsoft:windows_server_20h2", "Windows Server, version 20H2", Sort::server, 10, 0, 19042,
           19042},
    System{"microsoft:windows_server_2022", "Windows Server 2022", Sort::server, 10, 0, 20348, 20348},
    System{"microsoft:windows_server_2022_23h2", "Windows Server, version 23H2", Sort::server, 10, 0, 25398,
           25398},
    System{"microsoft:windows_server_2025", "Windows Server 2025", Sort::server, 10, 0, 26100, 26100},
};

struct Name {
  std::string_view words;  // all must be in the name; separated by '+'
  std::string_view without;
  std::string_view product;
  Sort sort;
};

// Asked from above; the first that fits counts. Appliances and bundles are the system they are made of.
constexpr std::array kNames{
    Name{"server+2025", "", "microsoft:windows_server_2025", Sort::server},
    Name{"server+23h2", "", "microsoft:windows_server_2022_23h2", Sort::server},
    Name{"server+2022", "", "microsoft:windows_server_2022", Sort::server},
    Name{"server+2019", "", "microsoft:windows_server_2019", Sort::server},
    Name{"server+2016", "", "microsoft:windows_server_2016", Sort::server},
    Name{"server+2012+r2", "", "microsoft:windows_server_2012_r2", Sort::server},
    Name{"server+2012", "", "microsoft:windows_server_2012", Sort::server},
    Name{"home server+2011", "", "microsoft:windows_server_2008_r2", Sort::server},
    Name{"small business server+2011", "", "microsoft:windows_server_2008_r2", Sort::server},
    Name{"multipoint server+2011", "", "microsoft:windows_server_2008_r2", Sort::server},
    Name{"server+2008+r2", "", "microsoft:windows_server_2008_r2", Sort::server},
    Name{"server+2008", "", "microsoft:windows_server_2008", Sort::server},
    Name{"server+2003", "", "microsoft:windows_server_2003", Sort::server},
    Name{"home server", "", "microsoft:windows_server_2003", Sort::server},
    Name{"windows 2000+server", "", "microsoft:windows_2000", Sort::server},
    Name{"windows 2000+professional", "", "microsoft:windows_2000", Sort::workstation},
    Name{"windows 2000", "", "microsoft:windows_2000", Sort::both},
    Name{"windows nt", "", "microsoft:windows_nt", Sort::both},
    Name{"windows 11", "server", "microsoft:windows_11", Sort::workstation},
    Name{"windows 10", "server", "microsoft:windows_10", Sort::workstation},
    Name{"windows 8.1", "server", "microsoft:windows_8.1", Sort::workstation},
    Name{"embedded 8.1", "server", "microsoft:windows_8.1", Sort::workstation},
    Name{"windows 8", "server", "microsoft:windows_8", Sort::workstation},
    Name{"embedded 8", "server", "microsoft:windows_8", Sort::workstation},
    Name{"windows 7", "server", "microsoft:windows_7", Sort::workstation},
    Name{"posready 7", "server", "microsoft:windows_7", Sort::workstation},
    Name{"thin pc", "server", "microsoft:windows_7", Sort::workstation},
    Name{"embedded standard 7", "server", "microsoft:windows_7", Sort::workstation},
    Name{"vista", "server", "microsoft:windows_vista", Sort::workstation},
    Name{"windows xp", "server", "microsoft:windows_xp", Sort::workstation},
    Name{"posready 2009", "server", "microsoft:windows_xp", Sort::workstation},
    Name{"embedded for point of service", "server", "microsoft:windows_xp", Sort::workstation},
    Name{"fundamentals for legacy", "server", "microsoft:windows_xp", Sort::workstation},
};

struct Word {
  std::string_view word, meaning;
};

// The words are those of conditions in content/, and a few for appliances. Names of editions stay English in
// most languages; the others are those of French, Spanish, Portuguese, Italian, Korean and Chinese systems.
// The first that fits counts.
constexpr std::array kEditions{
    Word{"posready", "embedded"},
    Word{"point of service", "embedded"},
    Word{"embedded", "embedded"},
    Word{"iot enterprise", "enterprise"},
    Word{"hyper-v server", "hyper-v"},
    Word{"storage server", "storage"},
    Word{"small business", "small_business"},
    Word{"home server", "home_server"},
    Word{"multipoint", "multipoint"},
    Word{"datacenter", "datacenter"},
    Word{"데이터 센터", "datacenter"},
    Word{"数据中心", "datacenter"},
    Word{"terminal server", "terminal"},
    Word{"advanced server", "enterprise"},
    Word{"enterprise", "enterprise"},
    Word{"entreprise", "enterprise"},
    Word{"企业", "enterprise"},
    Word{"엔터프라이즈", "enterprise"},
    Word{"web", "web"},
    Word{"foundation", "foundation"},
    Word{"essentials", "essentials"},
    Word{"standard", "standard"},
    Word{"标准", "standard"},
    Word{"ultimate", "ultimate"},
    Word{"旗舰", "ultimate"},
    Word{"intégrale", "ultimate"},
    Word{"education", "education"},
    Word{"professional", "professional"},
    Word{"professionnel", "professional"},
    Word{"profesional", "professional"},
    Word{"专业", "professional"},
    Word{"tablet pc", "professional"},
    Word{"media center", "professional"},
    Word{"business", "business"},
    Word{"starter", "home"},
    Word{"home", "home"},
    Word{"famille", "home"},
    Word{"familiale", "home"},
    Word{"家庭", "home"},
    Word{" pro", "professional"},
};

/// Lower case, one blank at a time, without the signs of trade marks and what code pages make of them.
std::string folded(std::string_view name) {
  std::string made;
  const std::string lower = lowered(name);
  for (const std::string_view sign : {"(r)", "(tm)", "®", "™", "©", ",", "\xc2\xa0"}) {
    const std::string& from = made.empty() ? lower : made;
    std::string cleaned;
    for (std::size_t at = 0; at < from.size();) {
      const bool here = std::string_view(from).substr(at).starts_with(sign);
      if (!here)
        cleaned += from[at];
      else if (sign == "," || sign == "\xc2\xa0")
        cleaned += ' ';
      at += here ? sign.size() : 1;
    }
    made = cleaned;
  }
  // A console font without the sign shows a letter for it: "Microsoftr Windows Serverr 2008", "VistaT".
  for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"microsoftr ", "microsoft "},
                                 {"windowsr ", "windows "},
                                 {"serverr ", "server "},
                                 {"vistat ", "vista "},
                                 {"  ", " "}})
    for (std::size_t at = made.find(from); at != std::string::npos; at = made.find(from, at))
      made.replace(at, from.size(), to);
  return made;
}

bool fits(const Name& row, std::string_view name) {
  if (!row.without.empty() && name.find(row.without) != std::string_view::npos) return false;
  const auto words = split(row.words, '+');
  return std::all_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

const Name* by_name(std::string_view name) {
  const auto* const found =
      std::find_if(kNames.begin(), kNames.end(), [&](const Name& row) { return fits(row, name); });
  return found == kNames.end() ? nullptr : found;
}

bool fits(const System& row, const WindowsVersion& version) noexcept {
  return row.major == version.major && row.minor == version.minor && version.build >= row.first_build &&
         version.build <= row.last_build;
}

std::vector<const System*> by_version(const WindowsVersion& version, std::optional<bool> server) {
  std::vector<const System*> found;
  for (const System& row : kSystems) {
    const bool wanted = !server || row.sort == Sort::both || (row.sort == Sort::server) == *server;
    if (wanted && fits(row, version)) found.push_back(&row);
  }
  return found;
}

bool has_version(std::string_view product, const WindowsVersion& version) {
  return std::any_of(kSystems.begin(), kSystems.end(),
                     [&](const System& row) { return row.product == product && fits(row, version); });
}

struct Language {
  std::uint32_t primary;  // the low ten bits of an LCID ([MS-LCID])
  std::string_view code;
};

constexpr std::array kLanguages{
    Language{0x01, "ar"}, Language{0x04, "zh"}, Language{0x05, "cs"}, Language{0x06, "da"},
    Language{0x07, "de"}, Language{0x08, "el"}, Language{0x09, "en"}, Language{0x0a, "es"},
    Language{0x0b, "fi"}, Language{0x0c, "fr"}, Language{0x0d, "he"}, Language{0x0e, "hu"},
    Language{0x10, "it"}, Language{0x11, "ja"}, Language{0x12, "ko"}, Language{0x13, "nl"},
    Language{0x14, "nb"}, Language{0x15, "pl"}, Language{0x16, "pt"}, Language{0x19, "ru"},
    Language{0x1d, "sv"}, Language{0x1f, "tr"},
};

/// What of the version the numbers say without the name.
void take_version(const WindowsVersion& version, assess::OperatingSystem& os) {
  os.version = std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
               std::to_string(version.build);
  os.build = version.build;
  if (version.revision != 0) os.revision = version.revision;
}

}  // namespace

std::optional<WindowsVersion> windows_version(std::string_view text) noexcept {
  WindowsVersion made;
  std::array<std::uint32_t*, 4> parts{&made.major, &made.minor, &made.build, &made.revision};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto value = number(text.substr(0, end));
    if (!value) return i == 3 ? std::optional(made) : std::nullopt;
    *parts[i] = *value;
    text.remove_prefix(end);
    if (i < 3 && (text.empty() || text.front() != '.')) return i == 2 ? std::optional(made) : std::nullopt;
    if (i < 3) text.remove_prefix(1);
  }
  return made;
}

Arch windows_arch(std::string_view text) noexcept {
  const auto says = [&](std::string_view word) { return has(text, word); };
  if (says("arm64") || says("aarch64")) return Arch::arm64;
  if (says("itanium") || says("ia64") || says("ia-64")) return Arch::ia64;
  if (says("x64") || says("amd64") || says("x86_64") || says("x86-64") || says("em64t")) return Arch::x64;
  if (says("x86") || says("i386") || says("i486") || says("i586") || says("i686")) return Arch::x86;
  if (says("64-bit") || says("64 bit") || says("64bit") || text.starts_with("64")) return Arch::x64;
  if (says("32-bit") || says("32 bit") || says("32bit") || text.starts_with("32")) return Arch::x86;
  if (says("alpha") || says("ppc") || says("powerpc") || says("mips")) return Arch::other;
  return Arch::unknown;
}

std::string windows_edition(std::string_view name) {
  const std::string words = folded(name);
  // "Windows 10 IoT Enterprise LTSC 2021", "Windows 10 Enterprise 2016 LTSB": supported for longer than
  // others.
  if (words.find("ltsc") != std::string::npos || words.find("ltsb") != std::string::npos)
    return words.find("iot") != std::string::npos ? "iot_ltsc" : "ltsc";
  for (const Word& row : kEditions)
    if (words.find(row.word) != std::string::npos) return std::string(row.meaning);
  return {};
}

std::string windows_language(std::uint32_t lcid) {
  const auto* const found = std::find_if(kLanguages.begin(), kLanguages.end(),
                                         [&](const Language& row) { return row.primary == (lcid & 0x3ffU); });
  return found == kLanguages.end() ? std::string() : std::string(found->code);
}

bool identify_windows(const WindowsFacts& facts, assess::OperatingSystem& os) {
  const std::string name = folded(facts.name);
  const auto version = windows_version(facts.version);
  const Name* const named = by_name(name);
  if (!facts.name.empty()) os.name = shown(trim(facts.name));
  if (version) take_version(*version, os);
  if (std::string edition = windows_edition(facts.name); !edition.empty()) os.edition = std::move(edition);
  if (os.arch == Arch::unknown && !facts.name.empty()) os.arch = windows_arch(name);
  if (name.find("server 2003 r2") != std::string::npos) os.r2 = true;
  std::optional<bool> server = facts.server;
  if (named != nullptr && named->sort != Sort::both) server = named->sort == Sort::server;
  if (!server && name.find("server") != std::string::npos) server = true;
  std::vector<const System*> systems;
  if (version) systems = by_version(*version, server);
  const bool agrees =
      named == nullptr || !version || systems.empty() || has_version(named->product, *version);
  // The registry of Windows 11 still calls it Windows 10; an annual release is called by its build.
  const bool renamed = named != nullptr && named->product == "microsoft:windows_10" && !systems.empty();
  if (named != nullptr && !renamed)
    os.product = named->product;
  else if (systems.size() == 1)
    os.product = systems.front()->product;
  return agrees || renamed;
}

std::string windows_candidates(const WindowsVersion& version) {
  std::string made;
  for (const System* const system : by_version(version, {}))
    made += (made.empty() ? "" : " or ") + std::string(system->title);
  return made;
}

}  // namespace bansoko::inventory
