// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "base/lazy_array.h"
#include "shield/recon/keyed_table.h"

namespace bansoko::recon {

template <class What>
struct Seen {
  What what = {};
  std::chrono::nanoseconds when{};
};

/// For each key the different things noted for it within the last `window`, and those noted against it: of
/// each the last `most`. Exact: the window slides, and nothing is estimated. Costs up to `most` comparisons a
/// call.
template <class What>
class DistinctTable {
 public:
  using Key = typename KeyedTable<int>::Key;

  DistinctTable(std::size_t entries, std::uint32_t most, std::chrono::nanoseconds window, bool may_oppose,
                std::uint64_t seed)
      : tracks_(entries, seed),
        most_(most),
        window_(window),
        counted_(tracks_.size() * most),
        opposed_(may_oppose ? counted_.size() : 0) {}

  /// True: `most` different things were noted, and fewer against it.
  bool add(const Key& key, const What& what, std::chrono::nanoseconds now) noexcept {
    // One that is out of date weighs nothing, one that has counted little weighs little.
    const std::size_t index = tracks_.claim(key, [&](const Track& track) {
      return now - track.used >= window_ ? Weight{} : Weight{track.counted, track.used.count()};
    });
    Track& track = tracks_[index];
    track.used = now;
    const std::uint32_t live = note(part(counted_, index), track.counted, what, now);
    if (live < most_) return false;
    return opposed_.size() == 0 || live_in(part(opposed_, index).first(track.opposed), now) < most_;
  }

  /// Notes against a key, if anything is counted for it.
  void oppose(const Key& key, const What& what, std::chrono::nanoseconds now) noexcept {
    const std::size_t index = tracks_.find(key);
    if (index != KeyedTable<Track>::kNone) note(part(opposed_, index), tracks_[index].opposed, what, now);
  }

  /// What was counted for a key, in no order; some may lie before the window.
  std::span<const Seen<What>> of(const Key& key) noexcept {
    const std::size_t index = tracks_.find(key);
    if (index == KeyedTable<Track>::kNone) return {};
    return part(counted_, index).first(tracks_[index].counted);
  }

  void clear() noexcept { tracks_.clear(); }

  std::uint64_t given_up() const noexcept { return tracks_.given_up(); }

 private:
  struct Track {
    std::chrono::nanoseconds used{};
    std::uint32_t counted = 0;  // places in use of `most`
    std::uint32_t opposed = 0;
  };
  using Weight = std::pair<std::uint32_t, std::int64_t>;

  std::span<Seen<What>> part(LazyArray<Seen<What>>& of, std::size_t index) noexcept {
    return of.part(index * most_, most_);
  }

  std::uint32_t live_in(std::span<const Seen<What>> seen, std::chrono::nanoseconds now) const noexcept {
    std::uint32_t live = 0;
    for (const Seen<What>& one : seen) live += now - one.when < window_ ? 1 : 0;
    return live;
  }

  /// Notes `what`, in the place of the oldest if need be; gives how many are within the window.
  std::uint32_t note(std::span<Seen<What>> places, std::uint32_t& used, const What& what,
                     std::chrono::nanoseconds now) noexcept {
    std::uint32_t place = 0;
    bool known = false;
    for (std::uint32_t i = 0; i < used && !known; ++i) {
      known = places[i].what == what;
      if (known || places[i].when < places[place].when) place = i;
    }
    if (!known && used < places.size()) place = used++;
    places[place] = {what, now};
    return live_in(places.first(used), now);
  }

  KeyedTable<Track> tracks_;
  std::uint32_t most_;
  std::chrono::nanoseconds window_;
  LazyArray<Seen<What>> counted_;
  LazyArray<Seen<What>> opposed_;
};

}  // namespace bansoko::recon
