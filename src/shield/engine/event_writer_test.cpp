// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/event_writer.h"

#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace bansoko::engine {
namespace {

class Writer : public testing::Test {
 protected:
  Writer() { settings_.directory = folder_ / "spool"; }

  TemporaryFolder folder_;
  event::SpoolSettings settings_;
  std::ostringstream said_;
  log::Logger log_{log::Level::info, log::Form::terminal, said_};
};

TEST_F(Writer, WritesWhatReadersFind) {
  EventWriter writer(settings_, log_);
  event::Event event;
  event.type = "engine";
  event.id = "first";
  writer.write(event);
  event.id = "second";
  writer.write(event);
  writer.maintain();
  auto reader = event::SpoolReader::open(settings_.directory, "shield", 0);
  ASSERT_TRUE(reader) << reader.error().message;
  for (const std::string_view id : {"first", "second"}) {
    const auto record = reader->next();
    ASSERT_TRUE(record && *record);
    EXPECT_EQ(event::from_json((*record)->line)->id, id);
  }
  EXPECT_FALSE(*reader->next());
  EXPECT_EQ(writer.lost(), 0U);
}

TEST_F(Writer, FolderThatCannotBeUsedCostsEventsAndOneComplaint) {
  put_file(settings_.directory, "a file in the way");
  EventWriter writer(settings_, log_);
  writer.maintain();
  for (int i = 0; i < 3; ++i) writer.write({});
  EXPECT_EQ(writer.lost(), 3U);
  const std::string said = said_.str();
  const std::size_t first = said.find("events are being lost");
  ASSERT_NE(first, std::string::npos) << said;
  EXPECT_EQ(said.find("events are being lost", first + 1), std::string::npos) << said;
}

TEST_F(Writer, SecondWriterLosesItsEvents) {
  EventWriter first(settings_, log_);
  first.write({});
  EventWriter second(settings_, log_);
  second.write({});
  EXPECT_EQ(first.lost(), 0U);
  EXPECT_EQ(second.lost(), 1U);
}

}  // namespace
}  // namespace bansoko::engine
