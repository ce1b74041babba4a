// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "tests/evasion/transform.h"
#include "tests/traffic/dcom.h"

namespace bansoko::evasion {
namespace {

namespace rpc = traffic::dcom;
using rpc::Order;

// Interfaces that have nothing to do with the attack: the endpoint mapper, and the one that every server has.
constexpr rpc::Context kMapper{.id = 0, .interface = "e1af8308-5d1f-11c9-91a4-08002b14a0fa", .version = 3};
constexpr std::string_view kManagement = "afa8bd80-7d8a-11c9-bef4-08002b102989";
constexpr std::string_view kSomeObject = "01234567-89ab-cdef-0123-456789abcdef";

rpc::Request request_of(const Messages& messages) { return rpc::parse_request(messages.back()); }
void replace_request(Messages& messages, const rpc::Request& request) {
  messages.back() = rpc::request(request);
}

/// The request in fragments that carry at most `size` bytes of the stub each.
std::string in_fragments(rpc::Request request, std::size_t size) {
  const std::string stub = std::move(request.stub);
  std::string all;
  for (std::size_t at = 0; at < stub.size(); at += size) {
    request.stub = stub.substr(at, size);
    request.first = at == 0;
    request.last = at + size >= stub.size();
    request.alloc_hint = static_cast<std::uint32_t>(stub.size() - at);
    all += rpc::request(request);
  }
  return all;
}

void fragments(Messages& messages, int size) {
  messages.back() = in_fragments(request_of(messages), static_cast<std::size_t>(size));
}

/// The client authenticates itself, as it must before it may sign.
void sign_in(Messages& messages) {
  const std::array contexts{rpc::Context{.interface = rpc::kRemoteActivation}};
  messages.front() = rpc::bind(1, contexts, Order::little, 40);
}

void signed_fragments(Messages& messages, int size) {
  sign_in(messages);
  rpc::Request request = request_of(messages);
  request.authentication = 16;
  messages.back() = in_fragments(request, static_cast<std::size_t>(size));
}

/// Two calls in fragments, one fragment of each in turn: the server tells them by their numbers.
void interleaved_calls(Messages& messages, int size) {
  const rpc::Request request = request_of(messages);
  const auto step = static_cast<std::size_t>(size);
  rpc::Request piece = request;
  rpc::Request other{.call = request.call + 1, .context = request.context, .opnum = 7};
  std::string all;
  for (std::size_t at = 0; at < request.stub.size(); at += step) {
    piece.stub = request.stub.substr(at, step);
    piece.first = other.first = at == 0;
    piece.last = other.last = at + step >= request.stub.size();
    other.stub = std::string(step, 'o');
    all += rpc::request(piece) + rpc::request(other);
  }
  messages.back() = all;
}

void alloc_hint(Messages& messages, int hint) {
  rpc::Request request = request_of(messages);
  request.alloc_hint = static_cast<std::uint32_t>(hint);
  replace_request(messages, request);
}

void object(Messages& messages, int) {
  rpc::Request request = request_of(messages);
  request.object = kSomeObject;
  replace_request(messages, request);
}

void verifier(Messages& messages, int size) {
  sign_in(messages);
  rpc::Request request = request_of(messages);
  request.authentication = static_cast<std::size_t>(size);
  replace_request(messages, request);
}

/// All numbers, of the header and of the stub, in the other order.
void big_endian(Messages& messages, int) {
  rpc::Request request = request_of(messages);
  request.stub = rpc::remote_activation(rpc::activated_name(request.stub), Order::big);
  request.order = Order::big;
  replace_request(messages, request);
}

void big_endian_bind(Messages& messages, int) {
  const std::array contexts{rpc::Context{.interface = rpc::kRemoteActivation}};
  messages.front() = rpc::bind(1, contexts, Order::big);
}

/// The interface is the last of many that the bind offers.
void many_contexts(Messages& messages, int count) {
  std::vector<rpc::Context> contexts;
  contexts.reserve(static_cast<std::size_t>(count) + 1);
  for (int i = 0; i < count; ++i)
    contexts.push_back({.id = static_cast<std::uint16_t>(i), .interface = kManagement, .version = 1});
  contexts.push_back({.id = static_cast<std::uint16_t>(1000 + count), .interface = rpc::kRemoteActivation});
  messages.front() = rpc::bind(1, contexts);
  rpc::Request request = request_of(messages);
  request.context = contexts.back().id;
  replace_request(messages, request);
}

/// Bound to something else, and altered to what is attacked: under a new number, or under the same one after
/// a bind that offered it twice.
void altered(Messages& messages, int id) {
  const std::array first{kMapper};
  const std::array second{
      rpc::Context{.id = static_cast<std::uint16_t>(id), .interface = rpc::kRemoteActivation}};
  messages.front() = rpc::bind(1, first) + rpc::alter_context(1, second);
  rpc::Request request = request_of(messages);
  request.context = static_cast<std::uint16_t>(id);
  replace_request(messages, request);
}

void calls_before(Messages& messages, int count) {
  const rpc::Request request = request_of(messages);
  std::string before;
  for (int i = 0; i < count; ++i)
    before += rpc::request({.call = 100 + static_cast<std::uint32_t>(i), .opnum = 9, .stub = "ping"});
  messages.insert(messages.end() - 1, before);
}

void call_number(Messages& messages, int call) {
  rpc::Request request = request_of(messages);
  request.call = static_cast<std::uint32_t>(call);
  replace_request(messages, request);
}

}  // namespace

std::vector<Transform> rpc_transforms() {
  std::vector<Transform> all;
  const auto add = [&](std::string_view kind, OnMessages apply, std::initializer_list<int> variants) {
    for (const int variant : variants)
      all.push_back({.kind = kind,
                     .variant = variant,
                     .defence = Defence::decoding,
                     .apply = apply,
                     .layer = Layer::message,
                     .speaks = Speaks::rpc});
  };
  add("rpc.fragments", fragments, {1, 8, 33, 100});
  add("rpc.signed_fragments", signed_fragments, {8, 100});
  add("rpc.interleaved_calls", interleaved_calls, {16, 100});
  add("rpc.alloc_hint", alloc_hint, {0, 1, 0x7fffffff});
  add("rpc.object", object, {0});
  add("rpc.verifier", verifier, {16, 200});
  add("rpc.big_endian", big_endian, {0});
  add("rpc.big_endian_bind", big_endian_bind, {0});
  add("rpc.many_contexts", many_contexts, {1, 15, 60});
  add("rpc.altered", altered, {0, 1, 500});
  add("rpc.calls_before", calls_before, {1, 40});
  add("rpc.call_number", call_number, {0, 1, -1});
  return all;
}

}  // namespace bansoko::evasion
