// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/tagged_hosts.h"

#include <algorithm>

namespace bansoko::engine {

using detect::Tag;

void TaggedHosts::begin(const Tag& tag, const packet::Packet& packet, const EvidenceKey& key,
                        std::uint32_t most) noexcept {
  Host host{.is_source = tag.of == Tag::Of::source,
            .key = key,
            .packets = tag.unit == Tag::Unit::packets ? std::min(tag.count, most) : most,
            .bytes = tag.unit == Tag::Unit::bytes ? tag.count : std::numeric_limits<std::uint64_t>::max(),
            .until = tag.unit == Tag::Unit::seconds ? packet.arrived + std::chrono::seconds(tag.count)
                                                    : std::chrono::nanoseconds::max()};
  host.address = host.is_source ? packet.source : packet.dest;
  const auto same = std::ranges::find_if(hosts_, [&](const Host& known) {
    return known.packets != 0 && known.address == host.address && known.is_source == host.is_source;
  });
  Host& place = same != hosts_.end() ? *same : hosts_[next_++ % kMost];
  place = host;
  any_ = true;
}

EvidenceKey TaggedHosts::take(const packet::Packet& packet, std::size_t size) noexcept {
  if (!any_) return {};
  for (Host& host : hosts_) {
    if (host.packets == 0 || host.address != (host.is_source ? packet.source : packet.dest)) continue;
    if (packet.arrived > host.until) {
      host.packets = 0;
      continue;
    }
    --host.packets;
    if (host.bytes <= size) host.packets = 0;
    host.bytes -= std::min<std::uint64_t>(host.bytes, size);
    return host.key;
  }
  any_ = std::ranges::any_of(hosts_, [](const Host& host) { return host.packets != 0; });
  return {};
}

}  // namespace bansoko::engine
