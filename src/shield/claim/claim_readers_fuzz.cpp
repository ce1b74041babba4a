// SPDX-License-Identifier: Apache-2.0
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "shield/claim/readers.h"
#include "shield/claim/topics.h"

/// The first byte says what reads the rest.
// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  if (size == 0) return 0;
  const Bytes rest(data + 1, size - 1);
  claim::Claim claim;
  const auto topics = claim::topics();
  const std::size_t which = data[0] % (topics.size() + 1);
  if (which == topics.size()) {
    claim::topic_of_greeting(as_text(rest), 21);
    claim::read_greeting(as_text(rest), claim);
  } else if (topics[which].read != nullptr) {
    topics[which].read(rest, topics[which].argument, claim);
  }
  for (const char c : claim.said()) assert(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  return 0;
}
