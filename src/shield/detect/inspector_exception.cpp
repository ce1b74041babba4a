// SPDX-License-Identifier: Apache-2.0
// Which hits an operator's exceptions are about.
#include <algorithm>

#include "shield/detect/hit_policy.h"
#include "shield/detect/inspector_state.h"

namespace bansoko::detect {
namespace {

using flow::Side;
using packet::Address;

bool are_ends(const Exception& exception, const Address& source, const Address& dest) noexcept {
  return exception.source.contains(source) && exception.dest.contains(dest);
}

/// "*.example.jp" is what lies below it, any other name is itself.
bool is_host(std::string_view wanted, std::string_view host) noexcept {
  if (!wanted.starts_with("*.")) return host == wanted;
  const std::string_view below = wanted.substr(1);
  return host.size() > below.size() && host.ends_with(below);
}

/// Whether a buffer of the request is there and `holds` for each way to read it.
template <class F>
bool each_reading(const proto::Protocol& protocol, std::string_view name, proto::Transaction& transaction,
                  F holds) noexcept {
  const auto buffer = std::ranges::find_if(protocol.buffers, [name](const proto::Buffer& row) {
    return row.name == name && row.side == Side::client;
  });
  if (buffer == protocol.buffers.end()) return false;
  if (transaction.progress[flow::index(Side::client)] < buffer->ready_at) return false;
  bool any = false;
  for (unsigned instance = 0; instance == 0 || buffer->several; ++instance) {
    const auto bytes = buffer->get(transaction, instance);
    if (!bytes) break;
    if (!holds(as_text(*bytes))) return false;
    any = true;
  }
  return any;
}

bool is_request(const Exception& exception, const proto::Protocol& protocol,
                proto::Transaction& transaction) noexcept {
  const auto host_is = [&](std::string_view host) { return is_host(exception.host, host); };
  const auto uri_is = [&](std::string_view uri) { return uri.starts_with(exception.uri); };
  return (exception.host.empty() || each_reading(protocol, "http.host", transaction, host_is)) &&
         (exception.uri.empty() || each_reading(protocol, "http.uri", transaction, uri_is));
}

}  // namespace

bool Inspector::State::is_about(const Exception& exception, std::uint32_t number,
                                proto::Transaction* transaction) const noexcept {
  if (!contains(exception.sids, rules->infos[number].sid)) return false;
  const packet::Packet& packet = *subject.packet;
  if (!are_ends(exception, packet.source, packet.dest) &&
      (subject.flow == nullptr || !are_ends(exception, subject.flow->key.client, subject.flow->key.server)))
    return false;
  if (!exception.asks_request()) return true;
  const auto protocol = rules->rules[number].protocol;
  return transaction != nullptr && protocol >= 0 &&
         is_request(exception, *protocols[static_cast<std::size_t>(protocol)], *transaction);
}

std::int16_t Inspector::State::exception_of(std::uint32_t number,
                                            proto::Transaction* transaction) const noexcept {
  // What lets pass is an exception of its own kind.
  if (rules->infos[number].action == rule::Action::pass) return Match::kNoException;
  const auto& exceptions = rules->hits->exceptions;
  const auto first = std::ranges::find_if(
      exceptions, [&](const Exception& each) { return is_about(each, number, transaction); });
  return first == exceptions.end() ? Match::kNoException
                                   : static_cast<std::int16_t>(first - exceptions.begin());
}

}  // namespace bansoko::detect
