// SPDX-License-Identifier: Apache-2.0
#include "event/spool.h"

#include <csignal>
#include <filesystem>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "event/spool_segment.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::event {
namespace {

using std::chrono::days;
using std::chrono::system_clock;

class Spool : public testing::Test {
 protected:
  Spool() { settings_.directory = folder_ / "spool"; }

  SpoolWriter writer() {
    auto opened = SpoolWriter::open(settings_, "shield");
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  SpoolReader reader(std::uint64_t cursor) {
    auto opened = SpoolReader::open(settings_.directory, "shield", cursor);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  void fill(SpoolWriter& writer, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t i = from; i <= to; ++i) ASSERT_EQ(writer.append(record(i)).value(), i);
  }
  static std::string record(std::uint64_t number) { return fmt::format(R"({{"n":{}}})", number); }

  /// The sequence numbers of what comes now; each record must be the one of that number.
  static std::vector<std::uint64_t> read_all(SpoolReader& reader) {
    std::vector<std::uint64_t> numbers;
    for (;;) {
      const auto got = reader.next();
      if (!got) throw std::runtime_error(got.error().message);
      if (!*got) return numbers;
      EXPECT_EQ((*got)->line, record((*got)->sequence));
      numbers.push_back((*got)->sequence);
    }
  }
  static std::vector<std::uint64_t> numbers(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> all;
    for (std::uint64_t i = from; i <= to; ++i) all.push_back(i);
    return all;
  }
  std::string path_of(std::uint64_t first) const {
    return segment_path(settings_.directory, "shield", first);
  }
  void add_bytes(std::uint64_t first, std::string_view bytes) const {
    std::ofstream(path_of(first), std::ios::app | std::ios::binary) << bytes;
  }
  std::size_t segments() const { return list_segments(settings_.directory, "shield").value().size(); }

  TemporaryFolder folder_;
  SpoolSettings settings_;
};

TEST_F(Spool, KeepsWhatWasAppendedWithVersionAndRights) {
  auto spool = writer();
  fill(spool, 1, 2);
  ASSERT_TRUE(spool.sync());
  const std::string text = contents_of(path_of(1));
  EXPECT_TRUE(text.starts_with(R"({"bansoko_spool":1,"first_sequence":1,"begun":)")) << text;
  EXPECT_TRUE(text.ends_with("}\n{\"n\":1}\n{\"n\":2}\n")) << text;
  struct stat status {};
  ASSERT_EQ(::stat(path_of(1).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
  ASSERT_EQ(::stat(settings_.directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0750U);
}

TEST_F(Spool, RefusesWhatIsNoRecord) {
  auto spool = writer();
  for (const std::string& bad : {std::string(), std::string("a\nb"), std::string("a\x18"),
                                 std::string("\0", 1), std::string(kMaxRecord + 1, 'x')})
    EXPECT_EQ(spool.append(bad).error().code, Errc::invalid);
  EXPECT_EQ(spool.append(std::string(kMaxRecord, 'x')).value(), 1u);
  auto from = reader(1);
  EXPECT_EQ(from.next()->value().line.size(), kMaxRecord);
}

TEST_F(Spool, ASecondWriterIsRefusedUntilTheFirstIsGone) {
  {
    const auto first = writer();
    const auto second = SpoolWriter::open(settings_, "shield");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message,
              settings_.directory + "/shield.lock is held: another shield writes to this spool");
    EXPECT_TRUE(SpoolWriter::open(settings_, "lockdown"));
  }
  EXPECT_TRUE(SpoolWriter::open(settings_, "shield"));
}

TEST_F(Spool, ANewWriterGoesOnWhereTheLastEnded) {
  for (std::uint64_t i = 1; i <= 3; ++i) {
    auto spool = writer();
    fill(spool, i, i);
  }
  EXPECT_EQ(segments(), 1u);
  auto from = reader(1);
  EXPECT_EQ(read_all(from), numbers(1, 3));
}

struct CutCase {
  std::string_view name;
  std::string_view tail;  // what a killed writer left after record 2
};

class SpoolCut : public Spool, public testing::WithParamInterface<CutCase> {};

TEST_P(SpoolCut, IsNeverDeliveredAndTakesNoNumber) {
  {
    auto spool = writer();
    fill(spool, 1, 2);
  }
  auto from = reader(1);
  EXPECT_EQ(read_all(from), numbers(1, 2));
  add_bytes(1, GetParam().tail);
  EXPECT_EQ(read_all(from), numbers(1, 0));
  auto spool = writer();
  EXPECT_EQ(read_all(from), numbers(1, 0));
  fill(spool, 3, 4);
  EXPECT_EQ(read_all(from), numbers(3, 4));
  auto again = reader(1);
  EXPECT_EQ(read_all(again), numbers(1, 4));
  EXPECT_EQ(again.skipped(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Event, SpoolCut,
                         testing::Values(CutCase{"Nothing", ""}, CutCase{"OneByte", "{"},
                                         CutCase{"InTheMiddle", R"({"n":)"},
                                         CutCase{"OnlyTheNewline", R"({"n":3})"},
                                         CutCase{"CutWhileCompleting", "{\"n\x18"}),
                         by_name);

TEST_F(Spool, ALineIsDeliveredOnlyWhenItIsWhole) {
  auto spool = writer();
  auto from = reader(1);
  for (const char c : record(1)) {
    add_bytes(1, std::string_view(&c, 1));
    ASSERT_EQ(read_all(from), numbers(1, 0));
  }
  add_bytes(1, "\n");
  EXPECT_EQ(read_all(from), numbers(1, 1));
}

TEST_F(Spool, ReadersResumeByCursorAcrossSegments) {
  settings_.segment_bytes = 100;
  auto spool = writer();
  auto steady = reader(1);
  std::vector<std::uint64_t> seen;
  for (std::uint64_t i = 1; i <= 50; ++i) {
    fill(spool, i, i);
    for (const std::uint64_t number : read_all(steady)) seen.push_back(number);
  }
  EXPECT_EQ(seen, numbers(1, 50));
  EXPECT_GT(segments(), 5u);
  for (std::uint64_t cursor = 1; cursor <= 51; ++cursor) {
    auto resumed = reader(cursor);
    EXPECT_EQ(read_all(resumed), numbers(cursor, 50));
    EXPECT_EQ(resumed.cursor(), 51u);
    EXPECT_EQ(resumed.skipped(), 0u);
  }
}

TEST_F(Spool, AReaderMayComeBeforeTheWriter) {
  std::filesystem::create_directories(settings_.directory);
  auto early = reader(1);
  EXPECT_EQ(read_all(early), numbers(1, 0));
  auto spool = writer();
  fill(spool, 1, 1);
  EXPECT_EQ(read_all(early), numbers(1, 1));
}

TEST_F(Spool, TheSizeAllowedHoldsWithoutTrim) {
  settings_.segment_bytes = 200;
  settings_.max_bytes = 600;
  auto spool = writer();
  fill(spool, 1, 500);
  std::uint64_t total = 0;
  const auto kept = list_segments(settings_.directory, "shield").value();
  for (const Segment& segment : kept) total += std::filesystem::file_size(segment.path);
  EXPECT_LE(total, 800u);
  const std::uint64_t oldest = kept.front().first;
  EXPECT_EQ(spool.trim(system_clock::now()).value(), oldest - 1);
  EXPECT_EQ(spool.trim(system_clock::now()).value(), 0u);

  auto behind = reader(1);
  EXPECT_EQ(read_all(behind), numbers(oldest, 500));
  EXPECT_EQ(behind.skipped(), oldest - 1);
}

TEST_F(Spool, AReaderKeepsTheSegmentItReadsWhenThatIsTrimmed) {
  settings_.segment_bytes = 200;
  settings_.max_bytes = 250;
  auto spool = writer();
  fill(spool, 1, 3);
  auto slow = reader(1);
  EXPECT_EQ(slow.next()->value().sequence, 1u);
  fill(spool, 4, 300);
  EXPECT_FALSE(std::filesystem::exists(path_of(1)));
  EXPECT_EQ(slow.next()->value().sequence, 2u);
  const auto rest = read_all(slow);
  EXPECT_EQ(rest.back(), 300u);
  EXPECT_EQ(rest.size() + 2 + slow.skipped(), 300u);
}

TEST_F(Spool, WhatIsTooOldGoesEvenFromTheCurrentSegment) {
  auto spool = writer();
  fill(spool, 1, 5);
  EXPECT_EQ(spool.trim(system_clock::now() + days(2)).value(), 0u);
  EXPECT_EQ(segments(), 2u);  // a day is over: what comes next stands in a segment of its own
  EXPECT_EQ(spool.trim(system_clock::now() + days(settings_.max_days - 1)).value(), 0u);
  EXPECT_EQ(spool.trim(system_clock::now() + days(settings_.max_days + 1)).value(), 5u);
  EXPECT_EQ(segments(), 1u);
  fill(spool, 6, 6);
  auto behind = reader(3);
  EXPECT_EQ(read_all(behind), numbers(6, 6));
  EXPECT_EQ(behind.skipped(), 3u);
}

TEST_F(Spool, SequenceNumbersSurviveWhenAllRecordsWereTrimmed) {
  {
    auto spool = writer();
    fill(spool, 1, 5);
    EXPECT_EQ(spool.trim(system_clock::now() + days(1000)).value(), 5u);
  }
  auto spool = writer();
  fill(spool, 6, 6);
}

TEST_F(Spool, ASpoolRemovedByHandBeginsAgainAtTheNextTrim) {
  auto spool = writer();
  fill(spool, 1, 2);
  std::filesystem::remove(path_of(1));
  ASSERT_TRUE(spool.trim(system_clock::now()));
  fill(spool, 3, 3);
  auto from = reader(3);
  EXPECT_EQ(read_all(from), numbers(3, 3));
}

TEST_F(Spool, ACursorBeyondTheEndStartsAfresh) {
  auto spool = writer();
  fill(spool, 1, 2);
  auto at_end = reader(3);
  EXPECT_EQ(read_all(at_end), numbers(1, 0));
  auto beyond = reader(4);
  EXPECT_EQ(read_all(beyond), numbers(1, 2));
}

TEST_F(Spool, AnOverlongLineIsSkippedAndCounted) {
  auto spool = writer();
  fill(spool, 1, 1);
  add_bytes(1, std::string(3 * kMaxRecord, 'x') + '\n');
  add_bytes(1, std::string(kMaxRecord + 1, 'x') + '\n');
  add_bytes(1, record(4) + '\n');
  auto from = reader(1);
  EXPECT_EQ(read_all(from), (std::vector<std::uint64_t>{1, 4}));
  EXPECT_EQ(from.skipped(), 2u);
}

struct HeaderCase {
  std::string_view name;
  std::string_view header;
  bool writer_goes_on;
};

class SpoolHeader : public Spool, public testing::WithParamInterface<HeaderCase> {};

TEST_P(SpoolHeader, ThatIsForeign) {
  std::filesystem::create_directories(settings_.directory);
  put_file(path_of(7), GetParam().header);
  auto from = reader(1);
  EXPECT_FALSE(from.next());
  auto spool = SpoolWriter::open(settings_, "shield");
  ASSERT_EQ(spool.has_value(), GetParam().writer_goes_on);
  if (!spool) return;
  EXPECT_EQ(spool->append(record(7)).value(), 7u);
  EXPECT_EQ(read_all(from), numbers(7, 7));
  EXPECT_EQ(contents_of(path_of(7) + ".damaged"), GetParam().header);
}

INSTANTIATE_TEST_SUITE_P(
    Event, SpoolHeader,
    testing::Values(HeaderCase{"Empty", "", true}, HeaderCase{"CutShort", R"({"bansoko_spool":1,"fir)", true},
                    HeaderCase{"OtherNumber", "{\"bansoko_spool\":1,\"first_sequence\":8,\"begun\":0}\n",
                               true},
                    HeaderCase{"Newer", "{\"bansoko_spool\":2,\"first_sequence\":7,\"begun\":0}\n", false}),
    by_name);

TEST_F(Spool, ADamagedSegmentInTheMiddleIsPassedOver) {
  settings_.segment_bytes = 100;
  auto spool = writer();
  fill(spool, 1, 20);
  const auto all = list_segments(settings_.directory, "shield").value();
  ASSERT_GE(all.size(), 3u);
  put_file(all[1].path, "garbage\n");
  auto from = reader(1);
  const auto seen = read_all(from);
  EXPECT_EQ(from.skipped(), all[2].first - all[1].first);
  EXPECT_EQ(seen.size() + from.skipped(), 20u);
}

/// A limit on the size of files stands for the full disk: write(2) takes a part, then nothing.
TEST_F(Spool, AFullDiskLosesOnlyWhatWasRefused) {
  auto spool = writer();
  fill(spool, 1, 1);
  const auto full = std::filesystem::file_size(path_of(1)) + 5;
  auto* const before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit tight{full, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const auto partly = spool.append(record(2));
  const auto not_at_all = spool.append(record(2));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, before);

  ASSERT_FALSE(partly);
  EXPECT_EQ(partly.error().code, Errc::limit);
  ASSERT_FALSE(not_at_all);
  EXPECT_EQ(not_at_all.error().code, Errc::limit);
  EXPECT_EQ(std::filesystem::file_size(path_of(1)), full);
  fill(spool, 2, 3);
  auto from = reader(1);
  EXPECT_EQ(read_all(from), numbers(1, 3));
}

TEST_F(Spool, ReadsWhileAnotherThreadWritesRollsAndTrims) {
  settings_.segment_bytes = 4096;
  settings_.max_bytes = 16384;
  auto spool = writer();
  auto from = reader(1);
  constexpr std::uint64_t kRecords = 20000;
  std::thread writing([&] {
    for (std::uint64_t i = 1; i <= kRecords; ++i)
      if (!spool.append(record(i))) return;
  });
  std::uint64_t seen = 0;
  while (from.cursor() <= kRecords) {
    const auto got = from.next();
    ASSERT_TRUE(got) << got.error().message;
    if (!*got) continue;
    ASSERT_EQ((*got)->line, record((*got)->sequence));
    ++seen;
  }
  writing.join();
  EXPECT_EQ(seen + from.skipped(), kRecords);
}

}  // namespace
}  // namespace bansoko::event
