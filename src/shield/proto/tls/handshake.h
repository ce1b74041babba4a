// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/digest.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"
#include "shield/proto/tls/certificate.h"
#include "shield/proto/tls/hello.h"
#include "shield/proto/tls/ja4.h"

namespace bansoko::proto::tls {

/// What the TLS parsers of one worker share.
class TlsMemory final : public SharedMemory {
 public:
  explicit TlsMemory(std::size_t most) : budget(most), md5(DigestKind::md5), sha1(DigestKind::sha1) {}

  MemoryBudget budget;
  Digest md5, sha1;
  Ja4Scratch ja4;
};

/// Text built when it is first asked for.
class BuiltText {
 public:
  explicit BuiltText(MemoryBudget& budget, std::size_t fixed) : text_(budget, fixed) {}

  template <class Build>
  Bytes get(Build build) {
    if (!is_built_) build(text_);
    is_built_ = true;
    return text_.bytes();
  }
  void clear(bool release) {
    is_built_ = false;
    release ? text_.release() : text_.clear();
  }

 private:
  BudgetedBytes text_;
  bool is_built_ = false;
};

/// Where the walk through a list stands whose items are asked for by number, mostly in order.
class ListPlace {
 public:
  /// next() takes an item off the list's front.
  template <class Next>
  std::optional<Bytes> item(Bytes list, unsigned number, Next next) noexcept {
    if (number < taken_ || taken_ == 0) *this = ListPlace(list);
    std::optional<Bytes> found;
    do {
      found = next(rest_);
      ++taken_;
    } while (found && taken_ <= number);
    return found;
  }

  ListPlace() = default;

 private:
  explicit ListPlace(Bytes list) noexcept : rest_(list) {}

  Bytes rest_ = {};
  unsigned taken_ = 0;
};

/// What one side has said in a handshake.
struct Flight {
  explicit Flight(TlsMemory& memory);
  void clear(bool release);

  TlsMemory& memory;
  BudgetedBytes hello_bytes;  // the message's body
  BudgetedBytes chain_bytes;
  BudgetedBytes verify_bytes;  // of a CertificateVerify
  Hello hello = {};
  Bytes chain = {};  // in chain_bytes: certificates, each behind three bytes of length
  std::optional<std::uint32_t> chain_count = {};
  Bytes leaf = {};  // the first of them
  Certificate certificate = {};
  bool is_verified = false;                             // a CertificateVerify came
  std::optional<std::uint64_t> signature_overrun = {};  // its signature against that key
  BuiltText ja3, ja3_hash, ja4, subject, issuer, serial, fingerprint;
  ListPlace certificates, other_names, protocols;
};

/// A handshake or a notice: one table of buffers and fields is about both.
struct TlsTransaction : Transaction {
  explicit TlsTransaction(bool about_handshake) noexcept : is_handshake(about_handshake) {}

  bool is_handshake;
};

/// What both sides say until they encrypt.
struct Handshake final : TlsTransaction {
  explicit Handshake(TlsMemory& memory) : TlsTransaction(true), flights{Flight(memory), Flight(memory)} {}

  std::array<Flight, 2> flights;  // by Side
};

/// A record beside the handshake's messages, in the clear: an alert, a heartbeat, a change of keys.
struct Notice final : TlsTransaction {
  Notice() noexcept : TlsTransaction(false) {}

  /// Of a heartbeat (RFC 6520 section 4): by how much the payload it states and the least padding reach
  /// beyond its record. A receiver that answers all the same gives away its memory (CVE-2014-0160).
  std::optional<std::uint64_t> overread() const noexcept;

  std::uint8_t record_type = 0;
  std::uint32_t record_size = 0;
  std::array<std::uint8_t, 3> start{};  // its first bytes
  std::uint8_t start_size = 0;          // how many of them there are
  bool is_early = false;                // a ChangeCipherSpec before there can be keys
};

/// The tables of buffers and fields.
std::span<const Buffer> tls_buffers() noexcept;
std::span<const Field> tls_fields() noexcept;

}  // namespace bansoko::proto::tls
