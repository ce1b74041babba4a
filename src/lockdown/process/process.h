// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "lockdown/identity/file_state.h"

/// What /proc says of a process or thread that the kernel holds (proc(5)). Nothing here opens a file of the
/// process's own filesystems, and nothing waits for the process: it is read while held, so it cannot end or
/// go on meanwhile.
namespace bansoko::process {

/// What an open is for, by the arguments of the system call that the thread is in.
enum class Intent : std::uint8_t {
  read,
  write,  // for writing, alone or besides: neither the loader nor an interpreter opens code so
  execute,
  unknown,  // another call (io_uring, a 32-bit program's), or not to be seen
};
Intent intent_of(pid_t thread) noexcept;

/// The program it runs. Nothing: a thread of the kernel, or gone.
std::optional<identity::FileState> program_of(pid_t process) noexcept;
/// The path of it, as its namespace has it; empty if there is none.
std::string program_path(pid_t process);

struct Ids {
  std::uint32_t real_user = 0, effective_user = 0;
  pid_t process = 0, parent = 0;
};
std::optional<Ids> ids_of(pid_t process);

/// When it began, in clock ticks since boot: with its id, unlike any other's.
std::optional<std::uint64_t> begun(pid_t process);

/// Strings of the memory of a process that is held in execve(2) or execveat(2): those it gives to the program
/// to come. At most `kMostStrings`, and `kMostBytes` of them all; `truncated` says there were more. Another
/// thread of the same process may change them before the kernel copies them.
struct ExecStrings {
  std::string file = {};  // the name given to execve(2)
  std::vector<std::string> arguments = {}, environment = {};
  bool known = false;
  bool truncated = false;
};
inline constexpr std::size_t kMostStrings = 4096;
inline constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
ExecStrings exec_strings(pid_t thread);

/// The arguments the program was started with. Nothing: cannot be read.
std::optional<std::vector<std::string>> arguments_of(pid_t process);
/// The environment the program was started with. Nothing: cannot be read.
std::optional<std::vector<std::string>> environment_of(pid_t process);

/// Has this environment a word that makes a program load further code?
bool brings_code(const std::vector<std::string>& environment) noexcept;

/// A path as the process means it, for us: below its root or its working folder.
std::string path_for_us(pid_t process, std::string_view path);
/// "/proc/<process>/fd/0".
std::string input_of(pid_t process);

/// Is it a thread of this program?
bool is_ours(pid_t thread) noexcept;

}  // namespace bansoko::process
