// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"

namespace bansoko::proto::http {

/// Undoes one layer of gzip, zlib or bare deflate, whichever the first bytes are: servers and clients
/// do not agree on what "deflate" means, so the name given to it decides nothing. Of gzip, several members
/// may follow each other (RFC 1952 section 2.2).
class Inflater {
 public:
  enum class Outcome : std::uint8_t {
    more,     // all input was taken
    next,     // another member of a gzip file begins: it is part of the data, call again
    full,     // there may be more output for the same input: call again
    ended,    // the compressed data is over; what follows it is not part of it
    invalid,  // no more can be had of it
  };
  struct Step {
    Outcome outcome = Outcome::more;
    std::size_t taken = 0;
    std::size_t made = 0;
  };

  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void reset() noexcept;
  Step step(Bytes in, std::span<std::uint8_t> out) noexcept;

 private:
  struct State;

  Step run(Bytes in, std::span<std::uint8_t> out) noexcept;
  void start(std::uint32_t wrapper) noexcept;
  Step begin(Bytes in, std::span<std::uint8_t> out) noexcept;

  std::unique_ptr<State> state_;
  std::array<std::uint8_t, 2> first_{};  // held back until the wrapper is known
  std::uint8_t held_ = 0;
  bool started_ = false;
  bool is_gzip_ = false;
  bool has_ended_ = false;  // a member has: there may be another
};

}  // namespace bansoko::proto::http
