// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/machine_code_queue.h"

#include <thread>

#include <gtest/gtest.h>

namespace bansoko::pattern {
namespace {

std::shared_ptr<Regex> read(std::string_view expression) {
  auto regex = Regex::read(expression, {});
  EXPECT_TRUE(regex);
  return std::make_shared<Regex>(std::move(*regex));
}

TEST(MachineCodeQueue, EndsWhenItIsClosedAndEmpty) {
  MachineCodeQueue queue;
  queue.add(read("a+b"));
  queue.close();
  queue.work();
}

TEST(MachineCodeQueue, WhatAnotherThreadAddsIsFoundAsBefore) {
  constexpr std::string_view kText = "xx aaab";
  std::vector<std::shared_ptr<Regex>> added;
  Regex::Workspace workspace;
  {
    MachineCodeQueue queue;
    const std::jthread maker([&queue] { queue.work(); });
    for (int i = 0; i < 300; ++i) {
      added.push_back(read("a{" + std::to_string(i % 5 + 1) + "}b"));
      const auto before = added.back()->search(as_bytes(kText), 0, workspace);
      EXPECT_EQ(before.outcome == Regex::Outcome::found, i % 5 < 3);
      queue.add(added.back());
    }
    queue.close();
  }
  for (std::size_t i = 0; i < added.size(); ++i)
    EXPECT_EQ(added[i]->search(as_bytes(kText), 0, workspace).outcome == Regex::Outcome::found, i % 5 < 3);
}

}  // namespace
}  // namespace bansoko::pattern
