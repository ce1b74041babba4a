// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "shield/capture/netlink_reader.h"
#include "shield/capture/netlink_socket.h"
#include "shield/capture/nft_message.h"

namespace bansoko::capture {
namespace {

Errc code_of(int error) {
  if (error == EPERM || error == EACCES) return Errc::denied;
  if (error == ENOENT || error == EOPNOTSUPP || error == EPROTONOSUPPORT) return Errc::unsupported;
  return Errc::io;
}

/// A message to nf_tables, as it stands before its attributes, which are `size` bytes.
std::vector<std::uint8_t> message_head(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence,
                                       std::uint8_t family_number, std::size_t size) {
  std::array<char, MNL_ALIGN(NLMSG_HDRLEN + sizeof(nfgenmsg))> buffer{};
  auto* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8U | type);
  header->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  header->nlmsg_seq = sequence;
  auto* family = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
  family->nfgen_family = family_number;
  family->version = NFNETLINK_V0;
  header->nlmsg_len += static_cast<std::uint32_t>(size);
  return {buffer.begin(), buffer.end()};
}

}  // namespace

NftBatch::NftBatch(std::string_view table) : table_(table) { begin_or_end(NFNL_MSG_BATCH_BEGIN); }

void NftBatch::begin_or_end(std::uint16_t type) {
  std::array<char, MNL_ALIGN(NLMSG_HDRLEN + sizeof(nfgenmsg))> buffer{};
  auto* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = type;
  header->nlmsg_flags = NLM_F_REQUEST;
  header->nlmsg_seq = static_cast<std::uint32_t>(parts_.size());
  auto* family = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
  family->nfgen_family = AF_UNSPEC;
  family->version = NFNETLINK_V0;
  family->res_id = htons(NFNL_SUBSYS_NFTABLES);
  bytes_.insert(bytes_.end(), buffer.begin(), buffer.begin() + header->nlmsg_len);
  parts_.emplace_back("the transaction");
}

void NftBatch::add(std::uint16_t type, std::uint16_t flags, const NftAttributes& attributes,
                   std::string_view what) {
  const auto head = message_head(type, flags, static_cast<std::uint32_t>(parts_.size()), family_,
                                 attributes.bytes().size());
  bytes_.insert(bytes_.end(), head.begin(), head.end());
  bytes_.insert(bytes_.end(), attributes.bytes().begin(), attributes.bytes().end());
  parts_.push_back(fmt::format("{} ({})", what, family_ == NFPROTO_IPV6 ? "ip6" : "ip"));
}

void NftBatch::add_table() {
  add(NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_ACK,
      NftAttributes().text(NFTA_TABLE_NAME, table_).u32(NFTA_TABLE_FLAGS, 0), "the table");
}

void NftBatch::delete_table() {
  add(NFT_MSG_DELTABLE, 0, NftAttributes().text(NFTA_TABLE_NAME, table_), "removing the table");
}

void NftBatch::add_chain(std::string_view name) {
  add(NFT_MSG_NEWCHAIN, NLM_F_CREATE,
      NftAttributes().text(NFTA_CHAIN_TABLE, table_).text(NFTA_CHAIN_NAME, name),
      fmt::format("chain {}", name));
}

void NftBatch::add_base_chain(std::string_view name, std::uint32_t hook, std::int32_t priority) {
  NftAttributes place;
  place.u32(NFTA_HOOK_HOOKNUM, hook).u32(NFTA_HOOK_PRIORITY, static_cast<std::uint32_t>(priority));
  add(NFT_MSG_NEWCHAIN, NLM_F_CREATE,
      NftAttributes()
          .text(NFTA_CHAIN_TABLE, table_)
          .text(NFTA_CHAIN_NAME, name)
          .nest(NFTA_CHAIN_HOOK, place)
          .u32(NFTA_CHAIN_POLICY, NF_ACCEPT)
          .text(NFTA_CHAIN_TYPE, "filter"),
      fmt::format("chain {}", name));
}

void NftBatch::add_set(const NftSet& set) {
  NftAttributes size;
  size.u32(NFTA_SET_DESC_SIZE, set.max_elements);
  add(NFT_MSG_NEWSET, NLM_F_CREATE,
      NftAttributes()
          .text(NFTA_SET_TABLE, table_)
          .text(NFTA_SET_NAME, set.name)
          .u32(NFTA_SET_FLAGS, NFT_SET_TIMEOUT | NFT_SET_EVAL)
          .u32(NFTA_SET_KEY_TYPE, set.key_type)
          .u32(NFTA_SET_KEY_LEN, set.key_size)
          .u32(NFTA_SET_ID, static_cast<std::uint32_t>(parts_.size()))
          .nest(NFTA_SET_DESC, size)
          .u64(NFTA_SET_TIMEOUT, set.timeout_ms),
      fmt::format("set {}", set.name));
}

