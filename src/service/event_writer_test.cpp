// SPDX-License-Identifier: Apache-2.0
#include "service/event_writer.h"

#include <filesystem>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace bansoko::service {
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
  EventWriter writer(settings_, "shield", log_);
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
  EventWriter writer(settings_, "shield", log_);
  writer.maintain();
  for (int i = 0; i < 3; ++i) writer.write({});
  EXPECT_EQ(writer.lost(), 3U);
  const std::string said = said_.str();
  const std::size_t first = said.find("events are being lost");
  ASSERT_NE(first, std::string::npos) << said;
  EXPECT_EQ(said.find("events are being lost", first + 1), std::string::npos) << said;
}

TEST_F(Writer, SecondWriterLosesItsEvents) {
  EventWriter first(settings_, "shield", log_);
  first.write({});
  EventWriter second(settings_, "shield", log_);
  second.write({});
  EXPECT_EQ(first.lost(), 0U);
  EXPECT_EQ(second.lost(), 1U);
}

TEST_F(Writer, SaysHowManyAreMissingWhenItHasRecovered) {
  settings_.segment_bytes = 64U << 10U;
  EventWriter writer(settings_, "shield", log_);
  writer.write({});
  EXPECT_FALSE(writer.is_failing());
  // A file of events that is a folder: the next cannot be begun.
  const std::string next = settings_.directory + "/shield-00000000000000000002.jsonl";
  std::filesystem::create_directories(next + "/in the way");
  event::Event large;
  large.message = std::string(65U << 10U, 'x');
  writer.write(large);
  writer.write(large);
  EXPECT_TRUE(writer.is_failing());
  EXPECT_NE(writer.fault(), "");
  EXPECT_EQ(writer.lost(), 2U);
  std::filesystem::remove_all(next);
  writer.maintain();
  EXPECT_FALSE(writer.is_failing());
  EXPECT_EQ(writer.fault(), "");
  EXPECT_NE(said_.str().find("2 events were lost"), std::string::npos) << said_.str();
}

}  // namespace
}  // namespace bansoko::service
