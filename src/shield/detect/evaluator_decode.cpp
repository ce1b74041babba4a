// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "shield/detect/evaluator.h"

namespace bansoko::detect {

// What is asked of the decoded bytes is tried as a list of its own; whatever it moves to says nothing about a
// place in the buffer, so the position stays where it was.
Evaluator::Answer Evaluator::try_decode(const Base64Decode& decode, std::size_t step,
                                        std::size_t at) noexcept {
  static constexpr std::size_t kBytesPerStep = 64;  // decoding them is about as much work as a step
  const auto size = static_cast<std::int64_t>(look_.bytes.size());
  const std::int64_t first = (decode.relative ? static_cast<std::int64_t>(at) : 0) + value_of(decode.offset);
  if (first < 0 || first >= size) return Answer::no;
  Bytes text = look_.bytes.subspan(static_cast<std::size_t>(first));
  const std::int64_t most = value_of(decode.bytes);
  if (most > 0 && static_cast<std::uint64_t>(most) < text.size())
    text = text.first(static_cast<std::size_t>(most));
  const std::size_t decoded = decode_base64(text, decoded_.part(0, kMaxDecoded));
  tried_ += static_cast<std::uint32_t>(decoded / kBytesPerStep);
  if (decoded == 0) return Answer::no;

  const auto outer_steps = std::exchange(steps_, decode.steps);
  const Look outer_look = std::exchange(look_, Look{.bytes = decoded_.part(0, decoded)});
  const bool was_growing = std::exchange(is_growing_, false);
  const Answer inner = run(0, 0);
  steps_ = outer_steps;
  look_ = outer_look;
  is_growing_ = was_growing;
  // Where in the buffer it was, is all that can be told of a match in bytes that are not in it.
  if (inner == Answer::yes) {
    found_at_ = static_cast<std::size_t>(first);
    found_size_ = text.size();
    return next(step, at);
  }
  return limit_reached_ ? Answer::never : Answer::no;
}

}  // namespace bansoko::detect
