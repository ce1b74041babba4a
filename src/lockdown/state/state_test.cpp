// SPDX-License-Identifier: Apache-2.0
#include "lockdown/state/state.h"

#include <gtest/gtest.h>

#include "lockdown/state/imports.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::state {
namespace {

TEST(LockdownState, ComesBackFromItsFiles) {
  const TemporaryFolder folder;
  EXPECT_FALSE(*read_window(folder.path()));
  EXPECT_FALSE(*read_break_glass(folder.path()));
  EXPECT_FALSE(*read_confirmation(folder.path()));
  EXPECT_TRUE(read_imports(folder.path())->empty());
  ASSERT_TRUE(
      write(folder.path(), Window{.opened = 5, .until = 9, .generation = 3, .by = "a", .note = "\xff"}));
  ASSERT_TRUE(write(folder.path(), BreakGlass{.opened = 5, .until = 9, .by = "b"}));
  ASSERT_TRUE(write(folder.path(), Confirmation{.confirmed = 7, .by = "c"}));
  ASSERT_TRUE(write(folder.path(), Imports{{"aa", 4}}));
  const auto window = read_window(folder.path());
  ASSERT_TRUE(window) << window.error().message;
  EXPECT_EQ((*window)->until, 9);
  EXPECT_EQ((*window)->generation, 3U);
  EXPECT_EQ((*read_break_glass(folder.path()))->by, "b");
  EXPECT_EQ((*read_confirmation(folder.path()))->confirmed, 7);
  EXPECT_EQ(read_imports(folder.path())->at("aa"), 4U);
  EXPECT_TRUE(remove_window(folder.path()));
  EXPECT_TRUE(remove_window(folder.path()));
  EXPECT_FALSE(*read_window(folder.path()));
}

struct FileCase {
  std::string_view name, text, says;
};

class DamagedWindow : public testing::TestWithParam<FileCase> {};

TEST_P(DamagedWindow, IsNamed) {
  const TemporaryFolder folder;
  put_file(folder / "window.json", GetParam().text);
  const auto window = read_window(folder.path());
  ASSERT_FALSE(window);
  EXPECT_NE(window.error().message.find(GetParam().says), std::string::npos) << window.error().message;
  EXPECT_NE(window.error().message.find("window.json"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, DamagedWindow,
    testing::Values(FileCase{"Empty", "", "no object"}, FileCase{"Cut", "{\"opened\": 1", "no object"},
                    FileCase{"List", "[]", "no object"}, FileCase{"Missing", "{}", "'opened' is missing"},
                    FileCase{"Negative", R"({"opened": -1})", "no whole number"},
                    FileCase{"Word", R"({"opened": "1"})", "no whole number"},
                    FileCase{"Late", R"({"opened": 999999999999999})", "is no time"},
                    FileCase{"NoText", R"({"opened":1,"until":0,"closed":0,"generation":1,"by":1,"note":""})",
                             "'by' is no text"}),
    by_name);

TEST(LockdownState, AFileTooLargeIsRefused) {
  const TemporaryFolder folder;
  put_file(folder / "window.json", std::string(300'000, ' '));
  EXPECT_EQ(read_window(folder.path()).error().code, Errc::limit);
}

struct OpenCase {
  std::string_view name;
  Window window;
  std::int64_t now;
  bool open;
};

class WindowAt : public testing::TestWithParam<OpenCase> {};

TEST_P(WindowAt, IsOpenOrNot) { EXPECT_EQ(is_open(GetParam().window, GetParam().now), GetParam().open); }

INSTANTIATE_TEST_SUITE_P(Times, WindowAt,
                         testing::Values(OpenCase{"Begins", {.opened = 5, .until = 9}, 5, true},
                                         OpenCase{"LastSecond", {.opened = 5, .until = 9}, 8, true},
                                         OpenCase{"Over", {.opened = 5, .until = 9}, 9, false},
                                         OpenCase{"WithoutEnd", {.opened = 5}, 1'000'000, true},
                                         OpenCase{"Closed", {.opened = 5, .closed = 6}, 7, false},
                                         OpenCase{"ClockPutBack", {.opened = 5, .until = 9}, 4, false}),
                         by_name);

TEST(BreakGlassState, IsOpenForItsTime) {
  EXPECT_FALSE(is_open(BreakGlass{.opened = 5, .until = 9}, 4));
  EXPECT_TRUE(is_open(BreakGlass{.opened = 5, .until = 9}, 5));
  EXPECT_FALSE(is_open(BreakGlass{.opened = 5, .until = 9}, 9));
}

}  // namespace
}  // namespace bansoko::state
