// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/store.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/unique_fd.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::approved {
namespace {

Entry entry(std::uint8_t digest, std::string_view path) { return {.digest = {digest}, .path = path}; }

/// "generation: paths".
std::string shown(const Result<std::shared_ptr<const List>>& list) {
  if (!list) return list.error().message;
  std::string text = fmt::format("{}:", (*list)->head().generation);
  for (std::size_t i = 0; i < (*list)->size(); ++i) text += " " + std::string((*list)->at_by_path(i).path);
  return text;
}

class ApprovedStore : public testing::Test {
 protected:
  Store opened() const {
    auto store = Store::open(folder_ / "state");
    EXPECT_TRUE(store) << store.error().message;
    return *store;
  }
  std::string list_path(std::uint64_t generation) const {
    return fmt::format("{}/state/list/{:020}.list", folder_.path(), generation);
  }
  std::string loaded() const { return shown(opened().load(damaged_)); }

  TemporaryFolder folder_;
  mutable std::vector<std::string> damaged_;
};

TEST_F(ApprovedStore, HasNoneAtFirst) {
  const auto list = opened().load(damaged_);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, Errc::not_found);
  EXPECT_TRUE(damaged_.empty());
  namespace fs = std::filesystem;
  EXPECT_EQ(fs::status(folder_ / "state/key.pem").permissions(), fs::perms(0600));
  EXPECT_EQ(fs::status(folder_ / "state").permissions(), fs::perms(0700));
}

TEST_F(ApprovedStore, EachCommitIsAGeneration) {
  Store store = opened();
  ASSERT_TRUE(store.commit({.add = {entry(1, "/a"), entry(2, "/b"), entry(2, "/c")}, .reason = "scan"}));
  ASSERT_TRUE(store.commit({.add = {entry(3, "/d")}, .remove = {{2}}, .reason = "deny /b"}));
  EXPECT_EQ(loaded(), "2: /a /d");
  ASSERT_TRUE(store.commit({.add = {entry(9, "/a")}}));
  EXPECT_EQ(shown(store.load(damaged_)), "3: /a /d");
  ASSERT_TRUE(store.commit({.add = {entry(8, "/a")}, .supersede = false}));
  EXPECT_EQ(shown(store.load(damaged_)), "4: /a /a /d");
  ASSERT_TRUE(store.replace({entry(1, "/z")}, "scan"));
  EXPECT_EQ(loaded(), "5: /z");
  EXPECT_EQ((*store.load_generation(2))->head().reason, "deny /b");
  EXPECT_TRUE(damaged_.empty());
}

TEST_F(ApprovedStore, KeepsTheLastFew) {
  Store store = opened();
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(store.replace({}, "again"));
  EXPECT_EQ(*store.generations(), (std::vector<std::uint64_t>{8, 7, 6, 5, 4}));
}

TEST_F(ApprovedStore, RefusesWhatNoListMayHave) {
  Store store = opened();
  EXPECT_FALSE(store.commit({.add = {entry(1, "relative")}}));
  EXPECT_FALSE(store.replace({entry(1, "")}, "x"));
  EXPECT_TRUE(store.generations()->empty());
}

struct Damage {
  std::string_view name;
  void (*harm)(const std::string& newest, const std::string& older);
  std::string_view says;
};

class DamagedStore : public ApprovedStore, public testing::WithParamInterface<Damage> {};

TEST_P(DamagedStore, UsesTheLastGoodOneAndNamesTheOther) {
  Store store = opened();
  ASSERT_TRUE(store.replace({entry(1, "/a")}, "one"));
  ASSERT_TRUE(store.replace({entry(2, "/b")}, "two"));
  GetParam().harm(list_path(2), list_path(1));
  EXPECT_EQ(loaded(), "1: /a");
  ASSERT_EQ(damaged_.size(), 1U);
  EXPECT_NE(damaged_[0].find("0002.list"), std::string::npos) << damaged_[0];
  EXPECT_NE(damaged_[0].find(GetParam().says), std::string::npos) << damaged_[0];
  // What comes next does not take the number of what was harmed.
  EXPECT_EQ(shown(store.commit({.add = {entry(3, "/c")}})), "3: /a /c");
}

