// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/lazy_array.h"
#include "shield/proto/dns/record_facts.h"
#include "shield/proto/dns/record_reader.h"

namespace bansoko::proto::dns {

/// The message at hand: where its records are, and the names of those that somebody asked for as text. One
/// serves all parsers of a worker, since a message is over before the next begins.
class Message {
 public:
  /// Looks at no more than `most_records` of a message.
  explicit Message(std::size_t most_records);

  /// Reads a message, whose bytes stay where they are while it is at hand.
  void read(Bytes bytes) noexcept;
  /// Nothing is at hand any more.
  void clear() noexcept;

  /// Of the last one read, also when it was too short to have one.
  const Header& header() const noexcept { return header_; }
  bool has_header() const noexcept { return has_header_; }
  AnomalyBits anomalies() const noexcept { return anomalies_; }

  /// The name of a section's record, in the order of the message; nothing: no more.
  std::optional<Bytes> owner(Section section, std::size_t index) noexcept;
  /// Any name: of all records, then in the data of records.
  std::optional<Bytes> any_name(std::size_t index) noexcept;
  std::optional<std::uint16_t> type(Section section, std::size_t index) const noexcept;
  const RecordFacts& facts() const noexcept { return facts_; }
  /// Of a request for TKEY: its additional section has records of the name asked for, but none is a TKEY
  /// (RFC 2930 section 4.1 wants one). OPT and TSIG do not count. Nothing: it is no such request.
  std::optional<bool> lacks_tkey() noexcept;

 private:
  struct Name {
    NamePlace place;
    std::uint32_t text_at;
    bool is_text;
  };
  struct Entry {
    Name owner;
    std::uint16_t type;
  };

  bool read_section(RecordReader& reader, Section section) noexcept;
  std::optional<std::size_t> entry_at(Section section, std::size_t index) const noexcept;
  Bytes text_of(Name& name) noexcept;

  Bytes bytes_;
  Header header_;
  bool has_header_ = false;
  AnomalyBits anomalies_ = 0;
  std::array<std::uint32_t, kSections + 1> begin_{};  // of each section, in entries_
  std::size_t data_names_count_ = 0;
  std::size_t text_size_ = 0;
  RecordFacts facts_;
  LazyArray<Entry> entries_;
  LazyArray<Name> data_names_;
  LazyArray<std::uint8_t> text_;
};

}  // namespace bansoko::proto::dns
