// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "shield/proto/http/inflater.h"

namespace bansoko::proto::http {

/// Inflaters that a parser's messages take turns with: each is large.
class InflaterPool {
 public:
  std::unique_ptr<Inflater> take();
  void give_back(std::unique_ptr<Inflater> inflater);
  void shrink(std::size_t most) noexcept;

 private:
  std::vector<std::unique_ptr<Inflater>> free_;
};

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
};

/// The body of one message: what is left after its content codings are undone, up to a limit.
class Body {
 public:
  static constexpr std::size_t kMostLayers = 4;
  /// What any compressed body may inflate to, however small it is.
  static constexpr std::size_t kFreeOutput = std::size_t{64} * 1024;

  /// `codings` is the value of Content-Encoding. Not `wanted`: everything is discarded.
  void start(std::string_view codings, const BodyLimits& limits, bool wanted, InflaterPool& pool);
  void append(Bytes coded);
  /// `size` bytes were lost: zeros stand for them where the body is not compressed.
  void append_gap(std::uint64_t size);
  /// No more will come.
  void finish();
  /// Gives its inflaters back, empties it.
  void reset() noexcept;
  void shrink(std::size_t most) noexcept;

  bool is_empty() const noexcept { return bytes_.empty(); }
  Bytes bytes() const noexcept { return bytes_; }
  const BodyFindings& findings() const noexcept { return findings_; }

 private:
  /// An inflater and, until it has made something, the bytes it took: they are plain if it never does.
  struct Layer {
    std::unique_ptr<Inflater> inflater;
    std::vector<std::uint8_t> taken;
    bool has_made = false;
    bool is_plain = false;
    bool is_over = false;
  };
  static constexpr std::size_t kMostTaken = 4096;

  void add_layers(std::string_view codings, const BodyLimits& limits);
  void decode(std::size_t layer, Bytes in);
  void inflate(std::size_t layer, Bytes in);
  void inflating_failed(std::size_t layer);
  void keep(Bytes decoded);
  void give_back() noexcept;
  bool is_closed() const noexcept {
    return pool_ == nullptr || findings_.size_limit || findings_.decompression_limit;
  }

  std::vector<std::uint8_t> bytes_;
  std::vector<Layer> layers_;  // kept for the next body; the first layer_count_ are in use
  std::size_t layer_count_ = 0;
  std::uint64_t coded_ = 0;
  std::uint64_t decoded_ = 0;  // by all layers
  BodyLimits limits_;
  BodyFindings findings_;
  InflaterPool* pool_ = nullptr;  // null: not wanted
};

}  // namespace bansoko::proto::http
