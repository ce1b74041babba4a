// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// How PackageFix::release is spelt, whichever feed says it.
namespace bansoko::feed {

/// "bullseye" of "11" or "11.2"; a number that no release has stays.
std::string debian_release(std::string_view version);

/// "22.04" of "Ubuntu 22.04 LTS" or "22.04:LTS"; "" where there is no such number.
std::string ubuntu_release(std::string_view text);

/// Of a CPE 2.2 of Red Hat: "el9" of "cpe:/a:redhat:enterprise_linux:9::appstream". What is not the plain
/// Enterprise Linux has versions of its own: "rhel_eus-8.2-el8", "openshift-4.13-el8"; "" for no such CPE.
std::string redhat_release(std::string_view cpe);

/// Of a CPE 2.2 of Red Hat as above; of SUSE "sles-15-sp4" of "cpe:/o:suse:sles:15:sp4", also of a module of
/// that Enterprise Linux; "" for another.
std::string cpe_release(std::string_view cpe);

/// "sles-15-sp4" of "Linux Enterprise Server 15 SP4" and of "Linux Enterprise Module for Basesystem 15 SP4";
/// "leap-15.5" of "Leap 15.5"; another name in lower case.
std::string suse_release(std::string_view name);

}  // namespace bansoko::feed
