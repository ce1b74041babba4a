// SPDX-License-Identifier: Apache-2.0
#include "lockdown/trust/package_index.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "lockdown/trust/physical_folders.h"

namespace bansoko::trust {

class PackageIndex::Builder : public Collector {
 public:
  Builder(const std::string& root, PackageIndex& index) : folders_(root), index_(index) {}

  void package(std::string_view name, std::string_view version) override {
    index_.packages_.push_back(fmt::format("{} {}", name, version));
  }

  void file(const OwnedFile& file) override {
    const auto slash = file.path.rfind('/');
    if (index_.packages_.empty() || slash == std::string_view::npos) return;
    const std::string& folder = folders_.of(file.path.substr(0, slash));
    const std::string_view name = file.path.substr(slash);
    const std::size_t path_size = folder.size() + name.size();
    std::string& texts = index_.texts_;
    if (index_.items_.size() >= kMaxFiles || texts.size() + path_size + file.digest.size() > kMaxTexts ||
        path_size > std::numeric_limits<std::uint16_t>::max() ||
        file.digest.size() > identity::Sha256().size()) {
      ++left_out_;
      return;
    }
    Item item;
    item.path = static_cast<std::uint32_t>(texts.size());
    item.path_size = static_cast<std::uint16_t>(path_size);
    texts.append(folder).append(name);
    item.digest = static_cast<std::uint32_t>(texts.size());
    item.digest_size = static_cast<std::uint8_t>(file.digest.size());
    texts.append(as_text(file.digest));
    item.package = static_cast<std::uint32_t>(index_.packages_.size() - 1);
    item.kind = file.kind;
    item.config = file.config;
    index_.items_.push_back(item);
  }

  void fault(std::string what) override {
    if (index_.faults_.size() < kMaxFaults)
      index_.faults_.push_back(std::move(what));
    else
      ++more_faults_;
  }

  void finish() {
    if (left_out_ != 0)
      index_.faults_.push_back(
          fmt::format("{} files of packages are beyond the limits and count as of none", left_out_));
    if (more_faults_ != 0) index_.faults_.push_back(fmt::format("and {} faults more", more_faults_));
    index_.texts_.shrink_to_fit();
    index_.items_.shrink_to_fit();
    std::ranges::sort(index_.items_,
                      [&](const Item& a, const Item& b) { return index_.path_of(a) < index_.path_of(b); });
  }

 private:
  PhysicalFolders folders_;
  PackageIndex& index_;
  std::size_t left_out_ = 0, more_faults_ = 0;
};

std::string_view name_of(Match match) noexcept {
  constexpr std::array<std::string_view, kMatches> kNames{"unowned", "no_record",      "strong",
                                                          "weak",    "config_changed", "altered"};
  return kNames.at(static_cast<std::size_t>(match));
}

Match compare(std::span<const Record> records, const Content& content) noexcept {
  Match best = records.empty() ? Match::unowned : Match::no_record;
  for (const Record& record : records) {
    Bytes ours;
    if (record.kind == RecordKind::sha256) ours = content.sha256;
    if (record.kind == RecordKind::md5 && content.md5) ours = *content.md5;
    if (ours.empty()) continue;
    if (std::ranges::equal(ours, record.digest)) {
      if (record.kind == RecordKind::sha256) return Match::strong;
      best = Match::weak;
    } else if (best != Match::weak && best != Match::altered) {
      best = record.config ? Match::config_changed : Match::altered;
    }
  }
  return best;
}

Result<PackageIndex> PackageIndex::read(const std::string& root) {
  std::string base = root;
  while (base.ends_with('/')) base.pop_back();
  PackageIndex index;
  Builder builder(base, index);
  for (const Source* const source : all_sources()) {
    if (!source->is_there(base)) continue;
    if (auto done = source->read(base, builder); !done)
      builder.fault(fmt::format("{}: {}", source->name, done.error().message));
  }
  builder.finish();
  return index;
}

std::string_view PackageIndex::path_of(const Item& item) const noexcept {
  return std::string_view(texts_).substr(item.path, item.path_size);
}

std::vector<Record> PackageIndex::owners(std::string_view path) const {
  std::vector<Record> records;
  auto at = std::lower_bound(items_.begin(), items_.end(), path,
                             [&](const Item& item, std::string_view want) { return path_of(item) < want; });
  for (; at != items_.end() && path_of(*at) == path; ++at)
    records.push_back({.package = packages_[at->package],
                       .kind = at->kind,
                       .digest = as_bytes(std::string_view(texts_).substr(at->digest, at->digest_size)),
                       .config = at->config});
  return records;
}

}  // namespace bansoko::trust
