// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "shield/flow/conversation.h"

namespace bansoko::flow {
namespace {

TEST(Delivered, IsWhatIsStillHeld) {
  Conversation talk({.history = 4});
  const auto held = [&] {
    const StreamChunk chunk = talk.tracker.delivered(talk.flow, Side::client);
    EXPECT_TRUE(chunk.bytes().empty());
    EXPECT_EQ(chunk.history, chunk.window.size());
    return std::to_string(chunk.offset) + ":" + std::string(as_text(chunk.window));
  };
  EXPECT_EQ(held(), "0:");
  talk.open();
  EXPECT_EQ(held(), "0:");
  talk.send(c(0, "abc"));
  EXPECT_EQ(held(), "3:abc");
  talk.send(c(5, "later"));
  EXPECT_EQ(held(), "3:abc");
  talk.send(c(3, "de"));
  EXPECT_EQ(held(), "10:abcdelater");
  talk.tracker.stop(talk.flow, Side::client);
  EXPECT_EQ(held(), "10:");
}

}  // namespace
}  // namespace bansoko::flow
