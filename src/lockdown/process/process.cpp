// SPDX-License-Identifier: Apache-2.0
#include "lockdown/process/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace bansoko::process {
namespace {

constexpr std::size_t kMostText = std::size_t{128} << 10U;  // of one string: MAX_ARG_STRLEN of execve(2)

std::string place(pid_t process, std::string_view what) { return fmt::format("/proc/{}/{}", process, what); }

/// A file of /proc, which has no size; at most `most` bytes. Nothing: it cannot be read.
std::optional<std::string> contents(const std::string& path, std::size_t most) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return std::nullopt;
  std::string text(std::min<std::size_t>(most, 4096), '\0');
  std::size_t size = 0;
  for (;;) {
    const auto got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    size += static_cast<std::size_t>(got);
    if (got == 0 || size == most) break;
    if (size == text.size()) text.resize(std::min(most, 2 * text.size()));
  }
  text.resize(size);
  return text;
}

struct Call {
  long number = -1;
  std::array<std::uint64_t, 6> arguments{};
};

/// A thread that has just been held is about to sleep, and "running" until then: a matter of microseconds,
/// unless it was taken off its processor just there.
std::optional<std::string> call_text(pid_t thread) {
  constexpr int kTries = 500;
  const std::string path = place(thread, "syscall");
  std::optional<std::string> text;
  for (int i = 0; i < kTries; ++i) {
    text = contents(path, 256);
    if (!text || !text->starts_with("running")) break;
    std::this_thread::sleep_for(std::chrono::microseconds(i < 100 ? 0 : 100));
  }
  return text;
}

/// proc(5), /proc/pid/syscall: the number, six arguments in hexadecimal, and two registers; "-1 ..." outside
/// a call.
std::optional<Call> call_of(pid_t thread) {
  const auto text = call_text(thread);
  if (!text) return std::nullopt;
  Call call;
  const char* at = text->data();
  const char* const end = at + text->size();
  auto parsed = std::from_chars(at, end, call.number);
  if (parsed.ec != std::errc() || call.number < 0) return std::nullopt;
  for (std::uint64_t& argument : call.arguments) {
    if (end - parsed.ptr < 3 || std::string_view(parsed.ptr, 3) != " 0x") return std::nullopt;
    parsed = std::from_chars(parsed.ptr + 3, end, argument, 16);
    if (parsed.ec != std::errc()) return std::nullopt;
  }
  return call;
}

Intent intent_by(std::uint64_t flags) noexcept {
  return (flags & O_ACCMODE) == O_RDONLY ? Intent::read : Intent::write;
}

/// The memory of a process, by addresses of its own.
class Memory {
 public:
  explicit Memory(pid_t process) : file_(::open(place(process, "mem").c_str(), O_RDONLY | O_CLOEXEC)) {}

  std::optional<std::uint64_t> word(std::uint64_t address) const {
    std::uint64_t value = 0;
    const bool whole =
        ::pread(file_.get(), &value, sizeof value, static_cast<off_t>(address)) == sizeof value;
    return whole ? std::optional(value) : std::nullopt;
  }

  /// Up to the NUL; nothing if there is none within kMostText or the memory ends before.
  std::optional<std::string> text(std::uint64_t address) const {
    std::string text;
    std::array<char, 256> piece;
    while (text.size() < kMostText) {
      // Not past the page, which may be the last one.
      const std::size_t rest = 4096 - (address + text.size()) % 4096;
      const auto got = ::pread(file_.get(), piece.data(), std::min(rest, piece.size()),
                               static_cast<off_t>(address + text.size()));
      if (got <= 0) return std::nullopt;
      const std::string_view read(piece.data(), static_cast<std::size_t>(got));
      const auto end = read.find('\0');
      text.append(read.substr(0, end));
      if (end != std::string_view::npos) return text;
    }
    return std::nullopt;
  }

 private:
  UniqueFd file_;
};

/// A list of addresses that ends with 0. False: it could not be read whole.
bool read_strings(const Memory& memory, std::uint64_t list, std::size_t& bytes,
                  std::vector<std::string>& strings) {
  for (; list != 0; list += sizeof(std::uint64_t)) {
    const auto address = memory.word(list);
    if (!address) return false;
    if (*address == 0) return true;
    auto text = memory.text(*address);
    if (!text || strings.size() == kMostStrings || bytes + text->size() > kMostBytes) return false;
    bytes += text->size();
    strings.push_back(std::move(*text));
  }
  return true;  // no list is an empty one: execve(2), NOTES
}

std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key, unsigned skip = 0) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + key.size());
  for (unsigned i = 0; i <= skip; ++i) {
    text.remove_prefix(std::min(text.size(), text.find_first_of("0123456789\n")));
    if (i == skip) break;
    text.remove_prefix(std::min(text.size(), text.find_first_not_of("0123456789")));
  }
  std::uint64_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) return std::nullopt;
  return value;
}

