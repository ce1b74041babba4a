// SPDX-License-Identifier: Apache-2.0
#include "lockdown/process/process.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cases.h"

namespace bansoko::process {
namespace {

TEST(Process, KnowsThisOne) {
  const auto ids = ids_of(::getpid());
  ASSERT_TRUE(ids);
  EXPECT_EQ(ids->process, ::getpid());
  EXPECT_EQ(ids->parent, ::getppid());
  EXPECT_EQ(ids->real_user, ::getuid());
  EXPECT_EQ(ids->effective_user, ::geteuid());
  EXPECT_GT(begun(::getpid()).value_or(0), 0U);
  EXPECT_TRUE(program_of(::getpid()));
  EXPECT_TRUE(program_path(::getpid()).ends_with("lockdown_process_test"));
  EXPECT_TRUE(is_ours(::gettid()));
  EXPECT_FALSE(arguments_of(::getpid())->empty());
}

TEST(Process, KnowsNothingOfOneThatIsNot) {
  constexpr pid_t kNone = 2'147'483'647;
  EXPECT_FALSE(ids_of(kNone));
  EXPECT_FALSE(begun(kNone));
  EXPECT_FALSE(program_of(kNone));
  EXPECT_TRUE(program_path(kNone).empty());
  EXPECT_EQ(intent_of(kNone), Intent::unknown);
  EXPECT_FALSE(exec_strings(kNone).known);
  EXPECT_FALSE(environment_of(kNone));
  EXPECT_FALSE(is_ours(kNone));
}

TEST(Process, WhoIsInNoOpenIsUnknown) { EXPECT_EQ(intent_of(::getpid()), Intent::unknown); }

struct PathCase {
  std::string_view name, path, want;
};

class PathForUs : public testing::TestWithParam<PathCase> {};

TEST_P(PathForUs, OfAnother) { EXPECT_EQ(path_for_us(7, GetParam().path), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(Paths, PathForUs,
                         testing::Values(PathCase{"Absolute", "/opt/x.sh", "/proc/7/root/opt/x.sh"},
                                         PathCase{"Relative", "x.sh", "/proc/7/cwd/x.sh"},
                                         PathCase{"Input", "/dev/stdin", "/proc/7/fd/0"},
                                         PathCase{"Descriptor", "/dev/fd/3", "/proc/7/fd/3"},
                                         PathCase{"ProcSelf", "/proc/self/fd/3", "/proc/7/fd/3"},
                                         PathCase{"ProcSelfRoot", "/proc/self/root/x", "/proc/7/root/x"},
                                         PathCase{"Device", "/dev/null", "/proc/7/root/dev/null"}),
                         by_name);

struct EnvironmentCase {
  std::string_view name;
  std::vector<std::string> environment;
  bool brings;
};

class BringsCode : public testing::TestWithParam<EnvironmentCase> {};

TEST_P(BringsCode, Words) { EXPECT_EQ(brings_code(GetParam().environment), GetParam().brings); }

INSTANTIATE_TEST_SUITE_P(Environments, BringsCode,
                         testing::Values(EnvironmentCase{"None", {}, false},
                                         EnvironmentCase{"Ordinary", {"PATH=/bin", "HOME=/root"}, false},
                                         EnvironmentCase{"Preload", {"PATH=/bin", "LD_PRELOAD=/x"}, true},
                                         EnvironmentCase{"Audit", {"LD_AUDIT=/x"}, true},
                                         EnvironmentCase{"LooksLikeIt", {"BUILD_LD_PRELOAD=/x"}, false},
                                         EnvironmentCase{"Conversions", {"GCONV_PATH=/x"}, true}),
                         by_name);

}  // namespace
}  // namespace bansoko::process
