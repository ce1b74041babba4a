// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include <sys/types.h>

#include "base/result.h"
#include "base/unique_fd.h"
#include "lockdown/policy/rules.h"

namespace bansoko::guard {

/// What the kernel asks about.
enum class Asked : std::uint8_t { open, execute };

/// What the kernel may keep the answer "allow" for, until the file changes or it is told to forget.
enum class Kept : std::uint8_t { opens, opens_and_executes };

/// Where answers go: the kernel, or a test. From any thread.
class AnswerPort {
 public:
  virtual ~AnswerPort() = default;
  /// `event` is the descriptor under which the kernel told of the event; it stays open.
  virtual void answer(int event, policy::Answer answer) noexcept = 0;
};

/// A file that a process wants to open or execute, and which the kernel holds until we answer.
/// One destroyed unanswered gets `if_lost`, so no path can leave a process hanging.
class Held {
 public:
  Held(AnswerPort& port, UniqueFd file, pid_t process, Asked asked, policy::Answer if_lost) noexcept
      : port_(&port), file_(std::move(file)), process_(process), asked_(asked), if_lost_(if_lost) {}
  Held(Held&& other) noexcept
      : port_(std::exchange(other.port_, nullptr)),
        file_(std::move(other.file_)),
        process_(other.process_),
        asked_(other.asked_),
        if_lost_(other.if_lost_) {}
  Held& operator=(Held&&) = delete;
  ~Held() {
    if (port_ != nullptr) port_->answer(file_.get(), if_lost_);
  }

  /// For reading, by pread(2) alone.
  int file() const noexcept { return file_.get(); }
  /// The thread that waits, where the kernel tells threads; else its process.
  pid_t process() const noexcept { return process_; }
  Asked asked() const noexcept { return asked_; }

  /// The kernel has its answer; the descriptor goes on to the caller.
  UniqueFd answer(policy::Answer given) && noexcept {
    std::exchange(port_, nullptr)->answer(file_.get(), given);
    return std::move(file_);
  }

 private:
  AnswerPort* port_;
  UniqueFd file_;
  pid_t process_;
  Asked asked_;
  policy::Answer if_lost_;
};

/// Takes what the kernel holds.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual void held(Held held) = 0;
};

/// What this kernel can do for us.
struct Means {
  bool tells_executes = true;     // apart from opens: since Linux 5.0
  bool marks_filesystems = true;  // else mounts alone, which a bind mount gets around: since 4.20
  bool tells_threads = true;      // which thread waits, and not only of which process: since 4.20
  friend bool operator==(const Means&, const Means&) = default;
};

/// The kernel's side: holds opens and executes on what is watched. One thread receives; the rest is for any
/// thread.
class Guard : public AnswerPort {
 public:
  virtual const Means& means() const noexcept = 0;
  /// Readable when something is held.
  virtual int descriptor() const noexcept = 0;
  /// Hands over what is held now; how much it was. Does not wait.
  virtual Result<std::size_t> receive(Receiver& receiver) = 0;
  /// Watches the whole filesystem (or mount) that `path` is on. Again does no harm.
  virtual Result<> watch(const std::string& path) = 0;
  /// The kernel answers "allow" by itself from now on, until the file changes. Call while the file is held.
  virtual Result<> keep(int file, Kept what) = 0;
  virtual void forget(int file) noexcept = 0;
  /// Forgets all that is kept.
  virtual Result<> forget_all() = 0;
  /// Files that could not be handed to us, and were denied by the kernel itself.
  virtual std::uint64_t denied_by_kernel() const noexcept = 0;
};

}  // namespace bansoko::guard
