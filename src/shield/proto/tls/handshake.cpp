// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/handshake.h"

#include "shield/proto/tls/record.h"

namespace bansoko::proto::tls {
namespace {

// What an ordinary handshake needs is there without asking the budget.
constexpr std::size_t kHelloFixed = 768;
constexpr std::size_t kTextFixed = 256;
constexpr std::size_t kHashFixed = 64;

}  // namespace

Flight::Flight(TlsMemory& memory_)
    : memory(memory_),
      hello_bytes(memory.budget, kHelloFixed),
      chain_bytes(memory.budget),
      verify_bytes(memory.budget),
      ja3(memory.budget, kTextFixed),
      ja3_hash(memory.budget, kHashFixed),
      ja4(memory.budget, kHashFixed),
      subject(memory.budget, kTextFixed),
      issuer(memory.budget, kTextFixed),
      serial(memory.budget, kHashFixed),
      fingerprint(memory.budget, kHashFixed) {}

void Flight::clear(bool release) {
  for (BudgetedBytes* const bytes : {&hello_bytes, &chain_bytes, &verify_bytes})
    release ? bytes->release() : bytes->clear();
  for (BuiltText* const text : {&ja3, &ja3_hash, &ja4, &subject, &issuer, &serial, &fingerprint})
    text->clear(release);
  hello = {};
  chain = leaf = {};
  chain_count.reset();
  certificate = {};
  is_verified = false;
  signature_overrun.reset();
  certificates = other_names = protocols = {};
}

std::optional<std::uint64_t> Notice::overread() const noexcept {
  constexpr std::size_t kHead = 1 + 2, kLeastPadding = 16;
  if (record_type != ContentType::heartbeat || start_size < kHead) return std::nullopt;
  const std::size_t stated = std::size_t{start[1]} << 8U | start[2];
  const std::size_t needed = kHead + stated + kLeastPadding;
  return needed > record_size ? needed - record_size : 0;
}

}  // namespace bansoko::proto::tls
