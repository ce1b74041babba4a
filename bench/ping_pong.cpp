// SPDX-License-Identifier: Apache-2.0
// How long one small question and its answer take over TCP, with one question under way at a time.
// usage: ping-pong serve PORT | ping-pong ask ADDRESS PORT SECONDS
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/range.h"
#include "base/unique_fd.h"

namespace {

using bansoko::UniqueFd;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kSize = 64;

struct Target {
  sockaddr_in address{};

  Target(const char* host, std::uint64_t port) {
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (host != nullptr) ::inet_pton(AF_INET, host, &address.sin_addr);
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

bool receive(int fd, std::array<char, kSize>& message) {
  return ::recv(fd, message.data(), message.size(), MSG_WAITALL) == static_cast<ssize_t>(message.size());
}

bool send(int fd, const std::array<char, kSize>& message) {
  return ::send(fd, message.data(), message.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(message.size());
}

void answer_at_once(const UniqueFd& fd) {
  constexpr int kOn = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
}

int serve(std::uint64_t port) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM, 0));
  constexpr int kOn = 1;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
  const Target any(nullptr, port);
  if (::bind(listener.get(), any.get(), sizeof any.address) != 0 || ::listen(listener.get(), 8) != 0)
    return 1;
  while (true) {
    UniqueFd peer(::accept(listener.get(), nullptr, nullptr));
    answer_at_once(peer);
    std::thread([own = std::move(peer)] {
      std::array<char, kSize> message{};
      while (receive(own.get(), message) && send(own.get(), message)) {
      }
    }).detach();
  }
}

/// A connection's questions, few enough that it is inspected to its end; false: one was not answered.
bool ask_some(const Target& target, std::vector<std::int64_t>& took) {
  constexpr int kQuestions = 1000;
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM, 0));
  if (::connect(fd.get(), target.get(), sizeof target.address) != 0) return false;
  answer_at_once(fd);
  std::array<char, kSize> message{};
  message.fill('q');
  for (int i = 0; i < kQuestions; ++i) {
    const auto before = Clock::now();
    if (!send(fd.get(), message) || !receive(fd.get(), message)) return false;
    took.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - before).count());
  }
  return true;
}

int ask(const Target& target, std::uint64_t seconds) {
  std::vector<std::int64_t> took;
  const auto until = Clock::now() + std::chrono::seconds(seconds);
  while (Clock::now() < until)
    if (!ask_some(target, took)) return 1;
  std::sort(took.begin(), took.end());
  const auto at = [&took](std::size_t percent) {
    return static_cast<long long>(took[(took.size() - 1) * percent / 100]);
  };
  std::printf(R"({"asked": %zu, "p50_ns": %lld, "p99_ns": %lld})"
              "\n",
              took.size(), at(50), at(99));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  const auto number = [&words](std::size_t i) { return bansoko::parse_number(words[i]).value_or(0); };
  if (words.size() == 2 && words[0] == "serve") return serve(number(1));
  if (words.size() == 4 && words[0] == "ask") return ask(Target(argv[2], number(2)), number(3));
  std::fputs("usage: ping-pong serve PORT | ping-pong ask ADDRESS PORT SECONDS\n", stderr);
  return 2;
}
