// SPDX-License-Identifier: Apache-2.0
#include "lockdown/guard/fanotify.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/fanotify.h>
#include <unistd.h>

#include "base/counter.h"
#include "base/file.h"

namespace bansoko::guard {
namespace {

constexpr std::size_t kBatch = 128;  // events taken by one read

std::uint64_t asked_about(const Means& means) noexcept {
  return means.tells_executes ? FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM : FAN_OPEN_PERM;
}

unsigned mark_kind(const Means& means) noexcept {
  return means.marks_filesystems ? FAN_MARK_FILESYSTEM : FAN_MARK_MOUNT;
}

void respond(int group, int event, policy::Answer answer) noexcept {
  const fanotify_response response{
      .fd = event, .response = answer == policy::Answer::allow ? FAN_ALLOW : static_cast<__u32>(FAN_DENY)};
  // It fails only where nobody waits any more.
  [[maybe_unused]] const auto written = ::write(group, &response, sizeof response);
}

/// Does the kernel know such a mark? It looks at the flags (EINVAL) before it looks at the descriptor
/// (EBADF), so nothing is marked.
bool knows(int group, unsigned kind, std::uint64_t mask) noexcept {
  constexpr int kNone = -1;
  ::fanotify_mark(group, FAN_MARK_ADD | kind, mask, kNone, nullptr);
  return errno == EBADF;
}

class FanotifyGuard final : public Guard {
 public:
  FanotifyGuard(const Group& group, policy::Answer if_lost) noexcept : group_(group), if_lost_(if_lost) {}

  const Means& means() const noexcept override { return group_.means; }
  int descriptor() const noexcept override { return group_.descriptor.get(); }
  void answer(int event, policy::Answer answer) noexcept override { respond(descriptor(), event, answer); }

  Result<std::size_t> receive(Receiver& receiver) override {
    const auto size = ::read(descriptor(), events_.data(), sizeof events_);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return std::size_t{0};
    if (size < 0 && (errno == EBADF || errno == EFAULT || errno == EINVAL))
      return fail_errno("cannot take what the kernel holds", errno);
    if (size <
        0) {  // one file could not be opened for us, and was denied: fanotify(7), "Reading fanotify events"
      denied_by_kernel_.add();
      return std::size_t{1};
    }
    const auto count = static_cast<std::size_t>(size) / sizeof(fanotify_event_metadata);
    for (std::size_t i = 0; i < count; ++i) hand_over(events_.at(i), receiver);
    return count;
  }

  Result<> watch(const std::string& path) override {
    const int done = ::fanotify_mark(descriptor(), FAN_MARK_ADD | mark_kind(group_.means),
                                     asked_about(group_.means), AT_FDCWD, path.c_str());
    return done == 0 ? Result<>() : fail_errno(fmt::format("cannot watch {}", path), errno);
  }

  Result<> keep(int file, Kept what) override {
    std::uint64_t mask = FAN_OPEN_PERM;
    if (what == Kept::opens_and_executes) mask = asked_about(group_.means);
    const int done = ::fanotify_mark(descriptor(), FAN_MARK_ADD | FAN_MARK_IGNORED_MASK, mask, file, nullptr);
    return done == 0 ? Result<>() : fail_errno("cannot keep an answer", errno);
  }

  void forget(int file) noexcept override {
    ::fanotify_mark(descriptor(), FAN_MARK_REMOVE | FAN_MARK_IGNORED_MASK, asked_about(group_.means), file,
                    nullptr);
  }

  std::uint64_t denied_by_kernel() const noexcept override { return denied_by_kernel_.value(); }

  Result<> forget_all() override {
    // Marks of inodes are those that keep answers; what is watched has marks of its own kind.
    if (::fanotify_mark(descriptor(), FAN_MARK_FLUSH, 0, AT_FDCWD, nullptr) == 0) return {};
    return fail_errno("cannot forget the kept answers", errno);
  }

 private:
  void hand_over(const fanotify_event_metadata& event, Receiver& receiver) {
    if (event.fd < 0) return;  // the queue has overflown: it cannot, being without a bound
    const bool executes = (event.mask & FAN_OPEN_EXEC_PERM) != 0;
    receiver.held(
        Held(*this, UniqueFd(event.fd), event.pid, executes ? Asked::execute : Asked::open, if_lost_));
  }

  const Group& group_;
  policy::Answer if_lost_;
  Counter denied_by_kernel_;
  std::array<fanotify_event_metadata, kBatch> events_{};
};

}  // namespace

Result<Group> open_group(const Means& at_most) {
  constexpr unsigned kFlags =
      FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS;
  constexpr unsigned kFiles = O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NOATIME;
  Means means = at_most;
  UniqueFd descriptor(::fanotify_init(kFlags | (means.tells_threads ? FAN_REPORT_TID : 0U), kFiles));
  if (!descriptor.valid() && errno == EINVAL && means.tells_threads) {
    means.tells_threads = false;
    descriptor = UniqueFd(::fanotify_init(kFlags, kFiles));
  }
  if (!descriptor.valid()) return fail_errno("cannot open fanotify", errno);
  means.tells_executes = means.tells_executes && knows(descriptor.get(), 0, FAN_OPEN_EXEC_PERM);
  means.marks_filesystems =
      means.marks_filesystems && knows(descriptor.get(), FAN_MARK_FILESYSTEM, FAN_OPEN_PERM);
  return Group{.descriptor = std::move(descriptor), .means = means};
}

std::unique_ptr<Guard> make_fanotify_guard(const Group& group, policy::Answer if_lost) {
  return std::make_unique<FanotifyGuard>(group, if_lost);
}

std::uint32_t settle_after(const Group& group, policy::Answer answer, std::uint64_t most) noexcept {
  std::uint32_t settled = 0;
  for (std::uint64_t event = 0; event < most; ++event) {
    const fanotify_response response{
        .fd = static_cast<__s32>(event),
        .response = answer == policy::Answer::allow ? FAN_ALLOW : static_cast<__u32>(FAN_DENY)};
    if (::write(group.descriptor.get(), &response, sizeof response) == sizeof response) ++settled;
  }
  return settled;
}

}  // namespace bansoko::guard
