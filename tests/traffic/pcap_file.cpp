// SPDX-License-Identifier: Apache-2.0
#include "tests/traffic/pcap_file.h"

#include <fstream>

namespace bansoko::traffic {
namespace {

constexpr std::uint32_t kMagic = 0xa1b2c3d4;
constexpr std::uint32_t kVersion = 0x00040002;  // 2.4: two 16-bit numbers
constexpr std::uint32_t kSnapLength = 262144;
constexpr std::uint32_t kLinkEthernet = 1;
constexpr std::uint32_t kLinkRaw = 101;

void put32le(Octets& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

bool write_pcap(const std::filesystem::path& path, std::span<const Octets> frames,
                std::span<const std::chrono::nanoseconds> times, packet::Link link) {
  Octets out;
  const std::uint32_t link_type = link == packet::Link::ethernet ? kLinkEthernet : kLinkRaw;
  for (const std::uint32_t field : {kMagic, kVersion, 0U, 0U, kSnapLength, link_type}) put32le(out, field);
  std::chrono::nanoseconds time = std::chrono::seconds(1'000'000'000);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    time = i < times.size() ? times[i] : time + std::chrono::milliseconds(1);
    const auto microseconds = static_cast<std::uint64_t>(time.count() / 1000);
    const auto size = static_cast<std::uint32_t>(frames[i].size());
    put32le(out, static_cast<std::uint32_t>(microseconds / 1'000'000));
    put32le(out, static_cast<std::uint32_t>(microseconds % 1'000'000));
    put32le(out, size);
    put32le(out, size);
    out.insert(out.end(), frames[i].begin(), frames[i].end());
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(out.data()), static_cast<std::streamsize>(out.size()));
  return static_cast<bool>(file.flush());
}

}  // namespace bansoko::traffic
