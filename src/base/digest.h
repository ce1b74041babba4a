// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"

namespace bansoko {

enum class DigestKind : std::uint8_t { md5, sha1, sha256 };

/// A message digest over bytes that come in pieces (OpenSSL). Its memory is taken when it is made; after
/// that nothing is allocated.
class Digest {
 public:
  static constexpr std::size_t kMaxSize = 32;

  explicit Digest(DigestKind kind);
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  ~Digest();

  void add(Bytes bytes) noexcept;
  /// The digest of all that was added, which is then forgotten. Valid until the next call.
  Bytes finish() noexcept;

  std::size_t size() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// In lower-case hexadecimal digits.
std::string hexadecimal(Bytes bytes);

}  // namespace bansoko
