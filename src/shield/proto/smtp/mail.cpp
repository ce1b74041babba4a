// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smtp/mail.h"

#include <algorithm>

namespace bansoko::proto::smtp {

void Mail::reset() noexcept {
  progress = {};
  notes = {};
  text_.clear();
  content_.clear();
  singles_ = {};
  item_count_ = file_count_ = 0;
  has_grown_ = false;
  anomalies.clear();
  sums.reset();
}

void Mail::release() {
  text_.release();
  content_.release();
}

std::optional<Mail::Place> Mail::keep(std::string_view value) {
  const auto at = static_cast<std::uint32_t>(text_.size());
  const std::size_t size = std::min(value.size(), limits_.text - at);
  if (size < value.size()) anomalies.add(Anomaly::text_limit);
  if (size == 0 && !value.empty()) return {};
  if (!text_.append(as_bytes(value.substr(0, size)), limits_.text)) {
    anomalies.add(Anomaly::memory_limit);
    return {};
  }
  has_grown_ = true;
  return Place{at, static_cast<std::uint32_t>(size), true};
}

void Mail::set(Single kind, std::string_view value) {
  if (has(kind)) return;
  if (const auto place = keep(value)) singles_[static_cast<std::size_t>(kind)] = *place;
}

void Mail::add(Listed kind, std::string_view value) {
  if (item_count_ == limits_.listed) return anomalies.add(Anomaly::list_limit);
  if (const auto place = keep(value)) list(kind, *place);
}

void Mail::add_link(std::size_t at, std::size_t size) {
  if (item_count_ == limits_.listed) return anomalies.add(Anomaly::list_limit);
  list(Listed::link, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(size), true});
}

void Mail::list(Listed kind, Place place) {
  items_[item_count_++] = {kind, place};
  has_grown_ = true;
}

bool Mail::begin_file(std::string_view name, const WantedSums& wanted) {
  if (file_count_ == limits_.files) {
    anomalies.add(Anomaly::file_limit);
    return false;
  }
  File& file = files_[file_count_++];
  file = {.name = {}, .at = static_cast<std::uint32_t>(content_.size()), .size = 0};
  if (!name.empty()) file.name = keep(name).value_or(Place());
  has_grown_ = true;
  sums.begin(wanted, limits_.digest);
  if (sums.take_missing()) anomalies.add(Anomaly::file_without_digest);
  return true;
}

void Mail::end_file(bool is_whole) noexcept {
  if (!sums.is_open()) return;
  sums.end(is_whole);
  if (sums.take_missing()) anomalies.add(Anomaly::file_without_digest);
  has_grown_ = true;
}

void Mail::append(Bytes decoded) {
  sums.add(decoded);
  File& file = files_[file_count_ - 1];
  const std::size_t room = limits_.file_size - file.size;
  if (decoded.size() > room) {
    anomalies.add(Anomaly::file_size_limit);
    decoded = decoded.first(room);
  }
  if (decoded.empty()) return;
  if (!content_.append(decoded, limits_.files * limits_.file_size)) {
    anomalies.add(Anomaly::memory_limit);
    return;
  }
  file.size += static_cast<std::uint32_t>(decoded.size());
  has_grown_ = true;
}

Bytes Mail::last_content() const noexcept {
  return content_.bytes().subspan(last_content_at(), files_[file_count_ - 1].size);
}

std::optional<Bytes> Mail::single(Single kind) const noexcept {
  const Place& place = singles_[static_cast<std::size_t>(kind)];
  if (!place.is_set) return {};
  return text_at(place);
}

std::optional<Bytes> Mail::listed(Listed kind, unsigned instance) const noexcept {
  for (const Item& item : std::span(items_).first(item_count_)) {
    if (item.kind != kind || instance-- != 0) continue;
    return kind == Listed::link ? content_.bytes().subspan(item.place.at, item.place.size)
                                : text_at(item.place);
  }
  return {};
}

std::optional<Bytes> Mail::file(unsigned instance) const noexcept {
  if (instance >= file_count_) return {};
  return content_.bytes().subspan(files_[instance].at, files_[instance].size);
}

/// Of the parts that have a name.
std::optional<Bytes> Mail::file_name(unsigned instance) const noexcept {
  for (const File& file : std::span(files_).first(file_count_))
    if (file.name.is_set && instance-- == 0) return text_at(file.name);
  return {};
}

}  // namespace bansoko::proto::smtp