std::vector<std::string> split_at_nul(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    parts.emplace_back(text.substr(0, text.find('\0')));
    text.remove_prefix(std::min(text.size(), parts.back().size() + 1));
  }
  return parts;
}

/// Words that end with NUL; nothing if there are more than kMostBytes.
std::optional<std::vector<std::string>> words_in(const std::string& path) {
  const auto text = contents(path, kMostBytes);
  if (!text || text->size() == kMostBytes) return std::nullopt;
  return split_at_nul(*text);
}

}  // namespace

Intent intent_of(pid_t thread) noexcept {
  const auto call = call_of(thread);
  if (!call) return Intent::unknown;
  switch (call->number) {
    case SYS_execve:
    case SYS_execveat:
      return Intent::execute;
    case SYS_openat:
      return intent_by(call->arguments[2]);
#ifdef SYS_open
    case SYS_open:
      return intent_by(call->arguments[1]);
    case SYS_creat:
      return Intent::write;
#endif
    default:
      return Intent::unknown;
  }
}

std::optional<identity::FileState> program_of(pid_t process) noexcept {
  std::array<char, 32> path{};
  fmt::format_to_n(path.data(), path.size() - 1, "/proc/{}/exe", process);
  struct stat status {};
  if (::stat(path.data(), &status) != 0) return std::nullopt;
  return identity::state_of(status);
}

std::string program_path(pid_t process) {
  std::string path(4096, '\0');
  const auto size = ::readlink(place(process, "exe").c_str(), path.data(), path.size());
  path.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return path;
}

std::optional<Ids> ids_of(pid_t process) {
  const auto text = contents(place(process, "status"), 4096);
  if (!text) return std::nullopt;
  const auto leader = number_after(*text, "\nTgid:"), parent = number_after(*text, "\nPPid:");
  const auto real = number_after(*text, "\nUid:"), effective = number_after(*text, "\nUid:", 1);
  if (!leader || !parent || !real || !effective) return std::nullopt;
  return Ids{.real_user = static_cast<std::uint32_t>(*real),
             .effective_user = static_cast<std::uint32_t>(*effective),
             .process = static_cast<pid_t>(*leader),
             .parent = static_cast<pid_t>(*parent)};
}

std::optional<std::uint64_t> begun(pid_t process) {
  const auto text = contents(place(process, "stat"), 1024);
  if (!text) return std::nullopt;
  // Field 22; the second is a name in parentheses, which may hold anything.
  std::size_t at = text->rfind(')');
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = text->find(' ', at + 1);
  if (at == std::string::npos) return std::nullopt;
  std::uint64_t value = 0;
  if (std::from_chars(text->data() + at + 1, text->data() + text->size(), value).ec != std::errc())
    return std::nullopt;
  return value;
}

ExecStrings exec_strings(pid_t thread) {
  ExecStrings strings;
  const auto call = call_of(thread);
  if (!call || (call->number != SYS_execve && call->number != SYS_execveat)) return strings;
  const std::size_t first = call->number == SYS_execve ? 0 : 1;
  const Memory memory(thread);
  auto file = memory.text(call->arguments.at(first));
  if (!file) return strings;
  strings.file = std::move(*file);
  strings.known = true;
  std::size_t bytes = 0;
  strings.truncated = !read_strings(memory, call->arguments.at(first + 1), bytes, strings.arguments) ||
                      !read_strings(memory, call->arguments.at(first + 2), bytes, strings.environment);
  return strings;
}

std::optional<std::vector<std::string>> arguments_of(pid_t process) {
  return words_in(place(process, "cmdline"));
}

std::optional<std::vector<std::string>> environment_of(pid_t process) {
  return words_in(place(process, "environ"));
}

bool brings_code(const std::vector<std::string>& environment) noexcept {
  // ld.so(8), iconv(1), OpenSSL's environment variables (openssl-env(7)).
  constexpr std::array<std::string_view, 4> kBringers{"LD_", "GCONV_PATH=", "OPENSSL_", "GLIBC_TUNABLES="};
  return std::ranges::any_of(environment, [&](const std::string& word) {
    return std::ranges::any_of(kBringers, [&](std::string_view start) { return word.starts_with(start); });
  });
}

std::string path_for_us(pid_t process, std::string_view path) {
  if (path == "/dev/stdin") return input_of(process);
  // What would lead to our own.
  for (const std::string_view own : {"/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"})
    if (path.starts_with(own)) return place(process, "fd/") + std::string(path.substr(own.size()));
  if (path.starts_with("/proc/self/"))
    return place(process, path.substr(std::string_view("/proc/self/").size()));
  return path.starts_with('/') ? place(process, "root") + std::string(path)
                               : place(process, "cwd/") + std::string(path);
}

std::string input_of(pid_t process) { return place(process, "fd/0"); }

bool is_ours(pid_t thread) noexcept {
  std::array<char, 40> path{};
  fmt::format_to_n(path.data(), path.size() - 1, "/proc/self/task/{}", thread);
  return ::access(path.data(), F_OK) == 0;
}

}  // namespace bansoko::process
