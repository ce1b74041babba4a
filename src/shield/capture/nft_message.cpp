// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/nft_message.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netlink.h>

namespace bansoko::capture {
namespace {

constexpr std::uint32_t kRegister = NFT_REG_1;

constexpr std::uint32_t word_register(unsigned word) { return NFT_REG32_00 + word; }

/// Registers hold numbers in the host's order.
template <class T>
Bytes native(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

NftAttributes data_value(Bytes value) {
  NftAttributes data;
  data.raw(NFTA_DATA_VALUE, value);
  return data;
}

}  // namespace

NftAttributes& NftAttributes::raw(std::uint16_t type, Bytes value) {
  const std::array header{static_cast<std::uint16_t>(NLA_HDRLEN + value.size()), type};
  const Bytes head = native(header);
  bytes_.insert(bytes_.end(), head.begin(), head.end());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  bytes_.resize(NLA_ALIGN(bytes_.size()));
  return *this;
}

NftAttributes& NftAttributes::u8(std::uint16_t type, std::uint8_t value) { return raw(type, {&value, 1}); }
NftAttributes& NftAttributes::u16(std::uint16_t type, std::uint16_t value) {
  return raw(type, native(htons(value)));
}
NftAttributes& NftAttributes::u32(std::uint16_t type, std::uint32_t value) {
  return raw(type, native(htonl(value)));
}

NftAttributes& NftAttributes::u64(std::uint16_t type, std::uint64_t value) {
  std::array<std::uint8_t, 8> bytes{};
  for (unsigned i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
  return raw(type, bytes);
}

NftAttributes& NftAttributes::text(std::uint16_t type, std::string_view value) {
  const std::string terminated(value);
  return raw(type, as_bytes({terminated.c_str(), terminated.size() + 1}));
}

NftAttributes& NftAttributes::nest(std::uint16_t type, const NftAttributes& value) {
  return raw(type | NLA_F_NESTED, value.bytes());
}

NftRule& NftRule::add(std::string_view name, const NftAttributes& data) {
  NftAttributes expression;
  expression.text(NFTA_EXPR_NAME, name).nest(NFTA_EXPR_DATA, data);
  expressions_.nest(NFTA_LIST_ELEM, expression);
  return *this;
}

NftRule& NftRule::load_meta(std::uint32_t key) {
  return add("meta", NftAttributes().u32(NFTA_META_DREG, kRegister).u32(NFTA_META_KEY, key));
}

NftRule& NftRule::load_meta(std::uint32_t key, unsigned word) {
  return add("meta", NftAttributes().u32(NFTA_META_DREG, word_register(word)).u32(NFTA_META_KEY, key));
}

NftRule& NftRule::store_meta(std::uint32_t key) {
  return add("meta", NftAttributes().u32(NFTA_META_SREG, kRegister).u32(NFTA_META_KEY, key));
}

NftRule& NftRule::load_ct(std::uint32_t key) {
  return add("ct", NftAttributes().u32(NFTA_CT_DREG, kRegister).u32(NFTA_CT_KEY, key));
}

NftRule& NftRule::load_ct_original(std::uint32_t key, unsigned word) {
  constexpr std::uint8_t kOriginal = 0;  // IP_CT_DIR_ORIGINAL
  return add("ct", NftAttributes()
                       .u32(NFTA_CT_DREG, word_register(word))
                       .u32(NFTA_CT_KEY, key)
                       .u8(NFTA_CT_DIRECTION, kOriginal));
}

NftRule& NftRule::store_ct(std::uint32_t key) {
  return add("ct", NftAttributes().u32(NFTA_CT_SREG, kRegister).u32(NFTA_CT_KEY, key));
}

NftRule& NftRule::load_payload(std::uint32_t base, std::uint32_t offset, std::uint32_t size) {
  return add("payload", NftAttributes()
                            .u32(NFTA_PAYLOAD_DREG, kRegister)
                            .u32(NFTA_PAYLOAD_BASE, base)
                            .u32(NFTA_PAYLOAD_OFFSET, offset)
                            .u32(NFTA_PAYLOAD_LEN, size));
}

NftRule& NftRule::load_payload(std::uint32_t base, std::uint32_t offset, std::uint32_t size, unsigned word) {
  return add("payload", NftAttributes()
                            .u32(NFTA_PAYLOAD_DREG, word_register(word))
                            .u32(NFTA_PAYLOAD_BASE, base)
                            .u32(NFTA_PAYLOAD_OFFSET, offset)
                            .u32(NFTA_PAYLOAD_LEN, size));
}

NftRule& NftRule::keep_bits(std::uint32_t mask, std::uint32_t flip) {
  return add("bitwise", NftAttributes()
                            .u32(NFTA_BITWISE_SREG, kRegister)
                            .u32(NFTA_BITWISE_DREG, kRegister)
                            .u32(NFTA_BITWISE_LEN, sizeof mask)
                            .nest(NFTA_BITWISE_MASK, data_value(native(mask)))
                            .nest(NFTA_BITWISE_XOR, data_value(native(flip))));
}

NftRule& NftRule::keep_bits(std::uint8_t mask) {
  return add("bitwise", NftAttributes()
                            .u32(NFTA_BITWISE_SREG, kRegister)
                            .u32(NFTA_BITWISE_DREG, kRegister)
                            .u32(NFTA_BITWISE_LEN, sizeof mask)
                            .nest(NFTA_BITWISE_MASK, data_value(native(mask)))
                            .nest(NFTA_BITWISE_XOR, data_value(native(std::uint8_t{0}))));
}

NftRule& NftRule::compare(std::uint32_t operation, Bytes value) {
  return add("cmp", NftAttributes()
                        .u32(NFTA_CMP_SREG, kRegister)
                        .u32(NFTA_CMP_OP, operation)
                        .nest(NFTA_CMP_DATA, data_value(value)));
}

NftRule& NftRule::equals(Bytes value) { return compare(NFT_CMP_EQ, value); }
NftRule& NftRule::equals(std::uint32_t value) { return compare(NFT_CMP_EQ, native(value)); }
NftRule& NftRule::equals(std::uint8_t value) { return compare(NFT_CMP_EQ, native(value)); }
NftRule& NftRule::differs(std::uint32_t value) { return compare(NFT_CMP_NEQ, native(value)); }
NftRule& NftRule::differs(std::uint8_t value) { return compare(NFT_CMP_NEQ, native(value)); }

NftRule& NftRule::within(std::uint8_t low, std::uint8_t high) {
  return compare(NFT_CMP_GTE, native(low)).compare(NFT_CMP_LTE, native(high));
}

NftRule& NftRule::hash_words(std::uint32_t bytes, std::uint32_t modulus, std::uint32_t seed) {
  return add("hash", NftAttributes()
                         .u32(NFTA_HASH_TYPE, NFT_HASH_JENKINS)
                         .u32(NFTA_HASH_SREG, word_register(0))
                         .u32(NFTA_HASH_DREG, kRegister)
                         .u32(NFTA_HASH_LEN, bytes)
                         .u32(NFTA_HASH_MODULUS, modulus)
                         .u32(NFTA_HASH_SEED, seed));
}

NftRule& NftRule::hash_symmetric(std::uint32_t modulus) {
  return add("hash", NftAttributes()
                         .u32(NFTA_HASH_TYPE, NFT_HASH_SYM)
                         .u32(NFTA_HASH_DREG, kRegister)
                         .u32(NFTA_HASH_MODULUS, modulus));
}

NftRule& NftRule::member_of(std::string_view set) {
  return add("lookup", NftAttributes().text(NFTA_LOOKUP_SET, set).u32(NFTA_LOOKUP_SREG, word_register(0)));
}

NftRule& NftRule::update(std::string_view set) {
  return add("dynset", NftAttributes()
                           .text(NFTA_DYNSET_SET_NAME, set)
                           .u32(NFTA_DYNSET_OP, NFT_DYNSET_OP_UPDATE)
                           .u32(NFTA_DYNSET_SREG_KEY, word_register(0)));
}

NftRule& NftRule::xt_match(std::string_view name, std::uint32_t revision, Bytes info) {
  return add(
      "match",
      NftAttributes().text(NFTA_MATCH_NAME, name).u32(NFTA_MATCH_REV, revision).raw(NFTA_MATCH_INFO, info));
}

NftRule& NftRule::xt_target(std::string_view name, std::uint32_t revision, Bytes info) {
  return add("target", NftAttributes()
                           .text(NFTA_TARGET_NAME, name)
                           .u32(NFTA_TARGET_REV, revision)
                           .raw(NFTA_TARGET_INFO, info));
}

NftRule& NftRule::count(std::string_view counter) {
  return add(
      "objref",
      NftAttributes().u32(NFTA_OBJREF_IMM_TYPE, NFT_OBJECT_COUNTER).text(NFTA_OBJREF_IMM_NAME, counter));
}

NftRule& NftRule::queue(std::uint16_t number, bool bypass) {
  return add("queue", NftAttributes()
                          .u16(NFTA_QUEUE_NUM, number)
                          .u16(NFTA_QUEUE_TOTAL, 1)
                          .u16(NFTA_QUEUE_FLAGS, bypass ? NFT_QUEUE_FLAG_BYPASS : 0));
}

NftRule& NftRule::log(std::uint16_t group) { return add("log", NftAttributes().u16(NFTA_LOG_GROUP, group)); }

NftRule& NftRule::reject_reset() {
  return add("reject", NftAttributes().u32(NFTA_REJECT_TYPE, NFT_REJECT_TCP_RST));
}

NftRule& NftRule::reject_prohibited(std::uint8_t icmp_code) {
  return add(
      "reject",
      NftAttributes().u32(NFTA_REJECT_TYPE, NFT_REJECT_ICMP_UNREACH).u8(NFTA_REJECT_ICMP_CODE, icmp_code));
}

NftRule& NftRule::verdict(std::int32_t code, std::string_view chain) {
  NftAttributes verdict;
  verdict.u32(NFTA_VERDICT_CODE, static_cast<std::uint32_t>(code));
  if (!chain.empty()) verdict.text(NFTA_VERDICT_CHAIN, chain);
  return add("immediate", NftAttributes()
                              .u32(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT)
                              .nest(NFTA_IMMEDIATE_DATA, NftAttributes().nest(NFTA_DATA_VERDICT, verdict)));
}

NftRule& NftRule::drop() { return verdict(NF_DROP); }
NftRule& NftRule::accept() { return verdict(NF_ACCEPT); }
NftRule& NftRule::jump(std::string_view chain) { return verdict(NFT_JUMP, chain); }
NftRule& NftRule::go_to(std::string_view chain) { return verdict(NFT_GOTO, chain); }

}  // namespace bansoko::capture