void NftBatch::add_counter(std::string_view name) {
  add(NFT_MSG_NEWOBJ, NLM_F_CREATE,
      NftAttributes()
          .text(NFTA_OBJ_TABLE, table_)
          .text(NFTA_OBJ_NAME, name)
          .u32(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER)
          .nest(NFTA_OBJ_DATA, NftAttributes().u64(NFTA_COUNTER_PACKETS, 0).u64(NFTA_COUNTER_BYTES, 0)),
      fmt::format("counter {}", name));
}

void NftBatch::add_rule(std::string_view chain, const NftRule& rule) {
  add(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND,
      NftAttributes()
          .text(NFTA_RULE_TABLE, table_)
          .text(NFTA_RULE_CHAIN, chain)
          .raw(NFTA_RULE_EXPRESSIONS | NLA_F_NESTED, rule.bytes()),
      fmt::format("a rule of chain {}", chain));
}

std::string NftBatch::describe(std::uint32_t sequence) const {
  return sequence < parts_.size() ? parts_[sequence] : "the transaction";
}

Result<> NftBatch::commit() && {
  begin_or_end(NFNL_MSG_BATCH_END);
  BANSOKO_TRY(const NetlinkSocket socket, NetlinkSocket::open(4U << 20U));
  BANSOKO_CHECK(socket.send(bytes_));
  // The kernel has done the work when send() returns: its answers are waiting. Only add_table() asks for one;
  // everything else speaks up when it is refused.
  bool acknowledged = false;
  while (true) {
    BANSOKO_TRY(const auto answer, socket.next_error());
    if (!answer) break;
    if (answer->error != 0)
      return fail(code_of(answer->error), "nf_tables refused {} of table {}: {}", describe(answer->sequence),
                  table_, std::strerror(answer->error));
    acknowledged = true;
  }
  if (!acknowledged) return fail(Errc::io, "nf_tables did not answer about tables {}", table_);
  return {};
}

Result<bool> has_table(std::uint8_t family, std::string_view table) {
  NftAttributes attributes;
  attributes.text(NFTA_TABLE_NAME, table);
  auto message = message_head(NFT_MSG_GETTABLE, NLM_F_ACK, 1, family, attributes.bytes().size());
  message.insert(message.end(), attributes.bytes().begin(), attributes.bytes().end());
  BANSOKO_TRY(const NetlinkSocket socket, NetlinkSocket::open(64U << 10U));
  BANSOKO_CHECK(socket.send(message));
  BANSOKO_TRY(const auto answer, socket.next_error());
  if (!answer) return fail(Errc::io, "nf_tables did not answer whether there is a table {}", table);
  if (answer->error == ENOENT) return false;
  if (answer->error == 0) return true;
  return fail(code_of(answer->error), "nf_tables does not say whether there is a table {}: {}", table,
              std::strerror(answer->error));
}

std::optional<std::uint64_t> parse_counter(Bytes message) noexcept {
  constexpr std::uint16_t kCounter = NFNL_SUBSYS_NFTABLES << 8U | NFT_MSG_NEWOBJ;
  std::optional<std::uint64_t> packets;
  const auto read_number = [&packets](std::uint16_t type, Bytes value) {
    ByteReader number(value);
    const std::uint64_t read = number.u64();
    if (type == NFTA_COUNTER_PACKETS && number.ok()) packets = read;
  };
  bool data_whole = true;
  const bool whole = read_attributes(message, kCounter, [&](std::uint16_t type, Bytes value) {
    if (type == NFTA_OBJ_DATA) data_whole = walk_attributes(value, read_number);
  });
  return whole && data_whole ? packets : std::nullopt;
}

Result<std::optional<std::uint64_t>> counted_packets(std::uint8_t family, std::string_view table,
                                                     std::string_view counter) {
  const NftAttributes attributes = NftAttributes()
                                       .text(NFTA_OBJ_TABLE, table)
                                       .text(NFTA_OBJ_NAME, counter)
                                       .u32(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER);
  auto message = message_head(NFT_MSG_GETOBJ, 0, 1, family, attributes.bytes().size());
  message.insert(message.end(), attributes.bytes().begin(), attributes.bytes().end());
  BANSOKO_TRY(const NetlinkSocket socket, NetlinkSocket::open(64U << 10U));
  BANSOKO_CHECK(socket.send(message));
  std::array<std::uint8_t, 4096> buffer{};
  BANSOKO_TRY(const Bytes said, socket.receive(buffer));
  const auto refusal = parse_netlink_answer(said);
  if (refusal && refusal->error == ENOENT) return std::optional<std::uint64_t>{};
  if (refusal)
    return fail(code_of(refusal->error), "nf_tables does not tell counter {} of table {}: {}", counter, table,
                std::strerror(refusal->error));
  const auto packets = parse_counter(said);
  if (!packets) return fail(Errc::io, "nf_tables did not tell counter {} of table {}", counter, table);
  return packets;
}

}  // namespace bansoko::capture
