// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "patches/dialogue.h"
#include "patches/patch.h"

namespace bansoko::patches {

enum class TestKind : std::uint8_t {
  attack,  // must be found
  near,    // at the limit, and in order
  benign,  // what the same service is for
};
inline constexpr std::array kTestKinds{Choice<TestKind>{"attack", TestKind::attack},
                                       Choice<TestKind>{"near", TestKind::near},
                                       Choice<TestKind>{"benign", TestKind::benign}};

enum class Outcome : std::uint8_t { pass, alert, block };
inline constexpr std::array kOutcomes{Choice<Outcome>{"pass", Outcome::pass},
                                      Choice<Outcome>{"alert", Outcome::alert},
                                      Choice<Outcome>{"block", Outcome::block}};

/// Traffic, and what must become of it.
struct TestCase {
  std::string name = {};
  std::string file = {};  // where `expect` stands
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  TestKind kind = TestKind::attack;
  Outcome outcome = Outcome::pass;
  std::vector<std::uint32_t> sids = {};
  Port to = {};
  bool client_is_protected = false;
  std::uint32_t connections = 1;                // the whole dialogue so many times, from the same client
  std::chrono::nanoseconds every{100'000'000};  // from the begin of one to the begin of the next
  bool checks_protocol = true;                  // the patch's protocol must be recognised
  std::vector<Move> moves = {};
  std::string capture = {};  // a file instead of moves
};

inline constexpr std::uint32_t kMostConnections = 1000;

/// The cases of one file. `patch` says whose rules they are about.
std::vector<TestCase> read_cases(const std::string& path, const Patch& patch, const Templates& templates,
                                 Faults& faults);

}  // namespace bansoko::patches
