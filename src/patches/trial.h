// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "patches/library.h"

namespace bansoko::patches {

/// What was expected of a test and did not come about.
struct TrialFailure {
  std::string file = {};
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message = {};
};

/// "content/patches/x/tests/y.yaml:12:9: 'name': ...".
std::string to_text(const TrialFailure& failure);

struct TrialReport {
  std::uint64_t runs = 0;     // a dialogue in one packing and one mode
  std::uint64_t packets = 0;  // of them
  std::vector<TrialFailure> failures = {};
  std::chrono::nanoseconds spent{};
};

struct TrialSettings {
  std::size_t most_splits = 128;  // places at which messages of one dialogue are split
  std::size_t most_failures = 3;  // of one test; the rest of its runs are left out
};

/// Leads tests through the engine, as a replay would, in mode enforce and in mode observe.
class TrialBench {
 public:
  /// The library must outlive the bench. Fails where the rules of all patches together cannot be compiled.
  static Result<std::unique_ptr<TrialBench>> open(const Library& library, const TrialSettings& settings,
                                                  Faults& faults);
  ~TrialBench();

  /// Every test of one patch. Its attacks and near misses meet its own rules alone, benign dialogues those of
  /// the whole library as well. Fails where its rules cannot be compiled.
  Result<TrialReport> run(const LibraryPatch& patch);

 private:
  struct State;
  explicit TrialBench(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace bansoko::patches
