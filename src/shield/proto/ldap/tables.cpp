// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/both_sides.h"
#include "shield/proto/ldap/ldap_parser.h"

namespace bansoko::proto::ldap {
namespace {

enum class Kind : std::uint8_t { request, response };

const Message* message_of(const Transaction& transaction, Kind kind) noexcept {
  const Message* const message = static_cast<const LdapTransaction&>(transaction).message;
  if (message == nullptr || !message->operation) return nullptr;
  return is_request(*message->operation) == (kind == Kind::request) ? message : nullptr;
}

template <Kind kKind, auto kPart>
std::optional<Bytes> text(Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction, kKind);
  return message == nullptr || instance != 0 ? std::nullopt : message->*kPart;
}
template <Kind kKind, auto kViews>
std::optional<Bytes> view(Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction, kKind);
  return message == nullptr ? std::nullopt : (message->*kViews).at(instance);
}
std::optional<Bytes> filter(Transaction& transaction, unsigned instance) noexcept {
  const Message* const message = message_of(transaction, Kind::request);
  return message == nullptr || instance != 0 ? std::nullopt : message->filter.text();
}
template <Kind kKind, auto kNumber>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction, kKind);
  return message == nullptr ? std::nullopt : message->*kNumber;
}
std::optional<std::uint64_t> depth(const Transaction& transaction) noexcept {
  const Message* const message = message_of(transaction, Kind::request);
  return message == nullptr ? std::nullopt : message->filter.depth();
}

constexpr auto kRequest = Kind::request, kResponse = Kind::response;

constexpr Buffer buffer(std::string_view name, std::string_view help,
                        std::optional<Bytes> (*get)(Transaction&, unsigned) noexcept,
                        bool several = false) noexcept {
  return {.name = name,
          .help = help,
          .side = Side::client,
          .ready_at = kComplete,
          .get = get,
          .several = several};
}

constexpr std::array kRows{
    buffer("ldap.request.dn", "the name that a request is about: of who binds, where to search, of an entry",
           text<kRequest, &Message::dn>),
    buffer("ldap.request.attribute_type", "each attribute that a request names",
           view<kRequest, &Message::attribute_types>, true),
    buffer("ldap.request.attribute_value", "each value that a request adds, changes or compares",
           view<kRequest, &Message::attribute_values>, true),
    buffer("ldap.request.filter", "the filter of a search as text: \"(&(objectClass=user)(cn=a*))\"", filter),
    buffer("ldap.request.sasl_mechanism", "of a bind", text<kRequest, &Message::mechanism>),
    buffer("ldap.request.credentials", "of a bind: the password, or what SASL sends",
           text<kRequest, &Message::credentials>),
    buffer("ldap.request.new_rdn", "the new name that an entry is to get", text<kRequest, &Message::new_rdn>),
    buffer("ldap.request.name", "the object identifier of an extended operation",
           text<kRequest, &Message::name>),
    buffer("ldap.request.value", "what an extended request carries; where an entry is to be moved to",
           text<kRequest, &Message::value>),
    buffer("ldap.request.control", "the object identifier of each control",
           view<kRequest, &Message::controls>, true),
    buffer("ldap.responses.dn", "the name of an entry found, or the part of it that was",
           text<kResponse, &Message::dn>),
    buffer("ldap.responses.attribute_type", "each attribute of an entry found",
           view<kResponse, &Message::attribute_types>, true),
    buffer("ldap.responses.attribute_value", "each value of an entry found",
           view<kResponse, &Message::attribute_values>, true),
    buffer("ldap.responses.message", "the diagnostic message", text<kResponse, &Message::diagnostic>),
    buffer("ldap.responses.referral", "each URI that a response refers to",
           view<kResponse, &Message::referrals>, true),
    buffer("ldap.responses.name", "the object identifier of an extended or intermediate response",
           text<kResponse, &Message::name>),
    buffer("ldap.responses.value", "what an extended or intermediate response carries, or SASL's answer",
           text<kResponse, &Message::value>),
    buffer("ldap.responses.control", "the object identifier of each control",
           view<kResponse, &Message::controls>, true),
};

constexpr std::array kOperationNames{
    NamedValue{"bind_request", bind_request},
    NamedValue{"bind_response", bind_response},
    NamedValue{"unbind_request", unbind_request},
    NamedValue{"search_request", search_request},
    NamedValue{"search_result_entry", search_result_entry},
    NamedValue{"search_result_done", search_result_done},
    NamedValue{"modify_request", modify_request},
    NamedValue{"modify_response", modify_response},
    NamedValue{"add_request", add_request},
    NamedValue{"add_response", add_response},
    NamedValue{"del_request", del_request},
    NamedValue{"del_response", del_response},
    NamedValue{"mod_dn_request", mod_dn_request},
    NamedValue{"mod_dn_response", mod_dn_response},
    NamedValue{"compare_request", compare_request},
    NamedValue{"compare_response", compare_response},
    NamedValue{"abandon_request", abandon_request},
    NamedValue{"search_result_reference", search_result_reference},
    NamedValue{"extended_request", extended_request},
    NamedValue{"extended_response", extended_response},
    NamedValue{"intermediate_response", intermediate_response},
};

