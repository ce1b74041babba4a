// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/list.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lockdown/approved/list_builder.h"

namespace bansoko::approved {
namespace {

bool has_nul(std::string_view text) noexcept { return text.find('\0') != std::string_view::npos; }

}  // namespace

std::string_view name_of(Origin origin) noexcept {
  constexpr std::array<std::string_view, kOrigins> kNames{"package", "scan",   "operator",
                                                          "updater", "window", "import"};
  return kNames.at(static_cast<std::size_t>(origin));
}

bool fits(const Entry& entry) noexcept {
  return entry.path.starts_with('/') && entry.path.size() <= kMaxPath && !has_nul(entry.path) &&
         entry.package.size() <= kMaxPackage && !has_nul(entry.package);
}

std::shared_ptr<const List> List::make(Head head, const std::vector<Entry>& entries) {
  std::size_t texts = 0;
  for (const Entry& entry : entries) texts += entry.path.size();
  ListBuilder builder(std::move(head), entries.size(), texts);
  for (const Entry& entry : entries) builder.add(entry);
  return builder.finish();
}

Entry List::entry_of(const Record& record) const noexcept {
  const std::string_view texts = texts_;
  return {.digest = record.digest,
          .kind = record.kind,
          .language = record.language,
          .origin = record.origin,
          .path = texts.substr(record.path, record.path_size),
          .package = texts.substr(record.package, record.package_size)};
}

std::size_t List::find(const identity::Sha256& digest) const noexcept {
  const auto found = std::ranges::lower_bound(records_, digest, {}, &Record::digest);
  if (found == records_.end() || found->digest != digest) return npos;
  return static_cast<std::size_t>(found - records_.begin());
}

std::size_t List::find_path(std::string_view path) const noexcept {
  const auto path_of = [this](std::uint32_t index) { return entry_of(records_[index]).path; };
  const auto found = std::ranges::lower_bound(by_path_, path, {}, path_of);
  return found == by_path_.end() || path_of(*found) != path ? npos : *found;
}

bool List::contains(const identity::Sha256& digest, std::string_view path) const noexcept {
  for (std::size_t i = find(digest); i < records_.size() && records_[i].digest == digest; ++i)
    if (at(i).path == path) return true;
  return false;
}

std::size_t List::bytes() const noexcept {
  return sizeof(List) + records_.capacity() * sizeof(Record) + by_path_.capacity() * sizeof(std::uint32_t) +
         texts_.capacity();
}

ListBuilder::ListBuilder(List::Head head, std::size_t entries, std::size_t texts)
    : list_(std::make_shared<List>()) {
  list_->head_ = std::move(head);
  list_->records_.reserve(std::min(entries, kMaxEntries));
  list_->texts_.reserve(std::min(texts, kMaxTexts));
}

/// Each package's text stands there once.
std::uint32_t ListBuilder::place_of_package(std::string_view package) {
  if (package.empty()) return 0;
  const auto known = packages_.find(package);
  if (known != packages_.end()) return known->second;
  const auto place = static_cast<std::uint32_t>(list_->texts_.size());
  list_->texts_ += package;
  packages_.emplace(package, place);
  return place;
}

bool ListBuilder::add(const Entry& entry) {
  List& list = *list_;
  if (!fits(entry) || list.records_.size() >= kMaxEntries ||
      list.texts_.size() + entry.path.size() + entry.package.size() > kMaxTexts)
    return false;
  if (by_path_ && !list.records_.empty()) {
    const Entry last = list.entry_of(list.records_.back());
    by_path_ = std::pair(last.path, last.digest) < std::pair(entry.path, entry.digest);
  }
  const std::uint32_t package = place_of_package(entry.package);
  const auto path = static_cast<std::uint32_t>(list.texts_.size());
  list.texts_ += entry.path;
  list.records_.push_back({.digest = entry.digest,
                           .path = path,
                           .package = package,
                           .path_size = static_cast<std::uint16_t>(entry.path.size()),
                           .package_size = static_cast<std::uint16_t>(entry.package.size()),
                           .kind = entry.kind,
                           .language = entry.language,
                           .origin = entry.origin});
  return true;
}

void ListBuilder::sort_by_path() {
  const auto key_of = [this](const List::Record& record) {
    return std::pair(list_->entry_of(record).path, record.digest);
  };
  auto& records = list_->records_;
  std::stable_sort(records.begin(), records.end(),
                   [&](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
  records.erase(std::unique(records.begin(), records.end(),
                            [&](const auto& a, const auto& b) { return key_of(a) == key_of(b); }),
                records.end());
}

/// Of equal digests the one whose path comes first stays first.
void ListBuilder::sort_by_digest() {
  auto& records = list_->records_;
  std::vector<std::uint32_t> order(records.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(records[a].digest, a) < std::tie(records[b].digest, b);
  });
  std::vector<List::Record> sorted;
  sorted.reserve(records.size());
  list_->by_path_.resize(records.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    sorted.push_back(records[order[i]]);
    list_->by_path_[order[i]] = i;
  }
  records = std::move(sorted);
}

std::shared_ptr<const List> ListBuilder::finish() {
  if (!by_path_) sort_by_path();
  sort_by_digest();
  return std::move(list_);
}

}  // namespace bansoko::approved
