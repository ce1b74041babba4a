// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "shield/proto/dns/anomaly.h"
#include "shield/proto/dns/name.h"

namespace bansoko::proto::dns {

/// In the order in which a message has them.
enum class Section : std::uint8_t { question, answer, authority, additional };
inline constexpr std::size_t kSections = 4;

/// RFC 1035 section 4.1.1.
struct Header {
  static constexpr std::size_t kSize = 12;

  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  std::array<std::uint16_t, kSections> counts{};

  bool is_response() const noexcept { return (flags & 0x8000U) != 0; }
  std::uint8_t opcode() const noexcept { return static_cast<std::uint8_t>(flags >> 11 & 0x0F); }
  bool is_cut() const noexcept { return (flags & 0x0200U) != 0; }
  bool has_z_flag() const noexcept { return (flags & 0x0040U) != 0; }
  std::uint8_t rcode() const noexcept { return static_cast<std::uint8_t>(flags & 0x0F); }
  std::uint16_t count(Section section) const noexcept { return counts[static_cast<std::size_t>(section)]; }
  std::uint32_t records() const noexcept {
    std::uint32_t sum = 0;
    for (const std::uint16_t count : counts) sum += count;
    return sum;
  }
};

/// Nothing: the message is shorter than a header.
std::optional<Header> read_header(Bytes message) noexcept;

/// Where a name lies in a message.
struct NamePlace {
  std::uint16_t at = 0;
  std::uint16_t length = 0;  // as text
};

/// Where the signer's name stands in SIG and RRSIG (RFC 4034 section 3.1).
inline constexpr std::size_t kSignerOffset = 18;

/// The name of an algorithm (TSIG) or a signer (SIG, RRSIG) in a record's data, and what is behind it.
struct InnerName {
  NamePlace name = {};
  Bytes rest = {};
};

/// A question, or a resource record.
struct Record {
  NamePlace owner = {};
  std::uint16_t type = 0;
  std::uint16_t record_class = 0;
  Bytes data = {};
  std::optional<InnerName> inner = {};  // of TSIG, SIG and RRSIG, if it can be read
  std::optional<NamePlace> data_name = {};  // of CNAME, PTR, NS, MX; of SOA the first
};

/// Goes through the sections of a message in one pass, copying nothing.
class RecordReader {
 public:
  /// Labels and pointers followed in one message: names may point to long ones over and over.
  static constexpr std::size_t kMostSteps = 1U << 14U;

  explicit RecordReader(Bytes message) noexcept : message_(message), at_(Header::kSize) {}

  /// False: it is broken, and what follows cannot be read; or there is too much to read (`record_limit`).
  bool read(Section section, Record& record) noexcept;

  std::size_t at() const noexcept { return at_; }
  AnomalyBits anomalies() const noexcept { return anomalies_; }

 private:
  bool read_name(std::size_t at, NamePlace& place, std::size_t& end) noexcept;
  bool read_data(Record& record, std::size_t size) noexcept;
  bool read_inner_name(Record& record) noexcept;
  bool fail(Anomaly why) noexcept {
    anomalies_ |= bit(why);
    return false;
  }

  Bytes message_;
  std::size_t at_;
  std::size_t steps_ = 0;
  AnomalyBits anomalies_ = 0;
};

}  // namespace bansoko::proto::dns
