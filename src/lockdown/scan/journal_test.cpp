// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/journal.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "lockdown/scan/compiled.h"
#include "lockdown/scan/pacer.h"
#include "tests/temporary_folder.h"

namespace bansoko::scan {
namespace {

constexpr std::int64_t kLater = 10 * Journal::kSettled;

Reading reading_of(std::uint64_t inode, bool digested, bool md5) {
  Reading reading;
  reading.state = {.key = {.device = 1, .inode = inode},
                   .size = 7,
                   .modified = 3,
                   .changed = 4,
                   .mode = 0100755,
                   .owner = 9};
  reading.kind = identity::FileKind::script;
  reading.digested = digested;
  reading.content.sha256.fill(digested ? 0xab : 0);
  if (md5) reading.content.md5.emplace().fill(0xcd);
  return reading;
}

TEST(JournalRecord, ComesBackAsItWas) {
  for (const Reading& before :
       {reading_of(1, false, false), reading_of(2, true, false), reading_of(3, true, true)}) {
    const std::string record = to_record(before) + "rest";
    Bytes bytes = as_bytes(record);
    const auto after = take_record(bytes);
    ASSERT_TRUE(after);
    EXPECT_EQ(as_text(bytes), "rest");
    EXPECT_EQ(after->state, before.state);
    EXPECT_EQ(after->kind, before.kind);
    EXPECT_EQ(after->digested, before.digested);
    EXPECT_EQ(after->content.sha256, before.content.sha256);
    EXPECT_EQ(after->content.md5, before.content.md5);
  }
}

TEST(JournalRecord, CutOrChangedAnywhereIsNone) {
  const std::string record = to_record(reading_of(1, true, true));
  for (std::size_t i = 0; i < record.size(); ++i) {
    Bytes cut = as_bytes(record).first(i);
    EXPECT_FALSE(take_record(cut)) << i;
    std::string changed = record;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    Bytes bytes = as_bytes(changed);
    EXPECT_FALSE(take_record(bytes)) << i;
  }
}

TEST(Journal, KeepsWhatWasReadAndForgetsWhatChanged) {
  const TemporaryFolder folder;
  const Reading reading = reading_of(1, true, true);
  {
    auto journal = Journal::open(folder / "scan");
    ASSERT_TRUE(journal) << journal.error().message;
    EXPECT_EQ(journal->find(reading.state), nullptr);
    journal->add(reading, kLater);
    ASSERT_TRUE(journal->flush());
  }
  const auto journal = Journal::open(folder / "scan");
  ASSERT_TRUE(journal);
  ASSERT_NE(journal->find(reading.state), nullptr);
  EXPECT_TRUE(journal->faults().empty());
  identity::FileState state = reading.state;
  state.mode = 0100644;
  EXPECT_NE(journal->find(state), nullptr) << "rights are no content";
  for (std::int64_t* const sign : {&state.modified, &state.changed}) {
    ++*sign;
    EXPECT_EQ(journal->find(state), nullptr);
    --*sign;
  }
  ++state.size;
  EXPECT_EQ(journal->find(state), nullptr);
}

TEST(Journal, DoesNotKeepWhatChangedJustNow) {
  const TemporaryFolder folder;
  const Reading reading = reading_of(1, true, true);
  auto journal = Journal::open(folder / "scan");
  journal->add(reading, reading.state.changed + Journal::kSettled - 1);
  ASSERT_TRUE(journal->flush());
  EXPECT_EQ(std::filesystem::file_size(folder / "scan/journal"), 0u);
}

TEST(Journal, IsOneProcesss) {
  const TemporaryFolder folder;
  const auto first = Journal::open(folder / "scan");
  const auto second = Journal::open(folder / "scan");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::denied);
}

TEST(Journal, DamagedEndIsCutOffAndTold) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "scan");
  put_file(folder / "scan/journal",
           to_record(reading_of(1, true, false)) + to_record(reading_of(2, true, false)).substr(0, 40));
  {
    const auto journal = Journal::open(folder / "scan");
    ASSERT_TRUE(journal);
    ASSERT_EQ(journal->faults().size(), 1u);
    EXPECT_NE(journal->find(reading_of(1, true, false).state), nullptr);
  }
  EXPECT_TRUE(Journal::open(folder / "scan")->faults().empty());
}

TEST(Pacer, RestsSoThatTheShareHolds) {
  using namespace std::chrono_literals;
  EXPECT_EQ(rest_for(10ms, 100ms, 0.1), 0ns);
  EXPECT_EQ(rest_for(20ms, 100ms, 0.1), 100ms);
  EXPECT_EQ(rest_for(1s, 1s, 0.1), 2s) << "at most";
  EXPECT_EQ(rest_for(10ms, 97ms, 0.1), 0ns) << "too short to be worth it";
}

TEST(Bytecode, HasASource) {
  EXPECT_EQ(source_of_bytecode("/x/__pycache__/a.cpython-311.pyc"), "/x/a.py");
  EXPECT_EQ(source_of_bytecode("/x/__pycache__/a.cpython-311.opt-1.pyc"), "/x/a.py");
  for (const char* const path :
       {"/x/a.pyc", "/x/__pycache__/.pyc", "/x/__pycache__/a/b.pyc", "/x/__pycache__/a.py", ""})
    EXPECT_EQ(source_of_bytecode(path), "") << path;
}

TEST(Bytecode, NamesTimeAndSizeOfItsSource) {
  std::string head("\xa7\x0d\r\n\0\0\0\0\x10\0\0\0\x20\0\0\0", 16);
  EXPECT_TRUE(is_made_from(as_bytes(head), 0x20, 0x10));
  EXPECT_FALSE(is_made_from(as_bytes(head), 0x21, 0x10));
  EXPECT_FALSE(is_made_from(as_bytes(head), 0x20, 0x11));
  EXPECT_FALSE(is_made_from(as_bytes(head).first(15), 0x20, 0x10));
  head[4] = 1;
  EXPECT_FALSE(is_made_from(as_bytes(head), 0x20, 0x10)) << "it names a digest instead";
}

}  // namespace
}  // namespace bansoko::scan
