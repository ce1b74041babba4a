// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/body.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace bansoko::proto::http {
namespace {

constexpr std::size_t kPiece = 4096;  // inflated at a time

bool contains(std::string_view text, std::string_view word) noexcept {
  const auto same = [](char a, char b) { return to_lower(a) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

}  // namespace

void Body::start(std::string_view codings, const BodyLimits& limits, bool wanted, FileSums* sums) {
  limits_ = limits;
  sums_ = sums;
  is_open_ = wanted;
  if (wanted) add_layers(codings, limits);
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
    Decoder* const decoder = memory_.decoders.take();
    if (decoder == nullptr) {
      findings_.inflater_limit = true;
      return;
    }
    layers_[layer_count_++] = decoder;
  }
}

void Body::append(Bytes coded) noexcept {
  if (is_closed()) return;
  coded_ += coded.size();
  decode(0, coded);
  // However much may still come, others need the decoders.
  if (is_closed() || (layer_count_ > 0 && layers_[0]->is_over)) give_back();
}

void Body::append_gap(std::uint64_t size) noexcept {
  if (is_closed()) return;
  if (layer_count_ > 0) {
    findings_.invalid = true;
    if (sums_ != nullptr) sums_->spoil();
    give_back();
    return;
  }
  if (sums_ != nullptr) sums_->skip(size);
  FileSums* const sums = std::exchange(sums_, nullptr);  // the zeros are none of the file's
  constexpr std::array<std::uint8_t, 256> kZeros{};
  for (; size > 0 && !is_closed(); size -= std::min<std::uint64_t>(size, kZeros.size()))
    keep(Bytes(kZeros).first(static_cast<std::size_t>(std::min<std::uint64_t>(size, kZeros.size()))));
  sums_ = sums;
}

void Body::decode(std::size_t index, Bytes in) {
  if (index == layer_count_) return keep(in);
  Decoder& layer = *layers_[index];
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
  Decoder& layer = *layers_[index];
  std::array<std::uint8_t, kPiece> out;
  auto outcome = Inflater::Outcome::more;
  while (!layer.is_over && !is_closed() && (!in.empty() || outcome == Inflater::Outcome::full)) {
    const auto step = layer.inflater.step(in, out);
    outcome = step.outcome;
    in = in.subspan(step.taken);
    if (step.made > 0) {
      layer.has_made = true;
      decoded_ += step.made;
      decode(index + 1, Bytes(out).first(step.made));
    }
    if (limits_.ratio != 0 && decoded_ > kFreeOutput + coded_ * limits_.ratio) {
      findings_.decompression_limit = true;
      if (sums_ != nullptr) sums_->spoil();
    }
    if (outcome == Inflater::Outcome::ended) layer.is_over = true;
    if (outcome == Inflater::Outcome::next) findings_.several_members = true;
    if (outcome == Inflater::Outcome::invalid) return inflating_failed(index);
  }
}

void Body::inflating_failed(std::size_t index) {
  Decoder& layer = *layers_[index];
  findings_.invalid = true;
  if (layer.has_made) {
    layer.is_over = true;
    return;
  }
  layer.is_plain = true;
  decode(index + 1, layer.taken);
}

void Body::keep(Bytes decoded) {
  if (sums_ != nullptr) sums_->add(decoded);
  if (is_cut()) return;
  const std::size_t room = limits_.size - bytes_.size();
  if (decoded.size() > room) {
    findings_.size_limit = true;
    decoded = decoded.first(room);
  }
  // A quarter is left for heads: what attacks servers is in them more often.
  if (!bytes_.append(decoded, limits_.size, memory_.budget.most() / 4)) findings_.memory_limit = true;
}

void Body::give_back() noexcept {
  for (std::size_t i = 0; i < layer_count_; ++i) memory_.decoders.give_back(layers_[i]);
  layer_count_ = 0;
  is_open_ = false;
  sums_ = nullptr;
}

void Body::reset() noexcept {
  give_back();
  bytes_.clear();
  coded_ = decoded_ = 0;
  findings_ = {};
}

void Body::shrink(std::size_t most) noexcept {
  if (bytes_.capacity() > most) bytes_.release();
}

}  // namespace bansoko::proto::http
