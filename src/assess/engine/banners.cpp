// SPDX-License-Identifier: Apache-2.0
#include "assess/engine/banners.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "assess/inventory/gaps.h"

namespace bansoko::assess {
namespace {

// How far a banner is believed about the system, in percent: less than what a host says of its system itself.
constexpr std::uint8_t kOneSystem = 55, kOneOfSeveral = 45;

struct Naming {
  const content::Content& content;
  Host& host;

  std::string title(const ProductId& id) const {
    const Product* const product = content.find(id);
    return product == nullptr ? id : product->name.en;
  }

  bool is_there(const Component& wanted) const {
    return std::ranges::any_of(host.components, [&](const Component& one) {
      return one.kind == wanted.kind && one.product == wanted.product && one.version == wanted.version;
    });
  }

  /// The component that the banner is of is named first; what else it names is added, built by the same.
  void take_product(std::size_t at, const Banner& row, std::string_view version) {
    Component named = host.components[at];
    const bool is_own = named.product.empty() || named.product == row.product;
    named.product = row.product;
    named.version = version;
    if (row.by_distribution)
      named.vendor = row.systems.empty() ? "a distribution" : title(row.systems.front());
    if (!is_own && is_there(named)) return;
    if (named.said.topic != "nmap") named.name = title(row.product);
    if (is_own)
      host.components[at] = std::move(named);
    else
      host.components.push_back(std::move(named));
  }

  void take_system(const Banner& row, const Evidence& evidence) {
    const bool one = row.systems.size() == 1;
    std::string names;
    for (const ProductId& id : row.systems) names += (names.empty() ? "" : " or ") + title(id);
    if (!host.os.product.empty()) {
      // A banner may be another machine's, behind this one: against a claim of the system itself it is a
      // doubt.
      if (host.os.accuracy < 100 && std::ranges::find(row.systems, host.os.product) == row.systems.end())
        inventory::add_gap(
            host, Gap::contradiction,
            fmt::format("{}{} and, by a banner, {}", kTwoSystems, title(host.os.product), names), evidence);
      return;
    }
    std::erase_if(host.missing, [](const Missing& gap) { return gap.gap == Gap::no_os; });
    inventory::add_gap(host, Gap::no_os, fmt::format("a banner says {}", names), evidence);
    host.os.product = row.systems.front();
    host.os.accuracy = one ? kOneSystem : kOneOfSeveral;
    host.os.evidence = evidence;
    if (host.os.name.empty()) host.os.name = names;
  }

  void name(std::size_t at) {
    const Said said = host.components[at].said;
    const Evidence evidence = host.components[at].evidence;
    std::vector<ProductId> taken;
    bool has_system = false;
    for (const Banner& row : content.banners) {
      if (row.topic != said.topic) continue;
      const auto version = row.pattern.match(said.text);
      if (!version) continue;
      const bool is_news = std::ranges::find(taken, row.product) == taken.end();
      if (!row.product.empty() && is_news && (taken.empty() || row.beside)) {
        taken.push_back(row.product);
        take_product(at, row, *version);
      }
      if (row.systems.empty() || std::exchange(has_system, true)) continue;
      take_system(row, evidence);
    }
  }
};

}  // namespace

void name_banners(const content::Content& content, Host& host) {
  Naming naming{content, host};
  const std::size_t count = host.components.size();
  for (std::size_t at = 0; at < count; ++at)
    if (!host.components[at].said.topic.empty()) naming.name(at);
  inventory::state_gaps(host);
}

}  // namespace bansoko::assess
