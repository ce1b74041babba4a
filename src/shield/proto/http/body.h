// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "shield/proto/file_sums.h"
#include "shield/proto/http/shared.h"

namespace bansoko::proto::http {

struct BodyLimits {
  std::size_t size = 0;    // decoded bytes kept
  std::size_t layers = 0;  // content codings undone
  std::size_t ratio = 0;   // decoded bytes per coded byte, beyond kFreeOutput
};

/// What befell a body, each told once.
struct BodyFindings {
  bool size_limit = false;
  bool decompression_limit = false;
  bool invalid = false;
  bool unknown_coding = false;
  bool too_many_codings = false;
  bool inflater_limit = false;
  bool memory_limit = false;
  bool several_members = false;
};

/// The body of one message: what is left after its content codings are undone, up to a limit.
class Body {
 public:
  static constexpr std::size_t kMostLayers = 4;
  /// What any compressed body may inflate to, however small it is.
  static constexpr std::size_t kFreeOutput = std::size_t{64} * 1024;

  /// `memory` outlives it.
  explicit Body(HttpMemory& memory) noexcept : memory_(memory), bytes_(memory.budget) {}
  ~Body() { give_back(); }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  /// `codings` is the value of Content-Encoding. Not `wanted`: everything is discarded. `sums`, if it is not
  /// null, is given all that is decoded, also what is not kept.
  void start(std::string_view codings, const BodyLimits& limits, bool wanted, FileSums* sums = nullptr);
  void append(Bytes coded) noexcept;
  /// `size` bytes were lost: zeros stand for them where the body is not compressed.
  void append_gap(std::uint64_t size) noexcept;
  /// No more will come.
  void finish() noexcept { give_back(); }
  /// Gives its decoders back, empties it.
  void reset() noexcept;
  void shrink(std::size_t most) noexcept;

  bool is_empty() const noexcept { return bytes_.size() == 0; }
  Bytes bytes() const noexcept { return bytes_.bytes(); }
  const BodyFindings& findings() const noexcept { return findings_; }

 private:
  static constexpr std::size_t kMostTaken = 4096;

  void add_layers(std::string_view codings, const BodyLimits& limits);
  void decode(std::size_t layer, Bytes in);
  void inflate(std::size_t layer, Bytes in);
  void inflating_failed(std::size_t layer);
  void keep(Bytes decoded);
  void give_back() noexcept;
  /// No more of it is kept.
  bool is_cut() const noexcept { return findings_.size_limit || findings_.memory_limit; }
  /// What follows changes nothing.
  bool is_closed() const noexcept {
    return !is_open_ || findings_.decompression_limit || (is_cut() && sums_ == nullptr);
  }

  HttpMemory& memory_;
  BudgetedBytes bytes_;
  std::array<Decoder*, kMostLayers> layers_{};  // the first layer_count_ are lent to it, outermost first
  std::size_t layer_count_ = 0;
  std::uint64_t coded_ = 0;
  std::uint64_t decoded_ = 0;  // by all layers
  BodyLimits limits_;
  BodyFindings findings_;
  FileSums* sums_ = nullptr;
  bool is_open_ = false;
};

}  // namespace bansoko::proto::http