// RFC 4511 appendix A.
constexpr std::array kResultNames{
    NamedValue{"success", 0},
    NamedValue{"operations_error", 1},
    NamedValue{"protocol_error", 2},
    NamedValue{"time_limit_exceeded", 3},
    NamedValue{"size_limit_exceeded", 4},
    NamedValue{"compare_false", 5},
    NamedValue{"compare_true", 6},
    NamedValue{"auth_method_not_supported", 7},
    NamedValue{"stronger_auth_required", 8},
    NamedValue{"referral", 10},
    NamedValue{"admin_limit_exceeded", 11},
    NamedValue{"unavailable_critical_extension", 12},
    NamedValue{"confidentiality_required", 13},
    NamedValue{"sasl_bind_in_progress", 14},
    NamedValue{"no_such_attribute", 16},
    NamedValue{"undefined_attribute_type", 17},
    NamedValue{"inappropriate_matching", 18},
    NamedValue{"constraint_violation", 19},
    NamedValue{"attribute_or_value_exists", 20},
    NamedValue{"invalid_attribute_syntax", 21},
    NamedValue{"no_such_object", 32},
    NamedValue{"alias_problem", 33},
    NamedValue{"invalid_dn_syntax", 34},
    NamedValue{"alias_dereferencing_problem", 36},
    NamedValue{"inappropriate_authentication", 48},
    NamedValue{"invalid_credentials", 49},
    NamedValue{"insufficient_access_rights", 50},
    NamedValue{"busy", 51},
    NamedValue{"unavailable", 52},
    NamedValue{"unwilling_to_perform", 53},
    NamedValue{"loop_detect", 54},
    NamedValue{"naming_violation", 64},
    NamedValue{"object_class_violation", 65},
    NamedValue{"not_allowed_on_non_leaf", 66},
    NamedValue{"not_allowed_on_rdn", 67},
    NamedValue{"entry_already_exists", 68},
    NamedValue{"object_class_mods_prohibited", 69},
    NamedValue{"affects_multiple_dsas", 71},
    NamedValue{"other", 80},
};

constexpr std::array kScopes{NamedValue{"base", 0}, NamedValue{"one", 1}, NamedValue{"sub", 2}};
constexpr std::array kProofs{NamedValue{"simple", 0}, NamedValue{"sasl", 3}};

constexpr Field field(std::string_view name, std::string_view help,
                      std::optional<std::uint64_t> (*get)(const Transaction&) noexcept,
                      std::span<const NamedValue> names = {}) noexcept {
  return {
      .name = name, .help = help, .side = Side::client, .ready_at = kComplete, .names = names, .get = get};
}

constexpr std::array kNumbers{
    field("ldap.request.operation", "what a request asks for", number<kRequest, &Message::operation>,
          kOperationNames),
    field("ldap.request.message_id", "its number", number<kRequest, &Message::id>),
    field("ldap.request.version", "of LDAP, in a bind", number<kRequest, &Message::version>),
    field("ldap.request.authentication", "how a bind proves who it is",
          number<kRequest, &Message::authentication>, kProofs),
    field("ldap.request.scope", "of a search", number<kRequest, &Message::scope>, kScopes),
    field("ldap.request.deref_aliases", "of a search", number<kRequest, &Message::deref_aliases>),
    field("ldap.request.size_limit", "of a search", number<kRequest, &Message::size_limit>),
    field("ldap.request.time_limit", "of a search", number<kRequest, &Message::time_limit>),
    field("ldap.request.filter_depth", "how deep in each other the parts of a search's filter are", depth),
    field("ldap.responses.operation", "what a response answers", number<kResponse, &Message::operation>,
          kOperationNames),
    field("ldap.responses.message_id", "the number of its request", number<kResponse, &Message::id>),
    field("ldap.responses.result_code", "the result", number<kResponse, &Message::result_code>, kResultNames),
    field("ldap.responses.count", "how many responses a request has had with this one",
          number<kResponse, &Message::count>),
};

constexpr auto kBuffers = for_both_sides(kRows);
constexpr auto kFields = for_both_sides(kNumbers);

}  // namespace

std::span<const Buffer> message_buffers() noexcept { return kBuffers; }
std::span<const Field> message_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::ldap
