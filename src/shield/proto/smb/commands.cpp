// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/commands.h"

#include <array>

namespace bansoko::proto::smb {
namespace {

constexpr std::array kCommands{
    NamedValue{"create_directory", 0x00},
    NamedValue{"delete_directory", 0x01},
    NamedValue{"open", 0x02},
    NamedValue{"create", 0x03},
    NamedValue{"close", 0x04},
    NamedValue{"flush", 0x05},
    NamedValue{"delete", 0x06},
    NamedValue{"rename", 0x07},
    NamedValue{"query_information", 0x08},
    NamedValue{"set_information", 0x09},
    NamedValue{"read", 0x0A},
    NamedValue{"write", 0x0B},
    NamedValue{"lock_byte_range", 0x0C},
    NamedValue{"unlock_byte_range", 0x0D},
    NamedValue{"create_temporary", 0x0E},
    NamedValue{"create_new", 0x0F},
    NamedValue{"check_directory", 0x10},
    NamedValue{"process_exit", 0x11},
    NamedValue{"seek", 0x12},
    NamedValue{"lock_and_read", 0x13},
    NamedValue{"write_and_unlock", 0x14},
    NamedValue{"read_raw", 0x1A},
    NamedValue{"write_raw", 0x1D},
    NamedValue{"set_information2", 0x22},
    NamedValue{"query_information2", 0x23},
    NamedValue{"locking_andx", locking_andx},
    NamedValue{"transaction", transaction},
    NamedValue{"transaction_secondary", transaction_secondary},
    NamedValue{"ioctl", 0x27},
    NamedValue{"ioctl_secondary", 0x28},
    NamedValue{"echo", 0x2B},
    NamedValue{"write_and_close", 0x2C},
    NamedValue{"open_andx", open_andx},
    NamedValue{"read_andx", read_andx},
    NamedValue{"write_andx", write_andx},
    NamedValue{"transaction2", transaction2},
    NamedValue{"transaction2_secondary", transaction2_secondary},
    NamedValue{"find_close2", 0x34},
    NamedValue{"tree_connect", 0x70},
    NamedValue{"tree_disconnect", 0x71},
    NamedValue{"negotiate", 0x72},
    NamedValue{"session_setup_andx", session_setup_andx},
    NamedValue{"logoff_andx", logoff_andx},
    NamedValue{"tree_connect_andx", tree_connect_andx},
    NamedValue{"security_package_andx", security_package_andx},
    NamedValue{"query_information_disk", 0x80},
    NamedValue{"search", 0x81},
    NamedValue{"find", 0x82},
    NamedValue{"nt_transact", nt_transact},
    NamedValue{"nt_transact_secondary", nt_transact_secondary},
    NamedValue{"nt_create_andx", nt_create_andx},
    NamedValue{"nt_cancel", 0xA4},
    NamedValue{"nt_rename", 0xA5},
};

constexpr std::array kSmb2Commands{
    NamedValue{"negotiate", 0},      NamedValue{"session_setup", 1},   NamedValue{"logoff", 2},
    NamedValue{"tree_connect", 3},   NamedValue{"tree_disconnect", 4}, NamedValue{"create", 5},
    NamedValue{"close", 6},          NamedValue{"flush", 7},           NamedValue{"read", 8},
    NamedValue{"write", 9},          NamedValue{"lock", 10},           NamedValue{"ioctl", 11},
    NamedValue{"cancel", 12},        NamedValue{"echo", 13},           NamedValue{"query_directory", 14},
    NamedValue{"change_notify", 15}, NamedValue{"query_info", 16},     NamedValue{"set_info", 17},
    NamedValue{"oplock_break", 18},
};

constexpr std::array kTrans2Commands{
    NamedValue{"open2", trans2_open2},
    NamedValue{"find_first2", 0x0001},
    NamedValue{"find_next2", 0x0002},
    NamedValue{"query_fs_information", 0x0003},
    NamedValue{"set_fs_information", 0x0004},
    NamedValue{"query_path_information", 0x0005},
    NamedValue{"set_path_information", trans2_set_path_information},
    NamedValue{"query_file_information", 0x0007},
    NamedValue{"set_file_information", trans2_set_file_information},
    NamedValue{"create_directory", trans2_create_directory},
    NamedValue{"session_setup", 0x000E},
    NamedValue{"get_dfs_referral", 0x0010},
    NamedValue{"report_dfs_inconsistency", 0x0011},
};

constexpr std::array kTransCommands{
    NamedValue{"mailslot_write", 0x0001},    NamedValue{"set_nmpipe_state", 0x0001},
    NamedValue{"raw_read_nmpipe", 0x0011},   NamedValue{"query_nmpipe_state", 0x0021},
    NamedValue{"query_nmpipe_info", 0x0022}, NamedValue{"peek_nmpipe", 0x0023},
    NamedValue{"transact_nmpipe", 0x0026},   NamedValue{"raw_write_nmpipe", 0x0031},
    NamedValue{"read_nmpipe", 0x0036},       NamedValue{"write_nmpipe", 0x0037},
    NamedValue{"wait_nmpipe", 0x0053},       NamedValue{"call_nmpipe", 0x0054},
};

constexpr std::array kNtTransactFunctions{
    NamedValue{"create", 0x0001},
    NamedValue{"ioctl", 0x0002},
    NamedValue{"set_security_desc", 0x0003},
    NamedValue{"notify_change", 0x0004},
    NamedValue{"rename", 0x0005},
    NamedValue{"query_security_desc", 0x0006},
};

constexpr std::array kKinds{NamedValue{"transaction", transaction}, NamedValue{"transaction2", transaction2},
                            NamedValue{"nt_transact", nt_transact}};

}  // namespace

std::span<const NamedValue> command_names() noexcept { return kCommands; }
std::span<const NamedValue> smb2_command_names() noexcept { return kSmb2Commands; }
std::span<const NamedValue> trans2_command_names() noexcept { return kTrans2Commands; }
std::span<const NamedValue> trans_command_names() noexcept { return kTransCommands; }
std::span<const NamedValue> nt_transact_function_names() noexcept { return kNtTransactFunctions; }
std::span<const NamedValue> transaction_kind_names() noexcept { return kKinds; }

}  // namespace bansoko::proto::smb
