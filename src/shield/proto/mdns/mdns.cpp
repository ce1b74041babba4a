// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/dns/buffers.h"
#include "shield/proto/dns/probe.h"

namespace bansoko::proto::mdns {
namespace {

constexpr std::string_view kQuestions = "each name of the question section";
constexpr std::string_view kAnswers = "each record's name in the answer section";
constexpr std::string_view kAuthorities = "each record's name in the authority section";
constexpr std::string_view kAdditionals = "each record's name in the additional section";
constexpr std::string_view kResponse =
    "of an answer: the names of all sections, and those in CNAME, PTR, NS, MX and SOA records";

// Anybody asks and answers, so both sides have all of them.
constexpr std::array kBuffers{
    dns::names("mdns.queries.rrname", kQuestions, Side::client, dns::question),
    dns::names("mdns.queries.rrname", kQuestions, Side::server, dns::question),
    dns::names("mdns.answers.rrname", kAnswers, Side::client, dns::answer),
    dns::names("mdns.answers.rrname", kAnswers, Side::server, dns::answer),
    dns::names("mdns.authorities.rrname", kAuthorities, Side::client, dns::authority),
    dns::names("mdns.authorities.rrname", kAuthorities, Side::server, dns::authority),
    dns::names("mdns.additionals.rrname", kAdditionals, Side::client, dns::additional),
    dns::names("mdns.additionals.rrname", kAdditionals, Side::server, dns::additional),
    dns::names("mdns.response.rrname", kResponse, Side::client, dns::answer_name),
    dns::names("mdns.response.rrname", kResponse, Side::server, dns::answer_name),
};

// The parser's anomalies, under the names that rules ask for. Those about who asks whom do not occur.
constexpr std::array<std::string_view, dns::gap + 1> kAnomalies{
    "mdns.malformed_data",
    "mdns.not_request",
    "mdns.not_response",
    "mdns.z_flag_set",
    "mdns.invalid_opcode",
    "mdns.name_too_long",
    "mdns.infinite_loop",
    "mdns.too_many_labels",
    "mdns.invalid_additionals",
    "mdns.invalid_authorities",
    "mdns.truncated",
    "mdns.label_type",
    "mdns.record_limit",
    "mdns.unmatched_response",
    "mdns.transaction_limit",
    "mdns.memory_limit",
    "mdns.gap",
};

std::unique_ptr<Parser> make(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return dns::make_parser(limits, shared, dns::Variant::multicast);
}

}  // namespace

const Protocol& describe() {
  static const Protocol protocol{.name = "mdns",
                                 .help = "multicast DNS (RFC 6762)",
                                 .transports = kOverUdp,
                                 .probe = dns::probe_multicast,
                                 .make_shared = dns::make_shared,
                                 .make_parser = make,
                                 .buffers = kBuffers,
                                 .limits = dns::parser_limits(),
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::mdns
