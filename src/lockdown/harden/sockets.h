// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace bansoko::harden {

/// The name of an address family as systemd writes it ("AF_INET"), or an empty view.
std::string_view family_name(std::uint64_t family) noexcept;

/// Adds the families of a process's open sockets: those in the tables of `folder`/net (/proc/PID/net).
/// Families without such a table there are not found.
void add_socket_families(const std::string& folder, std::set<std::string>& families);

/// Whether one column of a table of /proc/net has one of the inodes; the first line is a heading.
bool has_inode(std::string_view table, unsigned column, const std::set<std::string, std::less<>>& inodes);

}  // namespace bansoko::harden
