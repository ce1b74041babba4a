// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::capture::pcapfile {

/// A stream of bytes, read once from its beginning to its end.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills the beginning of `into` and says how much; 0 only at the end.
  virtual Result<std::size_t> read(std::span<std::uint8_t> into) = 0;
};

/// Another source whose first bytes can be looked at before they are read.
class Lookahead final : public ByteSource {
 public:
  explicit Lookahead(std::unique_ptr<ByteSource> from) : from_(std::move(from)) {}

  /// The first four bytes, fewer only when there are no more. To be called before read().
  Result<Bytes> peek();

  Result<std::size_t> read(std::span<std::uint8_t> into) override;

 private:
  std::unique_ptr<ByteSource> from_;
  std::array<std::uint8_t, 4> first_{};
  std::size_t size_ = 0;
  std::size_t given_ = 0;
};

/// The file's contents, unpacked if they are gzip'ed. "-" is standard input. Errors name the path.
Result<std::unique_ptr<Lookahead>> open_source(const std::string& path);

/// The contents of a gzip stream of one or more members.
std::unique_ptr<ByteSource> unpack_gzip(std::unique_ptr<ByteSource> packed);

}  // namespace bansoko::capture::pcapfile
