// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/dns/anomaly.h"
#include "shield/proto/dns/buffers.h"
#include "shield/proto/dns/codes.h"
#include "shield/proto/dns/probe.h"

namespace bansoko::proto::dns {
namespace {

constexpr std::string_view kQuery = "each name that a request asks for";
constexpr std::string_view kQuestions = "each name of the question section";
constexpr std::string_view kAnswers = "each record's name in the answer section";
constexpr std::string_view kAuthorities = "each record's name in the authority section";
constexpr std::string_view kAdditionals = "each record's name in the additional section";
constexpr std::string_view kResponse =
    "of an answer: the names of all sections, and those in CNAME, PTR, NS, MX and SOA records";

// Both sides have all of them: which of two resolvers asks the other changes from message to message.
constexpr std::array kBuffers{
    names("dns.query", kQuery, Side::client, query),
    names("dns.query", kQuery, Side::server, query),
    names("dns.queries.rrname", kQuestions, Side::client, question),
    names("dns.queries.rrname", kQuestions, Side::server, question),
    names("dns.query.name", kQuestions, Side::client, question),
    names("dns.query.name", kQuestions, Side::server, question),
    names("dns.answers.rrname", kAnswers, Side::client, answer),
    names("dns.answers.rrname", kAnswers, Side::server, answer),
    names("dns.answer.name", kAnswers, Side::client, answer),
    names("dns.answer.name", kAnswers, Side::server, answer),
    names("dns.authorities.rrname", kAuthorities, Side::client, authority),
    names("dns.authorities.rrname", kAuthorities, Side::server, authority),
    names("dns.additionals.rrname", kAdditionals, Side::client, additional),
    names("dns.additionals.rrname", kAdditionals, Side::server, additional),
    names("dns.response.rrname", kResponse, Side::client, answer_name),
    names("dns.response.rrname", kResponse, Side::server, answer_name),
};

constexpr std::string_view kOpcode = "operation code: 0 query, 4 notify, 5 update";
constexpr std::string_view kRcode = "response code: 0 no error, 3 no such name, 5 refused";
constexpr std::string_view kRrtype = "type of a request's questions, or of an answer's records";
constexpr std::string_view kIsResponse = "1 in answers, 0 in requests";
constexpr std::string_view kClassMismatch = "1: a record is of another class than the question; 0: none is";
constexpr std::string_view kTsigError = "the error in a TSIG record: 16 BADSIG, 17 BADKEY, 18 BADTIME";
constexpr std::string_view kTsigNames = "bytes of the names of a TSIG record's key and algorithm, uncompressed";
constexpr std::string_view kSignatureSize =
    "bytes of the longest SIG or RRSIG record's data with its signer's name uncompressed";
constexpr std::string_view kTkeyMissing =
    "of a request for TKEY: 1 if its additional section has the name asked for, but no TKEY of it; else 0";

Field number(std::string_view name, std::string_view help, Side side,
             std::optional<std::uint64_t> (*get)(const Transaction&) noexcept,
             std::span<const NamedValue> names = {}) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .names = names, .get = get};
}

Field record_type(Side side) noexcept {
  Field field = number("dns.rrtype", kRrtype, side, first_type, record_type_names());
  field.more = later_type;
  return field;
}

std::unique_ptr<Parser> make(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  return make_parser(limits, shared, Variant::dns);
}

}  // namespace

const Protocol& describe() {
  static const std::array fields{
      number("dns.opcode", kOpcode, Side::client, opcode),
      number("dns.opcode", kOpcode, Side::server, opcode),
      number("dns.rcode", kRcode, Side::client, rcode, response_code_names()),
      number("dns.rcode", kRcode, Side::server, rcode, response_code_names()),
      record_type(Side::client),
      record_type(Side::server),
      number("dns.flags.response", kIsResponse, Side::client, is_response),
      number("dns.flags.response", kIsResponse, Side::server, is_response),
      number("dns.class_mismatch", kClassMismatch, Side::client, class_mismatch),
      number("dns.class_mismatch", kClassMismatch, Side::server, class_mismatch),
      number("dns.tsig_error", kTsigError, Side::client, tsig_error),
      number("dns.tsig_error", kTsigError, Side::server, tsig_error),
      number("dns.tsig_names_size", kTsigNames, Side::client, tsig_names_size),
      number("dns.tsig_names_size", kTsigNames, Side::server, tsig_names_size),
      number("dns.signature_size", kSignatureSize, Side::client, signature_size),
      number("dns.signature_size", kSignatureSize, Side::server, signature_size),
      number("dns.tkey_missing", kTkeyMissing, Side::client, tkey_missing),
      number("dns.tkey_missing", kTkeyMissing, Side::server, tkey_missing),
  };
  static const Protocol protocol{.name = "dns",
                                 .help = "the Domain Name System, over UDP and TCP",
                                 .transports = kOverTcp | kOverUdp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make,
                                 .buffers = kBuffers,
                                 .fields = fields,
                                 .limits = parser_limits(),
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::dns
