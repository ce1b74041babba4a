// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/exchange.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace bansoko::approved {
namespace {

class ExchangedList : public testing::Test {
 protected:
  TemporaryFolder folder_;
  SigningKey key_ = *SigningKey::make(folder_ / "key.pem");
  std::vector<PublicKey> accepted_{key_.public_key()};
  std::string bytes_ = *exchange_bytes({.host = "mill-1", .by = "root", .note = "n", .exported = 5},
                                       *List::make({.generation = 4}, {{.digest = {1}, .path = "/a"}}), key_);
};

TEST_F(ExchangedList, ComesBack) {
  const auto read = read_exchange(as_bytes(bytes_), accepted_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->manifest.host, "mill-1");
  EXPECT_EQ(read->manifest.exported, 5);
  EXPECT_EQ(read->manifest.generation, 4U);
  EXPECT_EQ(read->key, key_.public_key());
  EXPECT_EQ(read->list->at(0).path, "/a");
}

TEST_F(ExchangedList, AnUnknownKeyIsRefusedByItsFingerprint) {
  const auto read = read_exchange(as_bytes(bytes_), {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::denied);
  EXPECT_NE(read.error().message.find(fingerprint_of(key_.public_key())), std::string::npos);
}

TEST_F(ExchangedList, EveryBitCounts) {
  for (std::size_t at = 0; at < bytes_.size(); ++at) {
    std::string damaged = bytes_;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_FALSE(read_exchange(as_bytes(damaged), accepted_)) << at;
  }
}

TEST_F(ExchangedList, CutAnywhereIsRefused) {
  for (std::size_t size = 0; size < bytes_.size(); ++size) {
    const std::string_view cut = std::string_view(bytes_).substr(0, size);
    EXPECT_FALSE(read_exchange(as_bytes(cut), accepted_)) << size;
    EXPECT_EQ(read_unsigned(as_bytes(cut)).has_value(), size == bytes_.size() - 64) << size;
  }
}

TEST_F(ExchangedList, KeysThatWereAcceptedAreThoseOfTheFolder) {
  namespace fs = std::filesystem;
  std::vector<std::string> refused;
  EXPECT_TRUE(read_accepted_keys(folder_ / "none", refused)->empty());
  const std::string keys = folder_ / "keys.d";
  fs::create_directory(keys);
  put_file(keys + "/good.pub", to_pem(key_.public_key()));
  put_file(keys + "/not-a-key.pub", "x");
  put_file(keys + "/open.pub", to_pem(key_.public_key()));
  put_file(keys + "/ignored.txt", "x");
  fs::permissions(keys + "/good.pub", fs::perms(0644));
  fs::permissions(keys + "/open.pub", fs::perms(0666));
  EXPECT_EQ(*read_accepted_keys(keys, refused), accepted_);
  ASSERT_EQ(refused.size(), 2U);
  EXPECT_NE(refused[0].find("not-a-key.pub"), std::string::npos);
  EXPECT_NE(refused[1].find("others than its owner may write it"), std::string::npos);
}

}  // namespace
}  // namespace bansoko::approved
