// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockdown/guard/guard.h"

namespace bansoko::lockdown {

/// A kernel for tests: holds what it is given, and remembers what it was told.
class TestGuard final : public guard::Guard {
 public:
  const guard::Means& means() const noexcept override { return means_; }
  int descriptor() const noexcept override { return ready_.get(); }
  Result<> watch(const std::string& path) override {
    const std::scoped_lock lock(mutex_);
    watched.push_back(path);
    return refuses_to_watch.empty() ? Result<>() : fail(Errc::io, "{}", refuses_to_watch);
  }
  Result<> keep(int file, guard::Kept what) override {
    const std::scoped_lock lock(mutex_);
    kept[file] = what;
    return {};
  }
  void forget(int file) noexcept override {
    const std::scoped_lock lock(mutex_);
    kept.erase(file);
  }
  Result<> forget_all() override {
    const std::scoped_lock lock(mutex_);
    kept.clear();
    return {};
  }
  std::uint64_t denied_by_kernel() const noexcept override { return 0; }
  void answer(int /*event*/, policy::Answer answer) noexcept override {
    const std::scoped_lock lock(mutex_);
    answers.push_back(answer);
  }
  Result<std::size_t> receive(guard::Receiver& receiver) override {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(ready_.get(), &count, sizeof count);
    std::deque<guard::Held> now;
    {
      const std::scoped_lock lock(mutex_);
      now.swap(waiting_);
    }
    const std::size_t size = now.size();
    for (guard::Held& held : now) receiver.held(std::move(held));
    return size;
  }

  guard::Held hold(const std::string& path, pid_t process, guard::Asked asked) {
    return {*this, UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), process, asked,
            policy::Answer::deny};
  }
  void push(guard::Held held) {
    {
      const std::scoped_lock lock(mutex_);
      waiting_.push_back(std::move(held));
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(ready_.get(), &one, sizeof one);
  }
  std::size_t answered() const {
    const std::scoped_lock lock(mutex_);
    return answers.size();
  }

  std::map<int, guard::Kept> kept;
  std::vector<policy::Answer> answers;
  std::vector<std::string> watched;
  std::string refuses_to_watch;

 private:
  guard::Means means_;
  UniqueFd ready_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  mutable std::mutex mutex_;
  std::deque<guard::Held> waiting_;
};

/// Another process, which does nothing until it is ended.
class Stranger {
 public:
  Stranger() : process_(::fork()) {
    while (process_ == 0) ::pause();
  }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  ~Stranger() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  pid_t id() const noexcept { return process_; }

 private:
  pid_t process_;
};

}  // namespace bansoko::lockdown
