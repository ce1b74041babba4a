// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/kb_graph.h"

#include <algorithm>

namespace bansoko::assess {

Kb kb_of(std::string_view text) noexcept {
  const auto first = text.find_first_of("0123456789");
  if (first == std::string_view::npos || first > 3) return 0;
  Kb number = 0;
  for (const char c : text.substr(first)) {
    if (c < '0' || c > '9') break;
    if (number > 99'999'999) return 0;
    number = number * 10 + static_cast<Kb>(c - '0');
  }
  return number;
}

void KbGraph::add(Kb newer, Kb older, Link link) {
  if (newer == 0 || older == 0 || newer == older) return;
  std::vector<Edge>& edges = older_[newer];
  if (std::ranges::find(edges, older, &Edge::older) == edges.end()) edges.push_back({older, link});
}

KbGraph::Covered KbGraph::covered_by(std::span<const Kb> installed) const {
  Covered covered;
  std::vector<Kb> next;
  for (const Kb kb : installed)
    if (kb != 0 && covered.try_emplace(kb, Cover{kb, Link::supersedes, kb}).second) next.push_back(kb);
  for (std::size_t i = 0; i < next.size(); ++i) {
    const auto edges = older_.find(next[i]);
    if (edges == older_.end()) continue;
    const Kb by = covered.at(next[i]).by;
    for (const Edge& edge : edges->second)
      if (covered.try_emplace(edge.older, Cover{by, edge.link, next[i]}).second) next.push_back(edge.older);
  }
  return covered;
}

}  // namespace bansoko::assess