void flip(const std::string& path, std::size_t at) {
  std::string bytes = contents_of(path);
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  put_file(path, bytes);
}

INSTANTIATE_TEST_SUITE_P(
    Harms, DamagedStore,
    testing::Values(
        Damage{"Empty", [](const auto& newest, const auto&) { put_file(newest, ""); }, "cut short"},
        Damage{"CutByOne",
               [](const auto& newest, const auto&) {
                 std::filesystem::resize_file(newest, std::filesystem::file_size(newest) - 1);
               },
               "damaged"},
        Damage{"BitInHead", [](const auto& newest, const auto&) { flip(newest, 10); }, "damaged"},
        Damage{"BitInSignature",
               [](const auto& newest, const auto&) { flip(newest, std::filesystem::file_size(newest) - 1); },
               "damaged"},
        Damage{"Grown", [](const auto& newest, const auto&) { put_file(newest, contents_of(newest) + "x"); },
               "damaged"},
        Damage{"Older", [](const auto& newest, const auto& older) { put_file(newest, contents_of(older)); },
               "generation 1, put in the place of another"},
        Damage{"Gone", [](const auto& newest, const auto&) { std::filesystem::remove(newest); },
               "is gone, which was the newest"},
        Damage{"Folder",
               [](const auto& newest, const auto&) {
                 std::filesystem::remove(newest);
                 std::filesystem::create_directory(newest);
               },
               "not a regular file"}),
    by_name);

TEST_F(ApprovedStore, EveryBitOfAListCounts) {
  Store store = opened();
  ASSERT_TRUE(store.replace({entry(1, "/a")}, "one"));
  const std::string good = contents_of(list_path(1));
  for (std::size_t at = 0; at < good.size(); ++at) {
    flip(list_path(1), at);
    EXPECT_FALSE(store.load_generation(1)) << at;
    put_file(list_path(1), good);
  }
  EXPECT_TRUE(store.load_generation(1));
}

TEST_F(ApprovedStore, AForeignKeyCountsForNothing) {
  ASSERT_TRUE(opened().replace({entry(1, "/a")}, "one"));
  std::filesystem::remove(folder_ / "state/key.pem");
  Store store = opened();
  const auto list = store.load(damaged_);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, Errc::not_found);
  EXPECT_NE(list.error().message.find("not signed by the key of this machine"), std::string::npos);
  // Adding to nothing would forget all that was approved; to begin anew is said in so many words.
  EXPECT_FALSE(store.commit({.add = {entry(2, "/b")}}));
  EXPECT_EQ(shown(store.replace({entry(2, "/b")}, "scan")), "2: /b");
}

TEST_F(ApprovedStore, ACounterThatIsLostOrDamagedIsNamed) {
  ASSERT_TRUE(opened().replace({entry(1, "/a")}, "one"));
  std::filesystem::remove(folder_ / "state/generation");
  EXPECT_EQ(loaded(), "1: /a");
  ASSERT_EQ(damaged_.size(), 1U);
  EXPECT_NE(damaged_[0].find("generation is gone"), std::string::npos);
  put_file(folder_ / "state/generation", "many");
  EXPECT_EQ(loaded(), "1: /a");
  EXPECT_NE(damaged_[1].find("holds no number"), std::string::npos);
}

TEST_F(ApprovedStore, AKeyThatOthersMayReadIsRefused) {
  ASSERT_TRUE(opened().replace({}, "one"));
  std::filesystem::permissions(folder_ / "state/key.pem", std::filesystem::perms(0640));
  const auto store = Store::open(folder_ / "state");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::denied);
  std::filesystem::permissions(folder_ / "state/key.pem", std::filesystem::perms(0600));
  put_file(folder_ / "state/key.pem", "no key");
  EXPECT_EQ(Store::open(folder_ / "state").error().code, Errc::invalid);
}

