// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "assess/model/host.h"

/// The system that a host says it is, to whoever talks with it. What it says is a claim.
namespace bansoko::inventory {

/// NativeOS and NativeLanMan of SMB1 ([MS-CIFS] section 2.2.4.53): "Windows Server 2003 3790 Service Pack 2",
/// "Windows 2002 2600 Service Pack 3" (which is XP), "Windows 5.1". Nothing is changed for another system,
/// such as "Unix".
void read_native_os(std::string_view os, std::string_view lanman, assess::OperatingSystem& made);

/// The version that NTLMSSP names ([MS-NLMP] section 2.2.2.10): "6.1.7601". Two systems have most of them:
/// then the product is empty, and windows_candidates() has the names. False: it is no version of Windows, as
/// Samba's 6.1.0 is not.
bool read_ntlm_version(std::string_view version, assess::OperatingSystem& made);

}  // namespace bansoko::inventory
