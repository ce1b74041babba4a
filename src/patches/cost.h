// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/result.h"
#include "patches/library.h"

namespace bansoko::patches {

struct CostSettings {
  unsigned dialogues = 16;   // one after the other, timed as one
  unsigned rounds = 15;      // with the patch and without it by turns; the fastest of each counts
  bool near_misses = false;  // time these as well: traffic at the limits, which nobody sends by chance
};

/// What a patch adds to the inspection of traffic that it lets pass: processor time of one transaction, in
/// nanoseconds. A dialogue without transactions counts as one.
struct PatchCost {
  const TestCase* dialogue = nullptr;  // the one that costs most; null: none was timed
  double without = 0;                  // of that dialogue, with no rules
  double added = 0;                    // by the patch
};

/// Times the benign dialogues of patches in the engine, in mode enforce.
class CostBench {
 public:
  static Result<std::unique_ptr<CostBench>> open(const CostSettings& settings);
  ~CostBench();

  /// Fails where the rules of the patch cannot be compiled.
  Result<PatchCost> measure(const LibraryPatch& patch);

 private:
  struct State;
  explicit CostBench(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace bansoko::patches
