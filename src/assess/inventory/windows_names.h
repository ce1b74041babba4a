// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "assess/model/host.h"

/// Windows by its names and version numbers, from NT 4.0 to Server 2025. Products are named as NVD does.
namespace bansoko::inventory {

/// "5.2.3790", "5.00.2195", "10.0.17763.316".
struct WindowsVersion {
  std::uint32_t major = 0, minor = 0, build = 0;
  std::uint32_t revision = 0;  // 0: not said
};
std::optional<WindowsVersion> windows_version(std::string_view text) noexcept;

/// "X86-based PC", "x64-basierter PC", "AMD64", "64 ビット", "Itanium".
assess::Arch windows_arch(std::string_view text) noexcept;

/// "standard" of "Microsoft Windows Server 2003 Standard x64 Edition", also in the other languages.
std::string windows_edition(std::string_view name);

/// "ja" for 1041; empty for what is not known.
std::string windows_language(std::uint32_t lcid);

/// What an operating system's own words make of it. Server or workstation decides where the numbers are the
/// same and the name does not say.
struct WindowsFacts {
  std::string name = {};     // "Microsoft(R) Windows(R) Server 2003, Standard Edition"
  std::string version = {};  // "5.2.3790"
  std::optional<bool> server = {};
};

/// Fills product, name, version, edition, build, revision, r2 and, if the name says so, the architecture of
/// what they say; what they do not say is left as it is. False: the name, which counts, is of another system
/// than the version.
bool identify_windows(const WindowsFacts& facts, assess::OperatingSystem& os);

/// "Windows 7 or Windows Server 2008 R2", for a version that two systems have; empty: not known.
std::string windows_candidates(const WindowsVersion& version);

}  // namespace bansoko::inventory
