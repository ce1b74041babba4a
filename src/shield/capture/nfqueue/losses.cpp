// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/nfqueue/losses.h"

#include <array>
#include <charconv>

#include <fcntl.h>
#include <unistd.h>

namespace bansoko::capture::nfqueue {
namespace {

/// Takes the next number of a line of blank-separated ones.
std::optional<std::uint32_t> next_number(std::string_view& line) noexcept {
  const auto start = line.find_first_not_of(' ');
  if (start == std::string_view::npos) return std::nullopt;
  line.remove_prefix(start);
  std::uint32_t number = 0;
  const auto read = std::from_chars(line.data(), line.data() + line.size(), number);
  if (read.ec != std::errc{}) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(read.ptr - line.data()));
  return number;
}

}  // namespace

std::optional<std::uint32_t> parse_dropped(std::string_view table, std::uint16_t queue) noexcept {
  constexpr unsigned kDroppedColumn = 5;  // queue, port, waiting, copy mode, copy range, dropped, …
  while (!table.empty()) {
    const auto end = table.find('\n');
    std::string_view line = table.substr(0, end);
    table.remove_prefix(end == std::string_view::npos ? table.size() : end + 1);
    if (next_number(line) != queue) continue;
    std::optional<std::uint32_t> number;
    for (unsigned column = 1; column <= kDroppedColumn; ++column) number = next_number(line);
    return number;
  }
  return std::nullopt;
}

Losses::Losses(std::uint16_t queue)
    : queue_(queue),
      table_(::open("/proc/thread-self/net/netfilter/nfnetlink_queue", O_RDONLY | O_CLOEXEC)) {}

void Losses::see(std::uint32_t id) noexcept {
  const auto step = static_cast<std::int32_t>(id - last_id_);  // numbers wrap around
  if (step <= 0) return;
  missing_ += static_cast<std::uint64_t>(step) - 1;
  last_id_ = id;
}

void Losses::look(std::chrono::nanoseconds now) noexcept {
  if (!table_.valid() || now - looked_ < std::chrono::seconds(1)) return;
  looked_ = now;
  std::array<char, 8192> text;  // a line is 60 bytes: enough for every queue of one firewall
  const auto size = ::pread(table_.get(), text.data(), text.size(), 0);
  if (size <= 0) return;
  const auto dropped = parse_dropped({text.data(), static_cast<std::size_t>(size)}, queue_);
  if (!dropped) return;
  dropped_ += *dropped - last_dropped_;  // the kernel's counter has 32 bits
  last_dropped_ = *dropped;
}

}  // namespace bansoko::capture::nfqueue
