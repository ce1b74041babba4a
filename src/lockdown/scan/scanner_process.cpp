// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/scanner_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/unique_fd.h"

namespace bansoko::scan {
namespace {

constexpr int kNotConfined = 125, kNotStarted = 126;
constexpr std::size_t kMaxLine = 64U << 10U;  // what is longer is cut

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  // execve(2) does not write to them.
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

bool limit(__rlimit_resource what, rlim_t most) noexcept {
  const rlimit both{most, most};
  return ::setrlimit(what, &both) == 0;
}

/// In the child, between fork and exec: system calls alone.
bool confine(pid_t parent) noexcept {
  constexpr rlim_t kFiles = 1024, kFileSize = rlim_t{4} << 30U, kMemory = rlim_t{16} << 30U;
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) return false;
  // Only root may make a network namespace by itself; others need one of users with it.
  if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  for (int capability = 0; capability <= 63; ++capability)
    if (capability != CAP_DAC_READ_SEARCH && ::prctl(PR_CAPBSET_READ, capability) == 1 &&
        ::prctl(PR_CAPBSET_DROP, capability) != 0 && errno != EPERM)
      return false;
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit(RLIMIT_CORE, 0) &&
         limit(RLIMIT_NOFILE, kFiles) && limit(RLIMIT_FSIZE, kFileSize) && limit(RLIMIT_AS, kMemory);
}

[[noreturn]] void become(const std::vector<char*>& words, const std::vector<char*>& environment, int output,
                         pid_t parent) noexcept {
  const int nothing = ::open("/dev/null", O_RDONLY);
  const bool ready = nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 &&
                     ::dup2(output, STDOUT_FILENO) >= 0 && ::dup2(output, STDERR_FILENO) >= 0;
  if (!ready || !confine(parent)) ::_exit(kNotConfined);
  ::execve(words.front(), words.data(), environment.data());
  ::_exit(kNotStarted);
}

/// Kills the child and waits for it unless it has ended.
class Child {
 public:
  explicit Child(pid_t pid) noexcept : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    static_cast<void>(wait());
  }

  int wait() noexcept {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    constexpr int kSignals = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : kSignals + WTERMSIG(status);
  }

 private:
  pid_t pid_;
};

/// Cuts what comes in pieces into lines.
class Lines {
 public:
  explicit Lines(const std::function<void(std::string_view)>& take) : take_(take) {}
  void add(std::string_view piece) {
    for (const char c : piece) {
      if (c == '\n')
        end();
      else if (line_.size() < kMaxLine)
        line_ += c;
    }
  }
  void end() {
    if (!line_.empty()) take_(line_);
    line_.clear();
  }

 private:
  const std::function<void(std::string_view)>& take_;
  std::string line_;
};

Result<> read_all(int fd, const Confined& program, Lines& lines) {
  std::array<char, 16384> piece{};
  std::uint64_t bytes = 0;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(program.until -
                                                                            std::chrono::steady_clock::now());
    if (left.count() <= 0) return fail(Errc::limit, "it took too long");
    pollfd waiting{fd, POLLIN, 0};
    constexpr std::int64_t kLongest = 60'000;
    if (::poll(&waiting, 1, static_cast<int>(std::min(left.count(), kLongest))) <= 0) continue;
    const auto got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("cannot read what it writes", errno);
    if (got == 0) return {};
    bytes += static_cast<std::uint64_t>(got);
    if (bytes > program.max_output)
      return fail(Errc::limit, "it wrote more than {} bytes", program.max_output);
    lines.add({piece.data(), static_cast<std::size_t>(got)});
  }
}

}  // namespace

Result<int> run_confined(const Confined& program, const std::function<void(std::string_view)>& take_line) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot make a pipe", errno);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  const auto words = pointers_to(program.words), environment = pointers_to(program.environment);
  const pid_t parent = ::getpid(), pid = ::fork();
  if (pid < 0) return fail_errno("cannot start a process", errno);
  if (pid == 0) become(words, environment, write_end.get(), parent);
  Child child(pid);
  write_end = UniqueFd();
  Lines lines(take_line);
  BANSOKO_CHECK(read_all(read_end.get(), program, lines));
  lines.end();
  const int code = child.wait();
  if (code == kNotConfined)
    return fail(Errc::denied, "it could not be kept off the network, and was not started");
  if (code == kNotStarted) return fail(Errc::invalid, "it cannot be executed");
  return code;
}

}  // namespace bansoko::scan
