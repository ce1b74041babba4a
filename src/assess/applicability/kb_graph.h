// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bansoko::assess {

/// A Microsoft Knowledge Base article: its digits as a number. 0: none.
using Kb = std::uint32_t;

/// "958644", "KB958644", "Q147222", "kb4012598-v2"; 0 where no number stands there.
Kb kb_of(std::string_view text) noexcept;

/// Which update stands for which others: it supersedes them, or holds them as a roll-up does.
class KbGraph {
 public:
  enum class Link : std::uint8_t { supersedes, contains };

  /// Circles, which feeds have, are harmless.
  void add(Kb newer, Kb older, Link link);

  /// How an update is on a host: itself, or through `by`, which is installed. `link` is how the last step of
  /// the way from `by` goes.
  struct Cover {
    Kb by = 0;
    Link link = Link::supersedes;
    Kb via = 0;  // what stands right above it on the way from `by`; `by` itself where the way has one step
  };
  using Covered = std::unordered_map<Kb, Cover>;

  /// Everything that the installed ones stand for, themselves included (by == the KB itself). Of several ways
  /// the shortest one is told.
  Covered covered_by(std::span<const Kb> installed) const;

  std::size_t size() const noexcept { return older_.size(); }

 private:
  struct Edge {
    Kb older;
    Link link;
  };
  std::unordered_map<Kb, std::vector<Edge>> older_;
};

}  // namespace bansoko::assess
