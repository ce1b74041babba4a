// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/message.h"

#include "base/text.h"
#include "shield/proto/dns/codes.h"

namespace bansoko::proto::dns {
namespace {

constexpr std::array kInOrder{Section::question, Section::answer, Section::authority, Section::additional};

constexpr std::size_t index(Section section) noexcept { return static_cast<std::size_t>(section); }

Anomaly broken_section(Section section) noexcept {
  if (section == Section::authority) return invalid_authorities;
  return section == Section::additional ? invalid_additionals : malformed_data;
}

}  // namespace

Message::Message(std::size_t most_records)
    : entries_(most_records), data_names_(most_records), text_(2 * most_records * kLongestName) {}

void Message::clear() noexcept {
  bytes_ = {};
  facts_ = {};
  begin_ = {};
  data_names_count_ = 0;
  text_size_ = 0;
}

void Message::read(Bytes bytes) noexcept {
  clear();
  anomalies_ = 0;
  const auto header = read_header(bytes);
  has_header_ = header.has_value();
  header_ = header.value_or(Header{});
  if (!has_header_) {
    anomalies_ = bit(malformed_data) | bit(truncated);
    return;
  }
  bytes_ = bytes;
  RecordReader reader(bytes);
  bool goes_on = true;
  for (const Section section : kInOrder) {
    begin_[index(section) + 1] = begin_[index(section)];
    goes_on = goes_on && read_section(reader, section);
  }
  anomalies_ |= reader.anomalies();
  if (header_.has_z_flag()) anomalies_ |= bit(z_flag_set);
  if (header_.opcode() >= 7) anomalies_ |= bit(invalid_opcode);
}

bool Message::read_section(RecordReader& reader, Section section) noexcept {
  std::uint32_t& end = begin_[index(section) + 1];
  Record record;
  for (std::size_t i = 0; i < header_.count(section); ++i) {
    if (end == entries_.size()) {
      anomalies_ |= bit(record_limit);
      return false;
    }
    if (!reader.read(section, record)) {
      if ((reader.anomalies() & bit(record_limit)) == 0) anomalies_ |= bit(broken_section(section));
      return false;
    }
    entries_[end++] = {.owner = {.place = record.owner, .text_at = 0, .is_text = false}, .type = record.type};
    facts_.note(section, record);
    if (record.data_name)
      data_names_[data_names_count_++] = {.place = *record.data_name, .text_at = 0, .is_text = false};
  }
  return true;
}

std::optional<std::size_t> Message::entry_at(Section section, std::size_t index_in_section) const noexcept {
  const std::size_t at = begin_[index(section)] + index_in_section;
  return at < begin_[index(section) + 1] ? std::optional(at) : std::nullopt;
}

std::optional<Bytes> Message::owner(Section section, std::size_t index_in_section) noexcept {
  const auto at = entry_at(section, index_in_section);
  return at ? std::optional(text_of(entries_[*at].owner)) : std::nullopt;
}

std::optional<Bytes> Message::any_name(std::size_t index_of_all) noexcept {
  const std::size_t records = begin_.back();
  if (index_of_all < records) return text_of(entries_[index_of_all].owner);
  const std::size_t at = index_of_all - records;
  return at < data_names_count_ ? std::optional(text_of(data_names_[at])) : std::nullopt;
}

std::optional<std::uint16_t> Message::type(Section section, std::size_t index_in_section) const noexcept {
  const auto at = entry_at(section, index_in_section);
  return at ? std::optional(entries_[*at].type) : std::nullopt;
}

std::optional<bool> Message::lacks_tkey() noexcept {
  if (header_.is_response() || type(Section::question, 0) != type_tkey) return std::nullopt;
  const std::string_view asked = as_text(*owner(Section::question, 0));
  bool is_named = false;
  for (std::size_t i = 0; const auto found = type(Section::additional, i); ++i) {
    if (*found == type_opt || *found == type_tsig) continue;
    if (!same_text(as_text(*owner(Section::additional, i)), asked)) continue;
    if (*found == type_tkey) return false;
    is_named = true;
  }
  return is_named;
}

Bytes Message::text_of(Name& name) noexcept {
  const std::size_t length = name.place.length;
  if (!name.is_text) {
    name.text_at = static_cast<std::uint32_t>(text_size_);
    name.is_text = true;
    walk_name(bytes_, name.place.at, text_.part(text_size_, length));
    text_size_ += length;
  }
  return text_.part(name.text_at, length);
}

}  // namespace bansoko::proto::dns
