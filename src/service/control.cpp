// SPDX-License-Identifier: Apache-2.0
#include "service/control.h"

#include <atomic>
#include <list>
#include <stop_token>
#include <thread>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "service/unix_socket.h"

namespace bansoko::service {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookAround{200};
constexpr std::size_t kLargestAnswer = 4U << 20U;
constexpr std::string_view kBusy = R"({"ok":false,"error":"too many connections"})";
constexpr std::string_view kUnread = R"({"ok":false,"error":"no request: one line of JSON is wanted"})";

/// One peer being served.
struct Guest {
  std::atomic<bool> served{false};
  std::jthread thread;
};

}  // namespace

struct ControlServer::State {
  std::string path;
  Handler handler;
  ControlLimits limits;
  UniqueFd socket;
  std::list<Guest> guests;
  std::jthread thread;

  void serve(int fd) const {
    const auto request = read_line(fd, limits.request_bytes, steady_clock::now() + limits.request_time);
    const std::string answer = request ? handler(*request) : std::string(kUnread);
    // A peer that does not read gets no answer: it has had its time.
    if (!write_line(fd, answer, steady_clock::now() + limits.request_time)) return;
  }

  void welcome(UniqueFd fd) {
    guests.remove_if([](const Guest& guest) { return guest.served.load(); });
    if (guests.size() >= limits.connections) {
      if (!write_line(fd.get(), kBusy, steady_clock::now())) return;
      return;
    }
    Guest& guest = guests.emplace_back();
    guest.thread = std::jthread([this, &guest, own = std::move(fd)] {
      serve(own.get());
      guest.served.store(true);
    });
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (!wait_readable(socket.get(), steady_clock::now() + kLookAround)) continue;
      UniqueFd fd(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (fd.valid()) welcome(std::move(fd));
    }
  }
};

ControlServer::ControlServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
ControlServer::ControlServer(ControlServer&&) noexcept = default;
ControlServer& ControlServer::operator=(ControlServer&&) noexcept = default;

ControlServer::~ControlServer() {
  if (state_ == nullptr) return;
  state_->thread.request_stop();
  state_->thread.join();
  state_->guests.clear();
  ::unlink(state_->path.c_str());
}

Result<ControlServer> ControlServer::open(const std::string& path, Handler handler,
                                          const ControlLimits& limits) {
  auto state = std::make_unique<State>();
  BANSOKO_TRY(state->socket, listen_at(path));
  state->path = path;
  state->handler = std::move(handler);
  state->limits = limits;
  state->thread = std::jthread([raw = state.get()](const std::stop_token& stop) { raw->run(stop); });
  return ControlServer(std::move(state));
}

Result<std::string> ask_control(const std::string& path, std::string_view request,
                                std::chrono::milliseconds wait) {
  const auto until = steady_clock::now() + wait;
  BANSOKO_TRY(const UniqueFd fd, connect_to(path));
  BANSOKO_CHECK(write_line(fd.get(), request, until));
  return read_line(fd.get(), kLargestAnswer, until);
}

}  // namespace bansoko::service
