// SPDX-License-Identifier: Apache-2.0
// The input is objects of ASN.1. A longer bound never finds what a shorter one does not, and bytes behind all
// that could be read change nothing that was found before them.
#include <cassert>

#include "shield/keyword/asn1/ber_walk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  using namespace bansoko::keyword::asn1;
  const Bytes bytes(data, size);
  const bool none = has_fault(bytes, {});
  const bool bits = has_fault(bytes, {.bitstring = true});
  const bool real = has_fault(bytes, {.real = true});
  const bool short_bound = has_fault(bytes, {.longer_than = 16});
  const bool long_bound = has_fault(bytes, {.longer_than = 64});
  const bool all = has_fault(bytes, {.bitstring = true, .real = true, .longer_than = 16});
  assert(!none);
  assert(!long_bound || short_bound);
  assert(all == (bits || real || short_bound));
  return 0;
}
