// SPDX-License-Identifier: Apache-2.0
#include "event/evidence.h"

#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::event {
namespace {

using std::chrono::days;
using std::chrono::nanoseconds;
using std::chrono::system_clock;

constexpr nanoseconds kTime{1'795'315'620'123'456'789};

std::string pad(std::string bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

struct PacketCase {
  std::string_view name;
  std::string bytes;
  std::uint32_t wire_size;
  std::string comment;
};

class Pcapng : public testing::TestWithParam<PacketCase> {};

TEST_P(Pcapng, ReadsBack) {
  const auto& want = GetParam();
  const TemporaryFolder folder;
  auto writer = PcapngWriter::create(folder / "x.pcapng", Link::raw_ip, "eth0");
  ASSERT_TRUE(writer);
  const std::uint64_t head = writer->size();
  const CapturedPacket packet{as_bytes(want.bytes), kTime, want.wire_size, want.comment};
  ASSERT_TRUE(writer->add(packet));
  EXPECT_EQ(writer->size(), head + pcapng_size(packet));

  const std::string file = contents_of(folder / "x.pcapng");
  ASSERT_EQ(file.size(), writer->size());
  ByteReader in(as_bytes(file));
  EXPECT_EQ(in.u32le(), 0x0a0d0d0au);
  EXPECT_EQ(in.u32le(), 28u);
  EXPECT_EQ(in.u32le(), 0x1a2b3c4du);
  EXPECT_EQ(in.u32le(), 1u);
  EXPECT_EQ(in.u64le(), ~std::uint64_t{0});
  EXPECT_EQ(in.u32le(), 28u);
  EXPECT_EQ(in.u32le(), 1u);
  EXPECT_EQ(in.u32le(), 40u);
  EXPECT_EQ(in.u32le(), 101u);
  EXPECT_EQ(in.u32le(), 0u);
  EXPECT_EQ(as_text(in.take(20)), std::string_view("\2\0\4\0eth0\x9\0\1\0\x9\0\0\0\0\0\0\0", 20));
  EXPECT_EQ(in.u32le(), 40u);
  EXPECT_EQ(in.u32le(), 6u);
  EXPECT_EQ(in.u32le(), pcapng_size(packet));
  EXPECT_EQ(in.u32le(), 0u);
  const std::uint64_t high = in.u32le();
  EXPECT_EQ(high << 32U | in.u32le(), static_cast<std::uint64_t>(kTime.count()));
  EXPECT_EQ(in.u32le(), want.bytes.size());
  EXPECT_EQ(in.u32le(), std::max<std::size_t>(want.bytes.size(), want.wire_size));
  EXPECT_EQ(as_text(in.take(pad(want.bytes).size())), pad(want.bytes));
  if (!want.comment.empty()) {
    EXPECT_EQ(in.u16le(), 1u);
    EXPECT_EQ(in.u16le(), want.comment.size());
    EXPECT_EQ(as_text(in.take(pad(want.comment).size())), pad(want.comment));
    EXPECT_EQ(in.u32le(), 0u);
  }
  EXPECT_EQ(in.u32le(), pcapng_size(packet));
  EXPECT_TRUE(in.ok());
  EXPECT_TRUE(in.rest().empty());
}

INSTANTIATE_TEST_SUITE_P(Event, Pcapng,
                         testing::Values(PacketCase{"Empty", "", 0, ""}, PacketCase{"One", "a", 0, ""},
                                         PacketCase{"Four", "abcd", 0, ""},
                                         PacketCase{"Cut", "abc", 1500, ""},
                                         PacketCase{"Comment", "abcde", 0, "sid 1"},
                                         PacketCase{"PaddedComment", "abcd", 0, "five."},
                                         PacketCase{"LongestComment", "a", 0, std::string(0xfffc, 'c')}),
                         by_name);

TEST(Pcapng, AnOverlongCommentIsCut) {
  const TemporaryFolder folder;
  auto writer = PcapngWriter::create(folder / "x", Link::ethernet, "");
  ASSERT_TRUE(writer);
  const std::string comment(100000, 'c');
  const std::uint64_t head = writer->size();
  const CapturedPacket packet{.bytes = {}, .arrived = kTime, .wire_size = 0, .comment = comment};
  ASSERT_TRUE(writer->add(packet));
  EXPECT_EQ(writer->size() - head, pcapng_size(packet));
  EXPECT_EQ(std::filesystem::file_size(folder / "x"), writer->size());
}

class Evidence : public testing::Test {
 protected:
  Evidence() { settings_.directory = folder_ / "evidence"; }
  EvidenceStore store() {
    auto opened = EvidenceStore::open(settings_);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  std::string path_of(std::string_view id) const {
    return settings_.directory + "/" + std::string(id) + ".pcapng";
  }
  bool exists(std::string_view id) const { return std::filesystem::exists(path_of(id)); }
  void set_age(std::string_view id, system_clock::time_point changed) const {
    const timespec time{system_clock::to_time_t(changed), 0};
    const std::array<timespec, 2> times{time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, path_of(id).c_str(), times.data(), 0), 0);
  }
  static CapturedPacket packet(const std::string& bytes) {
    return {.bytes = as_bytes(bytes), .arrived = kTime, .wire_size = 0, .comment = {}};
  }

  TemporaryFolder folder_;
  EvidenceSettings settings_;
};

TEST_F(Evidence, IsForNobodyElse) {
  auto kept = store();
  const auto file = kept.begin("a-1", Link::raw_ip, "eth0");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->name(), "a-1.pcapng");
  struct stat status {};
  ASSERT_EQ(::stat(path_of("a-1").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  ASSERT_EQ(::stat(settings_.directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0700U);
}

TEST_F(Evidence, RefusesNamesThatLeadElsewhere) {
  auto kept = store();
  for (const std::string& id : {std::string(), std::string("../x"), std::string("a/b"), std::string("a.b"),
                                std::string("a\0b", 3), std::string(65, 'a')})
    EXPECT_EQ(kept.begin(id, Link::raw_ip, "").error().code, Errc::invalid) << id;
  EXPECT_TRUE(kept.begin(std::string(64, 'a'), Link::raw_ip, ""));
  EXPECT_FALSE(kept.begin(std::string(64, 'a'), Link::raw_ip, ""));
  EXPECT_EQ(kept.counters().refused_files.value(), 1u);
}

TEST_F(Evidence, KeepsAsManyPacketsAsAllowed) {
  settings_.max_packets = 2;
  auto kept = store();
  auto file = kept.begin("a", Link::raw_ip, "");
  const std::string bytes(100, 'x');
  EXPECT_TRUE(file->add(packet(bytes)).value());
  EXPECT_TRUE(file->add(packet(bytes)).value());
  EXPECT_FALSE(file->add(packet(bytes)).value());
  EXPECT_EQ(kept.counters().packets.value(), 2u);
  EXPECT_EQ(kept.counters().refused_packets.value(), 1u);
}

TEST_F(Evidence, KeepsAsManyBytesAsAllowed) {
  settings_.max_file_bytes = 1000;
  auto kept = store();
  auto file = kept.begin("a", Link::raw_ip, "");
  const std::uint64_t room = 1000 - std::filesystem::file_size(path_of("a"));
  const std::string too_much(room - 32 + 1, 'x');
  const std::string just_enough(room - 32, 'x');
  EXPECT_FALSE(file->add(packet(too_much)).value());
  EXPECT_TRUE(file->add(packet(just_enough)).value());
  EXPECT_EQ(std::filesystem::file_size(path_of("a")), 1000u);
}

TEST_F(Evidence, TheOldestMakesRoom) {
  settings_.max_file_bytes = 4096;
  settings_.max_bytes = std::uint64_t{3} * 4096;
  auto kept = store();
  const auto now = system_clock::now();
  for (const std::string_view id : {"c", "b", "a"}) ASSERT_TRUE(kept.begin(id, Link::raw_ip, ""));
  set_age("c", now - std::chrono::hours(3));
  set_age("b", now - std::chrono::hours(2));
  EXPECT_EQ(kept.counters().bytes.value(), settings_.max_bytes);
  ASSERT_TRUE(kept.begin("d", Link::raw_ip, ""));
  EXPECT_FALSE(exists("c"));
  EXPECT_TRUE(exists("b"));
  EXPECT_EQ(kept.counters().removed_files.value(), 1u);
  EXPECT_EQ(kept.counters().bytes.value(), settings_.max_bytes);
}

TEST_F(Evidence, WhatIsTooOldGoes) {
  auto kept = store();
  const auto now = system_clock::now();
  for (const std::string_view id : {"old", "new"}) ASSERT_TRUE(kept.begin(id, Link::raw_ip, ""));
  set_age("old", now - days(settings_.max_days + 1));
  set_age("new", now - days(settings_.max_days - 1));
  put_file(settings_.directory + "/not-ours.txt", "x");
  EXPECT_EQ(kept.trim(now).value(), 1u);
  EXPECT_FALSE(exists("old"));
  EXPECT_TRUE(exists("new"));
  EXPECT_TRUE(std::filesystem::exists(settings_.directory + "/not-ours.txt"));
}

TEST_F(Evidence, AStoreOpenedAgainCountsWhatIsThere) {
  {
    auto kept = store();
    ASSERT_TRUE(kept.begin("a", Link::raw_ip, ""));
  }
  EXPECT_EQ(store().counters().bytes.value(), 4096u);
}

TEST_F(Evidence, AFullDiskIsAnError) {
  auto kept = store();
  auto file = kept.begin("a", Link::raw_ip, "");
  auto* const before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit tight{100, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const std::string bytes(100, 'x');
  const auto cut = file->add(packet(bytes));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, before);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, Errc::limit);
  const auto later = file->add(packet(bytes));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().message, path_of("a") + " ends in the middle of a packet");
  EXPECT_EQ(kept.counters().refused_packets.value(), 2u);
}

}  // namespace
}  // namespace bansoko::event
