// SPDX-License-Identifier: Apache-2.0
#include "service/unix_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"

namespace bansoko::service {
namespace {

using std::chrono::steady_clock;

constexpr int kWaiting = 16;  // connections nobody has accepted yet

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path))
    return fail(Errc::invalid, "'{}' is no path for a socket (valid: 1 to {} bytes)", path,
                sizeof(address.sun_path) - 1);
  path.copy(static_cast<char*>(address.sun_path), path.size());
  return address;
}

Result<UniqueFd> stream_socket() {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return fail_errno("cannot make a socket", errno);
  return fd;
}

bool wait_for(int fd, short events, steady_clock::time_point until) noexcept {
  pollfd waited{.fd = fd, .events = events, .revents = 0};
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
    const int ready = ::poll(&waited, 1, static_cast<int>(std::clamp<long long>(left, 0, 60'000)));
    if (ready > 0) return true;
    if (ready == 0 && left <= 0) return false;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace

Result<UniqueFd> connect_to(const std::string& path) {
  BANSOKO_TRY(const sockaddr_un address, address_of(path));
  BANSOKO_TRY(UniqueFd fd, stream_socket());
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
  if (errno == ENOENT || errno == ECONNREFUSED) return fail(Errc::not_found, "nobody listens at {}", path);
  return fail_errno("cannot connect to " + path, errno);
}

Result<UniqueFd> listen_at(const std::string& path) {
  BANSOKO_TRY(const sockaddr_un address, address_of(path));
  if (connect_to(path)) return fail(Errc::denied, "another instance listens at {}", path);
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  struct stat found {};
  if (::lstat(path.c_str(), &found) == 0) {
    if (!S_ISSOCK(found.st_mode)) return fail(Errc::denied, "{} is in the way: it is no socket", path);
    ::unlink(path.c_str());
  }
  BANSOKO_TRY(UniqueFd fd, stream_socket());
  // Nobody may connect between bind() and chmod(): the mode is right before listen().
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return fail_errno("cannot bind " + path, errno);
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0)
    return fail_errno("cannot set the mode of " + path, errno);
  if (::listen(fd.get(), kWaiting) != 0) return fail_errno("cannot listen at " + path, errno);
  return fd;
}

bool wait_readable(int fd, steady_clock::time_point until) noexcept { return wait_for(fd, POLLIN, until); }

Result<std::string> read_line(int fd, std::size_t most, steady_clock::time_point until) {
  std::string line;
  std::array<char, 4096> block{};
  while (true) {
    if (!wait_for(fd, POLLIN, until)) return fail(Errc::limit, "no whole line came in time");
    const ssize_t size = ::recv(fd, block.data(), block.size(), 0);
    if (size == 0) return fail(Errc::io, "the peer hung up before the end of its line");
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size < 0) return fail_errno("cannot read from the socket", errno);
    const std::string_view more(block.data(), static_cast<std::size_t>(size));
    const std::size_t end = more.find('\n');
    line += more.substr(0, end);
    if (line.size() > most) return fail(Errc::limit, "the line is longer than {} bytes", most);
    if (end != std::string_view::npos) return line;
  }
}

Result<> write_line(int fd, std::string_view line, steady_clock::time_point until) {
  std::string text(line);
  text += '\n';
  for (std::string_view rest = text; !rest.empty();) {
    if (!wait_for(fd, POLLOUT, until)) return fail(Errc::limit, "the peer did not take its answer in time");
    const ssize_t size = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size < 0) return fail_errno("cannot write to the socket", errno);
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  return {};
}

}  // namespace bansoko::service
