// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::capture {

/// A list of netlink attributes. Numbers are in network order, as nf_tables wants them.
class NftAttributes {
 public:
  NftAttributes& u8(std::uint16_t type, std::uint8_t value);
  NftAttributes& u16(std::uint16_t type, std::uint16_t value);
  NftAttributes& u32(std::uint16_t type, std::uint32_t value);
  NftAttributes& u64(std::uint16_t type, std::uint64_t value);
  NftAttributes& text(std::uint16_t type, std::string_view value);
  NftAttributes& raw(std::uint16_t type, Bytes value);
  NftAttributes& nest(std::uint16_t type, const NftAttributes& value);

  Bytes bytes() const noexcept { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// The expressions of one rule, evaluated left to right; the first that does not match ends the rule.
///
/// Loads go to the first register, and comparisons look at it, unless a word (a 32-bit register of
/// its own, for hashes and set keys over several fields) is named.
class NftRule {
 public:
  NftRule& load_meta(std::uint32_t key);
  NftRule& load_ct(std::uint32_t key);
  NftRule& load_ct_original(std::uint32_t key, unsigned word);
  NftRule& load_payload(std::uint32_t base, std::uint32_t offset, std::uint32_t size);
  NftRule& load_payload(std::uint32_t base, std::uint32_t offset, std::uint32_t size, unsigned word);
  NftRule& load_meta(std::uint32_t key, unsigned word);
  NftRule& keep_bits(std::uint32_t mask, std::uint32_t flip = 0);
  NftRule& keep_bits(std::uint8_t mask);
  NftRule& equals(Bytes value);
  NftRule& equals(std::uint32_t value);
  NftRule& equals(std::uint8_t value);
  NftRule& differs(std::uint32_t value);
  NftRule& differs(std::uint8_t value);
  NftRule& within(std::uint8_t low, std::uint8_t high);
  NftRule& hash_words(std::uint32_t bytes, std::uint32_t modulus, std::uint32_t seed);
  NftRule& hash_symmetric(std::uint32_t modulus);
  NftRule& store_meta(std::uint32_t key);
  NftRule& store_ct(std::uint32_t key);
  NftRule& member_of(std::string_view set);
  NftRule& update(std::string_view set);

  /// An iptables match or target, through the kernel's compatibility layer.
  NftRule& xt_match(std::string_view name, std::uint32_t revision, Bytes info);
  NftRule& xt_target(std::string_view name, std::uint32_t revision, Bytes info);

  NftRule& count(std::string_view counter);
  NftRule& queue(std::uint16_t number, bool bypass);
  NftRule& log(std::uint16_t group);
  NftRule& reject_reset();
  NftRule& reject_prohibited(std::uint8_t icmp_code);
  NftRule& drop();
  NftRule& accept();
  NftRule& jump(std::string_view chain);
  NftRule& go_to(std::string_view chain);

  Bytes bytes() const noexcept { return expressions_.bytes(); }

 private:
  NftRule& add(std::string_view name, const NftAttributes& data);
  NftRule& compare(std::uint32_t operation, Bytes value);
  NftRule& verdict(std::int32_t code, std::string_view chain = {});

  NftAttributes expressions_;
};

/// A set whose elements the packets themselves add, and which time out.
struct NftSet {
  std::string_view name;
  std::uint32_t key_type = 0;  // how nft is to print a key: up to five data types of six bits each
  std::uint32_t key_size = 0;
  std::uint32_t max_elements = 0;
  std::uint64_t timeout_ms = 0;
};

/// One transaction on the tables of one name: all of it happens, or nothing.
class NftBatch {
 public:
  explicit NftBatch(std::string_view table);

  /// What is added from now on belongs to the table of this family (NFPROTO_IPV4, NFPROTO_IPV6).
  void use_family(std::uint8_t family) { family_ = family; }

  void add_table();
  void delete_table();
  void add_chain(std::string_view name);
  void add_base_chain(std::string_view name, std::uint32_t hook, std::int32_t priority);
  void add_set(const NftSet& set);
  void add_counter(std::string_view name);
  void add_rule(std::string_view chain, const NftRule& rule);

  /// Sends everything. The error names the part that the kernel refused.
  Result<> commit() &&;

 private:
  void begin_or_end(std::uint16_t type);
  void add(std::uint16_t type, std::uint16_t flags, const NftAttributes& attributes, std::string_view what);
  std::string describe(std::uint32_t sequence) const;

  std::string table_;
  std::uint8_t family_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::string> parts_;  // what message n + 1 is about; 0 is the begin of the batch
};

/// Is there a table of this name in this family (NFPROTO_IPV4, NFPROTO_IPV6)?
Result<bool> has_table(std::uint8_t family, std::string_view table);

/// How many packets a counter of a table has seen; none when it is not there.
Result<std::optional<std::uint64_t>> counted_packets(std::uint8_t family, std::string_view table,
                                                     std::string_view counter);

/// Reads the kernel's answer about a counter; none when the message is another or cut short.
std::optional<std::uint64_t> parse_counter(Bytes message) noexcept;

}  // namespace bansoko::capture
