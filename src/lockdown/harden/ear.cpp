// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/ear.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"

namespace bansoko::harden {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kData = 128 * kPage;

/// `tells_exec` is what Linux before 3.16 does not know, and refuses with EINVAL.
UniqueFd open_point(std::uint16_t number, int processor, bool with_processes, bool tells_exec) {
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_TRACEPOINT;
  attributes.config = number;
  attributes.sample_period = 1;
  attributes.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
  attributes.sample_id_all = 1;
  attributes.disabled = 1;
  attributes.comm = with_processes ? 1 : 0;
  attributes.comm_exec = with_processes && tells_exec ? 1 : 0;
  attributes.task = with_processes ? 1 : 0;
  attributes.watermark = 1;
  attributes.wakeup_watermark = kData / 4;
  UniqueFd event(static_cast<int>(::syscall(SYS_perf_event_open, &attributes, -1, processor, -1, 0)));
  if (event.valid()) ::fcntl(event.get(), F_SETFD, FD_CLOEXEC);
  return event;
}

}  // namespace

Result<Ear::Ring> Ear::open_ring(int processor, std::span<const Point> points) {
  Ring ring;
  for (const Point& point : points) {
    UniqueFd event = open_point(point.number, processor, !ring.main.valid(), tells_exec_);
    if (!event.valid() && errno == EINVAL && tells_exec_) {
      tells_exec_ = false;
      event = open_point(point.number, processor, !ring.main.valid(), tells_exec_);
    }
    if (!event.valid()) return fail_errno("perf_event_open refused a tracepoint", errno);
    // One that is not taken only lets more through.
    if (!point.filter.empty()) ::ioctl(event.get(), PERF_EVENT_IOC_SET_FILTER, point.filter.c_str());
    if (ring.main.valid()) {
      if (::ioctl(event.get(), PERF_EVENT_IOC_SET_OUTPUT, ring.main.get()) != 0)
        return fail_errno("cannot lead a tracepoint into the ring", errno);
      ring.others.push_back(std::move(event));
      continue;
    }
    void* pages = ::mmap(nullptr, kPage + kData, PROT_READ | PROT_WRITE, MAP_SHARED, event.get(), 0);
    if (pages == MAP_FAILED) return fail_errno("cannot map the kernel's ring", errno);
    ring.pages = pages;
    ring.main = std::move(event);
  }
  return ring;
}

Result<Ear> Ear::open(std::span<const Point> points) {
  Ear ear;
  const auto processors = static_cast<int>(::sysconf(_SC_NPROCESSORS_CONF));
  for (int processor = 0; processor < processors; ++processor) {
    auto ring = ear.open_ring(processor, points);
    if (ring) ear.rings_.push_back(std::move(*ring));
    // A processor that is switched off says ENODEV; only when none can be heard is that an error.
    if (!ring && ear.rings_.empty() && processor + 1 == processors)
      return tl::unexpected<Error>(std::move(ring).error());
  }
  for (const Ring& ring : ear.rings_) {
    ::ioctl(ring.main.get(), PERF_EVENT_IOC_ENABLE, 0);
    for (const UniqueFd& other : ring.others) ::ioctl(other.get(), PERF_EVENT_IOC_ENABLE, 0);
  }
  return ear;
}

Ear::~Ear() {
  for (const Ring& ring : rings_)
    if (ring.pages != nullptr) ::munmap(ring.pages, kPage + kData);
}

void Ear::drain(Ring& ring, std::vector<std::uint8_t>& bytes) {
  auto* header = static_cast<perf_event_mmap_page*>(ring.pages);
  const auto* data = static_cast<const std::uint8_t*>(ring.pages) + kPage;
  const std::uint64_t head = std::atomic_ref(header->data_head).load(std::memory_order_acquire);
  const std::uint64_t tail = header->data_tail;
  const std::size_t size = std::min<std::uint64_t>(head - tail, kData);
  const std::size_t at = tail % kData;
  const std::size_t first = std::min(size, kData - at);
  bytes.assign(data + at, data + at + first);
  bytes.insert(bytes.end(), data, data + (size - first));
  std::atomic_ref(header->data_tail).store(head, std::memory_order_release);
}

void Ear::listen(std::chrono::milliseconds longest, bool last,
                 const std::function<void(const TraceRecord&)>& sink) {
  std::vector<pollfd> waits;
  waits.reserve(rings_.size());
  for (const Ring& ring : rings_) waits.push_back({ring.main.get(), POLLIN, 0});
  ::poll(waits.data(), waits.size(), static_cast<int>(longest.count()));
  std::vector<std::uint8_t> bytes;
  const auto hold = [this](TraceRecord record) {
    if (record.kind == TraceRecord::Kind::rename && !tells_exec_) record.kind = TraceRecord::Kind::exec;
    held_.push_back(record);
  };
  for (Ring& ring : rings_) {
    drain(ring, bytes);
    read_records(bytes, hold);
  }
  const auto by_time = [](const TraceRecord& a, const TraceRecord& b) { return a.time < b.time; };
  std::stable_sort(held_.begin(), held_.end(), by_time);
  const auto is_incomplete = [this](const TraceRecord& each) { return each.time > complete_until_; };
  const auto end = last ? held_.end() : std::find_if(held_.begin(), held_.end(), is_incomplete);
  if (!held_.empty()) complete_until_ = held_.back().time;
  std::for_each(held_.begin(), end, sink);
  held_.erase(held_.begin(), end);
}

Result<> Ear::set_filter(const std::string& filter) {
  for (const Ring& ring : rings_)
    if (::ioctl(ring.main.get(), PERF_EVENT_IOC_SET_FILTER, filter.c_str()) != 0)
      return fail_errno(fmt::format("the kernel does not take a filter of {} characters", filter.size()),
                        errno);
  return {};
}

}  // namespace bansoko::harden
