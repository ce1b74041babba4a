// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/evidence_dump.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include <fmt/core.h>

#include "shield/engine/drivers.h"

namespace bansoko::app {
namespace {

constexpr std::size_t kRow = 16;
constexpr std::size_t kMostShown = 256;

}  // namespace

std::string hex_dump(Bytes bytes, std::size_t most) {
  std::string text;
  const Bytes shown = bytes.first(std::min(most, bytes.size()));
  for (std::size_t at = 0; at < shown.size(); at += kRow) {
    std::string hex;
    std::string characters;
    for (const std::uint8_t byte : shown.subspan(at, std::min(kRow, shown.size() - at))) {
      hex += fmt::format("{:02x} ", byte);
      characters += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
    }
    text += fmt::format("  {:04x}  {:<48} {}\n", at, hex, characters);
  }
  if (shown.size() < bytes.size()) text += fmt::format("  and {} bytes more\n", bytes.size() - shown.size());
  return text;
}

Result<std::string> dump_packet(const std::string& path, std::chrono::system_clock::time_point time) {
  using std::chrono::microseconds;
  BANSOKO_TRY(const capture::Driver* driver, engine::find_driver("pcapfile"));
  BANSOKO_TRY(const auto capture, driver->open({.path = path}, 0));
  const auto wanted = std::chrono::floor<microseconds>(time.time_since_epoch());
  std::array<packet::Frame, 1> frames{};
  std::vector<std::uint8_t> found;
  for (bool ended = false; !ended;) {
    BANSOKO_TRY(const capture::Batch batch, capture->receive(frames, std::chrono::milliseconds{}));
    ended = batch.ended || batch.count == 0;
    if (batch.count != 0 && std::chrono::floor<microseconds>(frames[0].arrived) == wanted)
      found.assign(frames[0].bytes.begin(), frames[0].bytes.end());
    capture->settle(std::array<packet::Verdict, 1>{});
  }
  if (found.empty()) return fail(Errc::invalid, "{}: holds no packet of that time", path);
  return fmt::format("the packet that matched, {} bytes from the IP header on:\n{}", found.size(),
                     hex_dump(found, kMostShown));
}

}  // namespace bansoko::app
