// SPDX-License-Identifier: Apache-2.0
// The input: a walk as a rule has it, a zero, a byte for the order and the syntax, stub data. Where a walk
// without conditions fails, so does the same with one.
#include <algorithm>
#include <cassert>

#include "base/bytes.h"
#include "shield/keyword/dcerpc_ndr/ndr_argument.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  using namespace bansoko::keyword::dcerpc_ndr;
  const Bytes input(data, size);
  const auto end = std::find(input.begin(), input.end(), 0);
  if (input.end() - end < 2) return 0;
  const auto text = input.first(static_cast<std::size_t>(end - input.begin()));
  auto walk = read_argument(as_text(text));
  if (!walk) return 0;
  const bool little_endian = (input[text.size() + 1] & 1U) != 0;
  const auto syntax = static_cast<Syntax>((input[text.size() + 1] >> 1U) % 3);
  const Bytes stub = input.subspan(text.size() + 2);
  const bool held = holds(*walk, stub, little_endian, syntax);
  if (walk->is_anywhere) return 0;
  for (Item& item : walk->items) item.condition.about = Condition::About::nothing;
  assert(!held || holds(*walk, stub, little_endian, syntax));
  return 0;
}
