// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/sockets.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "lockdown/harden/proc_file.h"

namespace bansoko::harden {
namespace {

namespace fs = std::filesystem;

/// A table of /proc/net and the column, from 0, in which an entry's inode stands (proc(5); kernel: net/).
struct Table {
  std::string_view file = {};
  unsigned inode_column = 0;
  std::string_view family = {};
};
constexpr std::array kTables{
    Table{"tcp", 9, "AF_INET"},      Table{"udp", 9, "AF_INET"},       Table{"udplite", 9, "AF_INET"},
    Table{"raw", 9, "AF_INET"},      Table{"icmp", 9, "AF_INET"},      Table{"tcp6", 9, "AF_INET6"},
    Table{"udp6", 9, "AF_INET6"},    Table{"udplite6", 9, "AF_INET6"}, Table{"raw6", 9, "AF_INET6"},
    Table{"icmp6", 9, "AF_INET6"},   Table{"unix", 6, "AF_UNIX"},      Table{"netlink", 9, "AF_NETLINK"},
    Table{"packet", 8, "AF_PACKET"},
};

/// A family by its number (socket(2); linux/socket.h). Sparse: others are not for services.
struct Family {
  std::uint64_t number = 0;
  std::string_view name = {};
};
constexpr std::array kFamilies{
    Family{1, "AF_UNIX"},      Family{2, "AF_INET"},       Family{3, "AF_AX25"},     Family{4, "AF_IPX"},
    Family{5, "AF_APPLETALK"}, Family{8, "AF_ATMPVC"},     Family{9, "AF_X25"},      Family{10, "AF_INET6"},
    Family{15, "AF_KEY"},      Family{16, "AF_NETLINK"},   Family{17, "AF_PACKET"},  Family{20, "AF_ATMSVC"},
    Family{21, "AF_RDS"},      Family{24, "AF_PPPOX"},     Family{26, "AF_LLC"},     Family{29, "AF_CAN"},
    Family{30, "AF_TIPC"},     Family{31, "AF_BLUETOOTH"}, Family{38, "AF_ALG"},     Family{39, "AF_NFC"},
    Family{40, "AF_VSOCK"},    Family{41, "AF_KCM"},       Family{42, "AF_QIPCRTR"}, Family{43, "AF_SMC"},
    Family{44, "AF_XDP"},
};

std::set<std::string, std::less<>> socket_inodes(const std::string& folder) {
  constexpr std::size_t kMost = 100'000;
  constexpr std::string_view kSocket = "socket:[";
  std::set<std::string, std::less<>> inodes;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder + "/fd", error)) {
    std::error_code gone;
    const std::string to = fs::read_symlink(entry.path(), gone).string();
    if (to.starts_with(kSocket)) inodes.insert(to.substr(kSocket.size(), to.size() - kSocket.size() - 1));
    if (inodes.size() >= kMost) break;
  }
  return inodes;
}

std::string_view column_of(std::string_view line, unsigned column) {
  for (;;) {
    line = line.substr(std::min(line.size(), line.find_first_not_of(' ')));
    const std::string_view word = line.substr(0, line.find(' '));
    if (column-- == 0) return word;
    if (word.empty()) return {};
    line.remove_prefix(word.size());
  }
}

}  // namespace

std::string_view family_name(std::uint64_t family) noexcept {
  const auto* found = std::find_if(kFamilies.begin(), kFamilies.end(),
                                   [family](const Family& each) { return each.number == family; });
  return found == kFamilies.end() ? std::string_view() : found->name;
}

bool has_inode(std::string_view table, unsigned column, const std::set<std::string, std::less<>>& inodes) {
  bool heading = true;
  while (!table.empty()) {
    const std::string_view line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(table.size(), line.size() + 1));
    if (!std::exchange(heading, false) && inodes.contains(column_of(line, column))) return true;
  }
  return false;
}

void add_socket_families(const std::string& folder, std::set<std::string>& families) {
  const auto inodes = socket_inodes(folder);
  if (inodes.empty()) return;
  for (const Table& table : kTables) {
    if (families.contains(std::string(table.family))) continue;
    if (has_inode(proc_file(folder + "/net/" + std::string(table.file)), table.inode_column, inodes))
      families.emplace(table.family);
  }
}

}  // namespace bansoko::harden
