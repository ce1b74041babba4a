// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/rdp/pdu.h"

namespace bansoko::proto::rdp {
namespace {

const Pdu* pdu_of(const Transaction& transaction) noexcept {
  return static_cast<const RdpTransaction&>(transaction).pdu;
}

template <auto kFirst, auto... kRest>
const auto& member(const auto& of) noexcept {
  if constexpr (sizeof...(kRest) == 0)
    return of.*kFirst;
  else
    return member<kRest...>(of.*kFirst);
}

template <auto... kPath>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  const Pdu* const pdu = pdu_of(transaction);
  if (pdu == nullptr) return std::nullopt;
  return member<kPath...>(*pdu);
}

template <auto... kPath>
std::optional<Bytes> bytes(Transaction& transaction, unsigned instance) noexcept {
  const Pdu* const pdu = pdu_of(transaction);
  if (pdu == nullptr || instance != 0) return std::nullopt;
  return member<kPath...>(*pdu);
}

template <auto kName>
std::optional<Bytes> name(Transaction& transaction, unsigned instance) noexcept {
  const Pdu* const pdu = pdu_of(transaction);
  if (pdu == nullptr || instance != 0) return std::nullopt;
  return (pdu->mcs.blocks.*kName).text();
}

const Channel* channel_of(const Transaction& transaction, unsigned instance) noexcept {
  const Pdu* const pdu = pdu_of(transaction);
  return pdu != nullptr && instance < pdu->channels.size() ? &pdu->channels[instance] : nullptr;
}
std::optional<Bytes> channel_name(Transaction& transaction, unsigned instance) noexcept {
  const Channel* const channel = channel_of(transaction, instance);
  return channel == nullptr ? std::nullopt : std::optional(channel->name);
}
std::optional<std::uint64_t> later_options(const Transaction& transaction, unsigned instance) noexcept {
  const Channel* const channel = channel_of(transaction, instance);
  return channel == nullptr ? std::nullopt : std::optional<std::uint64_t>(channel->options);
}
std::optional<std::uint64_t> first_options(const Transaction& transaction) noexcept {
  return later_options(transaction, 0);
}

constexpr auto kClient = Side::client, kServer = Side::server;

constexpr Buffer buffer(std::string_view called, std::string_view help, Side side,
                        std::optional<Bytes> (*get)(Transaction&, unsigned) noexcept,
                        bool several = false) noexcept {
  return {.name = called, .help = help, .side = side, .ready_at = kComplete, .get = get, .several = several};
}

constexpr std::string_view kDataHelp = "what is sent to a channel, as it comes";
constexpr std::string_view kUserDataHelp = "the blocks of settings that open the conference, as they come";

constexpr std::array kBuffers{
    buffer("rdp.cookie", "the cookie or routing token of a connection request: \"Cookie: mstshash=user\"",
           kClient, bytes<&Pdu::negotiation, &Negotiation::cookie>),
    buffer("rdp.channel.name", "each channel that a client asks for", kClient, channel_name, true),
    buffer("rdp.client.name", "the client's own name", kClient, name<&SettingsBlocks::name>),
    buffer("rdp.client.ime_file", "the file of its input method", kClient, name<&SettingsBlocks::ime_file>),
    buffer("rdp.client.product_id", "its product id", kClient, name<&SettingsBlocks::product_id>),
    buffer("rdp.user_data", kUserDataHelp, kClient, bytes<&Pdu::mcs, &McsPdu::user_data>),
    buffer("rdp.user_data", kUserDataHelp, kServer, bytes<&Pdu::mcs, &McsPdu::user_data>),
    buffer("rdp.data", kDataHelp, kClient, bytes<&Pdu::mcs, &McsPdu::data>),
    buffer("rdp.data", kDataHelp, kServer, bytes<&Pdu::mcs, &McsPdu::data>),
};

constexpr Field field(std::string_view called, std::string_view help, Side side,
                      std::optional<std::uint64_t> (*get)(const Transaction&) noexcept,
                      std::span<const NamedValue> names = {}) noexcept {
  return {.name = called, .help = help, .side = side, .ready_at = kComplete, .names = names, .get = get};
}

// [MS-RDPBCGR] sections 2.2.1.1.1 and 2.2.1.2.1.
constexpr std::array kProtocols{NamedValue{"rdp", 0},       NamedValue{"ssl", 1},
                                NamedValue{"hybrid", 2},    NamedValue{"rdstls", 4},
                                NamedValue{"hybrid_ex", 8}, NamedValue{"rdsaad", 16}};
// Section 2.2.1.2.2.
constexpr std::array kFailures{
    NamedValue{"ssl_required_by_server", 1},    NamedValue{"ssl_not_allowed_by_server", 2},
    NamedValue{"ssl_cert_not_on_server", 3},    NamedValue{"inconsistent_flags", 4},
    NamedValue{"hybrid_required_by_server", 5}, NamedValue{"ssl_with_user_auth_required_by_server", 6}};
constexpr std::array kTpduCodes{NamedValue{"connection_request", connection_request},
                                NamedValue{"connection_confirm", connection_confirm},
                                NamedValue{"data", data_tpdu}};
constexpr std::array kMcsTypes{NamedValue{"erect_domain_request", erect_domain_request},
                               NamedValue{"disconnect_provider_ultimatum", disconnect_provider_ultimatum},
                               NamedValue{"attach_user_request", attach_user_request},
                               NamedValue{"attach_user_confirm", attach_user_confirm},
                               NamedValue{"channel_join_request", channel_join_request},
                               NamedValue{"channel_join_confirm", channel_join_confirm},
                               NamedValue{"send_data_request", send_data_request},
                               NamedValue{"send_data_indication", send_data_indication},
                               NamedValue{"connect_initial", connect_initial},
                               NamedValue{"connect_response", connect_response}};
// Section 2.2.1.4.3.
constexpr std::array kLevels{NamedValue{"none", 0}, NamedValue{"low", 1}, NamedValue{"client_compatible", 2},
                             NamedValue{"high", 3}, NamedValue{"fips", 4}};

template <auto... kPath>
constexpr Field of_mcs(std::string_view called, std::string_view help, Side side,
                       std::span<const NamedValue> names = {}) noexcept {
  return field(called, help, side, number<&Pdu::mcs, kPath...>, names);
}
template <auto kNumber>
constexpr Field of_blocks(std::string_view called, std::string_view help, Side side,
                          std::span<const NamedValue> names = {}) noexcept {
  return of_mcs<&McsPdu::blocks, kNumber>(called, help, side, names);
}

constexpr Field channel_options() noexcept {
  Field options = field("rdp.channel.options", "the options of each channel", kClient, first_options);
  options.more = later_options;
  return options;
}

using Blocks = SettingsBlocks;
constexpr std::string_view kCode = "the X.224 TPDU's code";
constexpr std::string_view kFlags = "flags of the negotiation";
constexpr std::string_view kType = "the type of an MCS PDU";
constexpr std::string_view kInitiator = "the MCS user who asks or sends";
constexpr std::string_view kChannelId = "the MCS channel to join, or that is sent to";
constexpr std::string_view kChannelIds = "of the domain parameters: how many channels at a time";
constexpr std::string_view kUserIds = "of the domain parameters: how many users at a time";
constexpr std::string_view kPduSize = "of the domain parameters: bytes of an MCS PDU";
constexpr std::string_view kVersion = "of RDP: 0x80001 is 4.0, 0x80004 is 5.0 to 8.1";

constexpr std::array kFields{
    field("rdp.tpdu", kCode, kClient, number<&Pdu::code>, kTpduCodes),
    field("rdp.tpdu", kCode, kServer, number<&Pdu::code>, kTpduCodes),
    field("rdp.requested_protocols", "bits of what the client can do", kClient,
          number<&Pdu::negotiation, &Negotiation::requested_protocols>, kProtocols),
    field("rdp.negotiation_flags", kFlags, kClient, number<&Pdu::negotiation, &Negotiation::flags>),
    field("rdp.negotiation_flags", kFlags, kServer, number<&Pdu::negotiation, &Negotiation::flags>),
    field("rdp.selected_protocol", "what the server has chosen", kServer,
          number<&Pdu::negotiation, &Negotiation::selected_protocol>, kProtocols),
    field("rdp.failure_code", "why the server refuses", kServer,
          number<&Pdu::negotiation, &Negotiation::failure_code>, kFailures),

    of_mcs<&McsPdu::type>("rdp.mcs.type", kType, kClient, kMcsTypes),
    of_mcs<&McsPdu::type>("rdp.mcs.type", kType, kServer, kMcsTypes),
    of_mcs<&McsPdu::result>("rdp.mcs.result", "0: granted", kServer),
    of_mcs<&McsPdu::initiator>("rdp.mcs.initiator", kInitiator, kClient),
    of_mcs<&McsPdu::initiator>("rdp.mcs.initiator", kInitiator, kServer),
    of_mcs<&McsPdu::channel_id>("rdp.mcs.channel_id", kChannelId, kClient),
    of_mcs<&McsPdu::channel_id>("rdp.mcs.channel_id", kChannelId, kServer),

    of_mcs<&McsPdu::target, &DomainParameters::max_channel_ids>("rdp.mcs.target.max_channel_ids", kChannelIds,
                                                                kClient),
    of_mcs<&McsPdu::target, &DomainParameters::max_user_ids>("rdp.mcs.target.max_user_ids", kUserIds,
                                                             kClient),
    of_mcs<&McsPdu::target, &DomainParameters::max_pdu_size>("rdp.mcs.target.max_pdu_size", kPduSize,
                                                             kClient),
    of_mcs<&McsPdu::minimum, &DomainParameters::max_channel_ids>("rdp.mcs.minimum.max_channel_ids",
                                                                 kChannelIds, kClient),
    of_mcs<&McsPdu::minimum, &DomainParameters::max_user_ids>("rdp.mcs.minimum.max_user_ids", kUserIds,
                                                              kClient),
    of_mcs<&McsPdu::maximum, &DomainParameters::max_channel_ids>("rdp.mcs.maximum.max_channel_ids",
                                                                 kChannelIds, kClient),
    of_mcs<&McsPdu::maximum, &DomainParameters::max_user_ids>("rdp.mcs.maximum.max_user_ids", kUserIds,
                                                              kClient),

    of_blocks<&Blocks::channels_stated>("rdp.channel.count", "how many channels the client says it asks for",
                                        kClient),
    channel_options(),
    of_blocks<&Blocks::version>("rdp.client.version", kVersion, kClient),
    of_blocks<&Blocks::build>("rdp.client.build", "of the client's program", kClient),
    of_blocks<&Blocks::desktop_width>("rdp.client.desktop_width", "in pixels", kClient),
    of_blocks<&Blocks::desktop_height>("rdp.client.desktop_height", "in pixels", kClient),
    of_blocks<&Blocks::color_depth>("rdp.client.color_depth", "bits, or a code of the oldest clients",
                                    kClient),
    of_blocks<&Blocks::keyboard_layout>("rdp.client.keyboard_layout", "as Windows numbers them", kClient),
    of_blocks<&Blocks::keyboard_type>("rdp.client.keyboard_type", "4: of 101 or 102 keys", kClient),
    of_blocks<&Blocks::function_keys>("rdp.client.function_keys", "how many the keyboard has", kClient),
    of_blocks<&Blocks::early_capabilities>("rdp.client.early_capabilities", "flags", kClient),
    of_blocks<&Blocks::encryption_methods>("rdp.client.encryption_methods", "bits of RDP's own", kClient),
    of_blocks<&Blocks::cluster_flags>("rdp.client.cluster_flags", "flags about redirection", kClient),
    of_blocks<&Blocks::monitors>("rdp.client.monitors", "how many monitors it says it has", kClient),

    of_blocks<&Blocks::version>("rdp.server.version", kVersion, kServer),
    of_blocks<&Blocks::encryption_methods>("rdp.server.encryption_method", "the bit chosen; 0: none",
                                           kServer),
    of_blocks<&Blocks::encryption_level>("rdp.server.encryption_level", "which bytes RDP itself encrypts",
                                         kServer, kLevels),
    of_blocks<&Blocks::channels_stated>("rdp.server.channel_count", "how many channels it grants", kServer),
};

}  // namespace

std::span<const Buffer> pdu_buffers() noexcept { return kBuffers; }
std::span<const Field> pdu_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::rdp
