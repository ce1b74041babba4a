// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/evidence_keeper.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace bansoko::engine {
namespace {

class Keeper : public testing::Test {
 protected:
  EvidenceKeeper make(Payload payload = Payload::packets, std::optional<unsigned> files = std::nullopt) {
    EvidenceSettings settings;
    settings.payload = payload;
    settings.directory = directory_;
    settings.max_packets = 3;
    return {settings, files, [this](const Error& error) { complaints_.push_back(error.message); }};
  }

  void put(std::uint64_t record, std::size_t size = 40) {
    const KeptPacket packet{
        .evidence = key(record), .number = 1, .wire_size = static_cast<std::uint32_t>(size)};
    ASSERT_TRUE(ring_.put(packet, std::vector<std::uint8_t>(size, 0x45)));
  }

  static EvidenceKey key(std::uint64_t record) {
    return {.flow_id = 7, .record = record, .time = std::chrono::seconds(60), .any = true};
  }

  std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(directory_)) ++count;
    return count;
  }

  TemporaryFolder folder_;
  std::string directory_ = folder_ / "evidence";
  PacketRing ring_{1U << 18U};
  std::vector<std::string> complaints_;
};

TEST_F(Keeper, OneFileForEachEvent) {
  EvidenceKeeper keeper = make();
  put(1);
  put(2);
  put(1);
  keeper.write(ring_);
  EXPECT_EQ(files(), 2U);
  EXPECT_EQ(keeper.file_of(key(1)), "19700101-000100-7-1.pcapng");
  EXPECT_EQ(keeper.file_of(key(3)), "");
  EXPECT_EQ(keeper.file_of({}), "");
  const auto rights = std::filesystem::status(directory_ + "/" + keeper.file_of(key(1))).permissions();
  EXPECT_EQ(rights, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(keeper.lost(), 0U);
}

TEST_F(Keeper, MorePacketsThanAllowedAreNoFailure) {
  EvidenceKeeper keeper = make();
  for (int i = 0; i < 3; ++i) put(1);
  keeper.write(ring_);
  const std::string path = directory_ + "/" + keeper.file_of(key(1));
  const auto size = std::filesystem::file_size(path);
  put(1);
  keeper.write(ring_);
  EXPECT_EQ(std::filesystem::file_size(path), size);
  EXPECT_EQ(keeper.lost(), 0U);
  EXPECT_TRUE(complaints_.empty());
}

TEST_F(Keeper, ManyFilesAreNotAllHeldOpen) {
  EvidenceKeeper keeper = make();
  for (std::uint64_t i = 0; i < 200; ++i) put(i);
  keeper.write(ring_);
  EXPECT_EQ(files(), 200U);
  const auto open = std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  EXPECT_LT(open, 120);
}

TEST_F(Keeper, FloodBeginsNoMoreFilesThanAllowed) {
  EvidenceKeeper keeper = make(Payload::packets, 5);
  for (std::uint64_t i = 0; i < 8; ++i) put(i);
  put(1);  // goes on in a file that there is
  keeper.write(ring_);
  EXPECT_EQ(files(), 5U);
  EXPECT_EQ(keeper.lost(), 3U);
  EXPECT_EQ(keeper.file_of(key(7)), "");
}

TEST_F(Keeper, FolderThatCannotBeUsedIsCountedAndToldOnce) {
  put_file(directory_, "a file in the way");
  EvidenceKeeper keeper = make();
  EXPECT_FALSE(keeper.prepare());
  put(1);
  put(1);
  keeper.write(ring_);
  EXPECT_EQ(keeper.lost(), 2U);
  EXPECT_EQ(complaints_.size(), 1U);
  EXPECT_EQ(keeper.file_of(key(1)), "");
}

TEST_F(Keeper, MakesNoFolderUnlessAsked) {
  EvidenceKeeper keeper = make(Payload::matched_bytes);
  EXPECT_TRUE(keeper.prepare());
  keeper.maintain();
  EXPECT_FALSE(std::filesystem::exists(directory_));
}

TEST_F(Keeper, FileOfAnEarlierRunIsNotTouched) {
  std::filesystem::create_directory(directory_);
  const std::string path = directory_ + "/19700101-000100-7-1.pcapng";
  put_file(path, "before");
  EvidenceKeeper keeper = make();
  put(1);
  keeper.write(ring_);
  EXPECT_EQ(contents_of(path), "before");
  EXPECT_EQ(keeper.lost(), 1U);
  EXPECT_EQ(complaints_.size(), 1U);
}

TEST_F(Keeper, TriesAgainWithoutAPacket) {
  EvidenceKeeper keeper = make();
  put(1);
  keeper.write(ring_);
  EXPECT_EQ(keeper.fault(), "");
  std::filesystem::remove_all(directory_);
  put(2);
  keeper.write(ring_);
  EXPECT_NE(keeper.fault(), "");
  EXPECT_EQ(keeper.lost(), 1U);
  std::filesystem::create_directory(directory_);
  keeper.maintain();
  EXPECT_EQ(keeper.fault(), "");
  EXPECT_EQ(files(), 0U) << "the try leaves nothing behind";
}

}  // namespace
}  // namespace bansoko::engine
