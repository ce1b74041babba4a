// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/packages.h"

#include <fmt/format.h>

#include "assess/inventory/lines.h"
#include "assess/inventory/systems.h"

namespace bansoko::inventory {

Packages::Packages(const Document& document, const Limits& limits) : document_(document), limits_(limits) {
  host_.sources.push_back(document.name);
}

void Packages::add(assess::Component package) {
  if (host_.components.size() >= limits_.max_components) {
    leave_out(fmt::format("beyond the {} that are kept", limits_.max_components), package.name,
              package.evidence.line);
    return;
  }
  bool cut = false;
  for (std::string* const text : {&package.name, &package.version, &package.source_package,
                                  &package.source_version, &package.arch, &package.vendor, &package.module}) {
    cut = cut || text->size() > limits_.max_text;
    *text = kept_text(*text, limits_.max_text);
  }
  if (cut)
    leave_out(fmt::format("with a text beyond {} bytes", limits_.max_text), package.name,
              package.evidence.line);
  else
    host_.components.push_back(std::move(package));
}

Packages::LeftOut& Packages::count_in(std::string why, std::uint32_t line, std::string_view text) {
  constexpr std::size_t kMaxReasons = 100;
  if (left_out_.size() >= kMaxReasons && !left_out_.contains(why)) why = "the list has other faults";
  LeftOut& row = left_out_[std::move(why)];
  if (row.count++ == 0) row.evidence = evidence_of(document_, line, text);
  return row;
}

void Packages::leave_out(std::string why, std::string_view which, std::uint32_t line) {
  LeftOut& row = count_in(std::move(why), line, which);
  constexpr std::size_t kMaxName = 64;
  if (row.count == 1) row.first = kept_text(which, kMaxName);
  row.packages = true;
}

void Packages::damaged(std::string what, std::uint32_t line, std::string_view text) {
  count_in(std::move(what), line, text);
}

assess::Host Packages::finish() && {
  for (auto& [why, row] : left_out_) {
    std::string what = row.count == 1 ? why : fmt::format("{} ({} times)", why, row.count);
    if (row.packages)
      what = fmt::format("{} package{} {} (first: {})", row.count, row.count == 1 ? "" : "s", why, row.first);
    note(host_, assess::Gap::packages_cut, std::move(what), std::move(row.evidence));
  }
  if (host_.components.empty())
    note(host_, assess::Gap::no_packages, "the list has no installed package", evidence_of(document_, 0, ""));
  tell_system(host_);
  if (host_.os.product.empty())
    note(host_, assess::Gap::no_os, "the packages do not tell which system it is",
         evidence_of(document_, 0, ""));
  return std::move(host_);
}

}  // namespace bansoko::inventory
