// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/program.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/unique_fd.h"

namespace bansoko::harden {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Starts it in a process group of its own, with both outputs in `output`.
Result<pid_t> start(const std::vector<std::string>& arguments, int output) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) return fail_errno("cannot run " + arguments.front(), error);
  return pid;
}

/// Takes what the pipe has now.
void read_on(int from, std::string& output) {
  constexpr std::size_t kMost = std::size_t{1} << 20U;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t got = ::read(from, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    output.append(part.data(), std::min(static_cast<std::size_t>(got), kMost - output.size()));
  }
}

/// Reads until the program ends. The end of the pipe says nothing: a daemon that it leaves may hold it open.
Result<Ended> follow(pid_t pid, int from, Clock::time_point end, const std::string& name) {
  constexpr int kBetween = 10;  // milliseconds
  constexpr int kSignalled = 128;
  Ended ended;
  for (;;) {
    pollfd wait{from, POLLIN, 0};
    ::poll(&wait, 1, kBetween);
    if ((wait.revents & POLLHUP) != 0) std::this_thread::sleep_for(milliseconds(kBetween));
    int status = 0;
    const pid_t got = ::waitpid(pid, &status, WNOHANG);
    read_on(from, ended.output);
    if (got < 0 && errno != EINTR) return fail_errno("cannot wait for " + name, errno);
    ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
    if (got == pid) return ended;
    if (Clock::now() < end) continue;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, &status, 0);
    return fail(Errc::limit, "{} did not end in time", name);
  }
}

}  // namespace

Result<Ended> run_program(const std::vector<std::string>& arguments, milliseconds longest) {
  const auto end = Clock::now() + longest;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot make a pipe", errno);
  const UniqueFd from(ends[0]);
  UniqueFd to(ends[1]);
  ::fcntl(from.get(), F_SETFL, O_NONBLOCK);
  BANSOKO_TRY(const pid_t pid, start(arguments, to.get()));
  to = UniqueFd();
  return follow(pid, from.get(), end, arguments.front());
}

}  // namespace bansoko::harden
