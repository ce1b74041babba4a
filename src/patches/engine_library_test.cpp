// SPDX-License-Identifier: Apache-2.0
#include "patches/engine_library.h"

#include <gtest/gtest.h>

#include "patches/library.h"
#include "tests/source_folder.h"
#include "tests/temporary_folder.h"

namespace bansoko::patches {
namespace {

TEST(EngineLibrary, IsWhatShips) {
  const std::string source = source_folder();
  if (source.empty()) GTEST_SKIP() << "the sources are not here";
  const engine::PatchLibrary known = library_for_engine(source + "/content");
  EXPECT_TRUE(known.is_there);
  EXPECT_TRUE(known.faults.empty());
  const engine::PatchRules* const smb = known.find("ms17-010");
  ASSERT_NE(smb, nullptr);
  EXPECT_FALSE(smb->sids.empty());
  ASSERT_FALSE(smb->rule_files.empty());
  EXPECT_TRUE(smb->rule_files.front().ends_with("/content/patches/ms17-010/patch.rules"));
}

TEST(EngineLibrary, LeavesOutWhatIsFaulty) {
  const TemporaryFolder folder;
  EXPECT_FALSE(library_for_engine(folder / "absent").is_there);
  std::filesystem::create_directories(folder / "patches/one");
  put_file(folder / "patches/one/patch.yaml", "id: one\nsids: [9100100-9100109]\n");
  const engine::PatchLibrary library = library_for_engine(folder / "");
  EXPECT_TRUE(library.is_there);
  EXPECT_TRUE(library.patches.empty());
  EXPECT_FALSE(library.faults.empty());
}

}  // namespace
}  // namespace bansoko::patches