/// A disk that takes no more than `bytes` of a file, for the time it lives.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(ApprovedStore, AFullDiskLeavesWhatWas) {
  Store store = opened();
  ASSERT_TRUE(store.replace({entry(1, "/a")}, "one"));
  for (const rlim_t room : {0, 1, 64, 128}) {
    const FullDisk full(room);
    const auto written = store.commit({.add = {entry(2, "/b")}});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::limit) << written.error().message;
  }
  EXPECT_EQ(loaded(), "1: /a");
  EXPECT_TRUE(damaged_.empty());
  EXPECT_EQ(shown(store.commit({.add = {entry(2, "/b")}})), "2: /a /b");
}

TEST_F(ApprovedStore, TwoWritersLoseNothing) {
  opened();
  const auto work = [&](std::uint8_t first) {
    Store store = opened();
    for (std::uint8_t i = 0; i < 10; ++i) {
      const std::string path = fmt::format("/{}", first + i);
      EXPECT_TRUE(store.commit({.add = {entry(static_cast<std::uint8_t>(first + i), path)}}));
    }
  };
  std::thread one(work, std::uint8_t{10}), two(work, std::uint8_t{100});
  one.join();
  two.join();
  const auto list = opened().load(damaged_);
  ASSERT_TRUE(list);
  EXPECT_EQ((*list)->size(), 20U);
  EXPECT_EQ((*list)->head().generation, 20U);
}

/// Commits until it is killed, and says each generation that is safe.
[[noreturn]] void commit_for_ever(Store store, int say) {
  for (std::uint8_t i = 0;; ++i) {
    const auto list = store.commit({.add = {entry(i, fmt::format("/{}", i))}});
    if (!list || ::write(say, &i, 1) != 1) ::_exit(1);
  }
}

TEST_F(ApprovedStore, AWriterKilledAtAnyTimeHarmsNothing) {
  const Store store = opened();
  std::uint64_t safe = 0;
  for (int round = 0; round < 20; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const UniqueFd listen(ends[0]);
    const pid_t child = ::fork();
    if (child == 0) commit_for_ever(store, ends[1]);
    ::close(ends[1]);
    std::uint8_t said = 0;
    ASSERT_EQ(::read(listen.get(), &said, 1), 1);
    std::this_thread::sleep_for(std::chrono::microseconds(137 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ++safe;
    while (::read(listen.get(), &said, 1) == 1) ++safe;
    const auto list = store.load(damaged_);
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_GE((*list)->head().generation, safe);
    safe = (*list)->head().generation;
  }
  EXPECT_TRUE(damaged_.empty());
}

TEST_F(ApprovedStore, AHundredThousandFiles) {
  std::vector<std::string> paths;
  std::vector<Entry> entries;
  for (std::uint32_t i = 0; i < 100'000; ++i)
    paths.push_back(
        fmt::format("/usr/lib/python3/dist-packages/some-package-{}/module/file-{:06}.py", i % 999, i));
  for (std::uint32_t i = 0; i < 100'000; ++i)
    entries.push_back({.digest = {static_cast<std::uint8_t>(i * 7), static_cast<std::uint8_t>(i >> 8U),
                                  static_cast<std::uint8_t>(i >> 16U), static_cast<std::uint8_t>(i)},
                       .path = paths[i],
                       .package = "some-package 1.2.3-4"});
  Store store = opened();
  const auto list = store.replace(entries, "scan");
  ASSERT_TRUE(list);
  EXPECT_EQ((*list)->size(), 100'000U);
  EXPECT_LE((*list)->bytes(), 17U << 20U);
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(store.load(damaged_));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  RecordProperty("bytes", fmt::format("{}", (*list)->bytes()));
  RecordProperty("load_seconds", fmt::format("{}", took.count()));
  fmt::print("{} bytes, loaded in {:.3f} s\n", (*list)->bytes(), took.count());
}

}  // namespace
}  // namespace bansoko::approved
