// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/body.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bansoko::proto::http {
namespace {

constexpr std::size_t kPiece = 4096;  // inflated at a time

bool contains(std::string_view text, std::string_view word) noexcept {
  const auto same = [](char a, char b) { return to_lower(a) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

}  // namespace

std::unique_ptr<Inflater> InflaterPool::take() {
  if (free_.empty()) return std::make_unique<Inflater>();
  auto inflater = std::move(free_.back());
  free_.pop_back();
  return inflater;
}

void InflaterPool::give_back(std::unique_ptr<Inflater> inflater) { free_.push_back(std::move(inflater)); }

void InflaterPool::shrink(std::size_t most) noexcept {
  while (free_.size() > most) free_.pop_back();
}

void Body::start(std::string_view codings, const BodyLimits& limits, bool wanted, InflaterPool& pool) {
  limits_ = limits;
  if (!wanted) return;
  pool_ = &pool;
  add_layers(codings, limits);
}

void Body::add_layers(std::string_view codings, const BodyLimits& limits) {
  // Codings are listed in the order they were applied. The outermost ones are undone, as far as allowed.
  while (!codings.empty()) {
    const auto comma = codings.rfind(',');
    const std::string_view coding =
        trim(comma == std::string_view::npos ? codings : codings.substr(comma + 1));
    codings = comma == std::string_view::npos ? std::string_view() : codings.substr(0, comma);
    if (coding.empty() || contains(coding, "identity")) continue;
    if (!contains(coding, "gzip") && !contains(coding, "deflate")) {
      findings_.unknown_coding = true;
      continue;
    }
    if (layer_count_ >= std::min(limits.layers, kMostLayers)) {
      findings_.too_many_codings = true;
      return;
    }
    if (layer_count_ == layers_.size()) layers_.emplace_back();
    Layer& layer = layers_[layer_count_++];
    layer.inflater = pool_->take();
    layer.inflater->reset();
    layer.taken.clear();
    layer.has_made = layer.is_plain = layer.is_over = false;
  }
}

void Body::append(Bytes coded) {
  if (is_closed()) return;
  coded_ += coded.size();
  decode(0, coded);
}

void Body::append_gap(std::uint64_t size) {
  if (is_closed()) return;
  if (layer_count_ > 0) {
    findings_.invalid = true;
    layers_[0].is_over = true;
    return;
  }
  constexpr std::array<std::uint8_t, 256> kZeros{};
  for (; size > 0 && !is_closed(); size -= std::min<std::uint64_t>(size, kZeros.size()))
    keep(Bytes(kZeros).first(static_cast<std::size_t>(std::min<std::uint64_t>(size, kZeros.size()))));
}

void Body::decode(std::size_t index, Bytes in) {
  if (index == layer_count_) return keep(in);
  Layer& layer = layers_[index];
  while (!in.empty() && !layer.is_over && !layer.is_plain && !is_closed()) {
    // Until something is made of it, input goes in by measured pieces, so that giving up depends on the
    // bytes alone and not on how they were cut.
    const auto piece = layer.has_made ? in : in.first(std::min(in.size(), kMostTaken - layer.taken.size()));
    if (!layer.has_made) layer.taken.insert(layer.taken.end(), piece.begin(), piece.end());
    in = in.subspan(piece.size());
    inflate(index, piece);
    if (!layer.has_made && !layer.is_plain && layer.taken.size() == kMostTaken)
      layer.is_over = findings_.invalid = true;
  }
  if (layer.is_plain) decode(index + 1, in);
}

void Body::inflate(std::size_t index, Bytes in) {
  Layer& layer = layers_[index];
  std::array<std::uint8_t, kPiece> out;
  auto outcome = Inflater::Outcome::more;
  while (!layer.is_over && !is_closed() && (!in.empty() || outcome == Inflater::Outcome::full)) {
    const auto step = layer.inflater->step(in, out);
    outcome = step.outcome;
    in = in.subspan(step.taken);
    if (step.made > 0) {
      layer.has_made = true;
      decoded_ += step.made;
      decode(index + 1, Bytes(out).first(step.made));
    }
    if (limits_.ratio != 0 && decoded_ > kFreeOutput + coded_ * limits_.ratio)
      findings_.decompression_limit = true;
    if (outcome == Inflater::Outcome::ended) layer.is_over = true;
    if (outcome == Inflater::Outcome::invalid) return inflating_failed(index);
  }
}

void Body::inflating_failed(std::size_t index) {
  Layer& layer = layers_[index];
  findings_.invalid = true;
  if (layer.has_made) {
    layer.is_over = true;
    return;
  }
  layer.is_plain = true;
  decode(index + 1, layer.taken);
}

void Body::keep(Bytes decoded) {
  const std::size_t room = limits_.size - bytes_.size();
  if (decoded.size() > room) {
    findings_.size_limit = true;
    decoded = decoded.first(room);
  }
  bytes_.insert(bytes_.end(), decoded.begin(), decoded.end());
}

void Body::finish() { give_back(); }

void Body::give_back() noexcept {
  for (std::size_t i = 0; i < layer_count_; ++i) pool_->give_back(std::move(layers_[i].inflater));
  layer_count_ = 0;
  pool_ = nullptr;
}

void Body::reset() noexcept {
  give_back();
  bytes_.clear();
  coded_ = decoded_ = 0;
  findings_ = {};
}

void Body::shrink(std::size_t most) noexcept {
  if (bytes_.capacity() > most) std::vector<std::uint8_t>().swap(bytes_);
}

}  // namespace bansoko::proto::http
