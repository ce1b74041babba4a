// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/inflater.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <utility>

namespace bansoko::proto::http {
namespace {

std::uint32_t wrapper_of(std::uint8_t first, std::uint8_t second) noexcept {
  if (first == 0x1f && second == 0x8b) return ISAL_GZIP;
  const bool is_zlib = (first & 0x0fU) == 8 && first >> 4U <= 7 && (first * 256U + second) % 31 == 0;
  return is_zlib ? ISAL_ZLIB : ISAL_DEFLATE;
}

}  // namespace

struct Inflater::State {
  inflate_state isal;
};

// Not zeroed: isal_inflate_init() sets what it reads, and the rest is 64 KiB of window.
Inflater::Inflater() : state_(new State) {}
Inflater::~Inflater() = default;

void Inflater::reset() noexcept {
  held_ = 0;
  started_ = is_gzip_ = has_ended_ = false;
}

void Inflater::start(std::uint32_t wrapper) noexcept {
  isal_inflate_init(&state_->isal);
  state_->isal.crc_flag = wrapper;
  started_ = true;
}

Inflater::Step Inflater::step(Bytes in, std::span<std::uint8_t> out) noexcept {
  Step step = started_ ? run(in, out) : begin(in, out);
  if (step.outcome != Outcome::ended || !is_gzip_ || has_ended_) return step;
  started_ = false;
  has_ended_ = true;
  held_ = 0;
  step.outcome = Outcome::full;  // what follows decides
  return step;
}

/// The first two bytes tell what it is.
Inflater::Step Inflater::begin(Bytes in, std::span<std::uint8_t> out) noexcept {
  std::size_t taken = 0;
  while (held_ < first_.size() && taken < in.size()) first_[held_++] = in[taken++];
  if (held_ < first_.size()) return {Outcome::more, taken, 0};
  const std::uint32_t wrapper = wrapper_of(first_[0], first_[1]);
  if (has_ended_ && wrapper != ISAL_GZIP) return {Outcome::ended, taken, 0};
  is_gzip_ = wrapper == ISAL_GZIP;
  start(wrapper);
  const bool is_next = std::exchange(has_ended_, false);
  const Step head = run(first_, out);
  if (head.outcome != Outcome::more) return {head.outcome, taken, head.made};
  if (is_next) return {Outcome::next, taken, head.made};
  const Step rest = run(in.subspan(taken), out.subspan(head.made));
  return {rest.outcome, taken + rest.taken, head.made + rest.made};
}

Inflater::Step Inflater::run(Bytes in, std::span<std::uint8_t> out) noexcept {
  inflate_state& isal = state_->isal;
  isal.next_in = const_cast<std::uint8_t*>(in.data());  // the library only reads it
  isal.avail_in = static_cast<std::uint32_t>(in.size());
  isal.next_out = out.data();
  isal.avail_out = static_cast<std::uint32_t>(out.size());
  const int result = isal_inflate(&isal);
  // At its end the library gives back bytes that it had read ahead, perhaps from earlier calls.
  const std::size_t left = std::min<std::size_t>(isal.avail_in, in.size());
  Step step;
  step.taken = in.size() - left;
  step.made = out.size() - isal.avail_out;
  if (isal.block_state == ISAL_BLOCK_FINISH || result == ISAL_INCORRECT_CHECKSUM) {
    step.outcome = Outcome::ended;  // a wrong checksum comes after all of the data: the reader has it by then
  } else if (result < 0 || result == ISAL_NEED_DICT) {
    step.outcome = Outcome::invalid;
  } else if (isal.avail_out == 0) {
    step.outcome = Outcome::full;
  }
  return step;
}

}  // namespace bansoko::proto::http
