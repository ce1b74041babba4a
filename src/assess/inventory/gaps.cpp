// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/gaps.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace bansoko::inventory {

using assess::Gap;
using assess::Host;

void add_gap(Host& host, Gap gap, std::string what, assess::Evidence evidence) {
  constexpr std::size_t kMost = 1000;
  if (host.missing.size() >= kMost && host.lacks(gap)) return;
  for (const assess::Missing& one : host.missing)
    if (one.gap == gap && one.what == what) return;
  host.missing.push_back({gap, std::move(what), std::move(evidence)});
}

void UpdateList::add(assess::Update update) {
  if (known_.empty())
    for (std::size_t i = 0; i < host_.updates.size(); ++i) known_.emplace(host_.updates[i].kb, i);
  const auto at = known_.find(update.kb);
  if (at != known_.end()) {
    if (!host_.updates[at->second].installed) host_.updates[at->second].installed = update.installed;
    return;
  }
  if (host_.updates.size() >= most_) {
    add_gap(host_, Gap::updates_cut, fmt::format("only the first {} updates were read", most_),
            update.evidence);
    return;
  }
  known_.emplace(update.kb, host_.updates.size());
  host_.updates.push_back(std::move(update));
}

std::string update_number(std::string_view text) {
  text = trim(text);
  const std::size_t prefix = same_text(text.substr(0, 2), "kb")  ? 2
                             : same_text(text.substr(0, 1), "q") ? 1
                                                                 : 0;
  if (prefix == 0) return {};
  text.remove_prefix(prefix);
  const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
  if (size < 4 || size > 8) return {};
  return std::string(text.substr(0, size));
}

void state_gaps(Host& host) {
  const bool windows = host.os.product.starts_with("microsoft:");
  // What other systems do not have is not missing.
  if (!windows && !host.os.product.empty())
    host.missing.erase(std::remove_if(host.missing.begin(), host.missing.end(),
                                      [](const assess::Missing& one) {
                                        return one.gap == Gap::no_updates || one.gap == Gap::no_service_pack;
                                      }),
                       host.missing.end());
  const auto state = [&](bool absent, Gap gap, const char* what) {
    if (absent && !host.lacks(gap)) add_gap(host, gap, what);
  };
  const bool packages =
      std::any_of(host.components.begin(), host.components.end(),
                  [](const assess::Component& one) { return one.kind == assess::ComponentKind::package; });
  state(host.os.product.empty(), Gap::no_os, "nothing says which system it is");
  state(host.os.arch == assess::Arch::unknown, Gap::no_architecture,
        "nothing says which processor it is for");
  state(host.settings.empty(), Gap::no_settings, "nothing of the configuration");
  state(windows && !host.os.service_pack, Gap::no_service_pack,
        "nothing says which service pack is installed");
  state(windows && host.updates.empty() && !host.lacks(Gap::updates_cut), Gap::no_updates,
        "no list of installed updates");
  state(!windows && !host.os.product.empty() && !packages && !host.lacks(Gap::packages_cut), Gap::no_packages,
        "no list of installed packages");
}

}  // namespace bansoko::inventory
