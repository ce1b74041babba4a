// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/kernel_settings.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::harden {
namespace {

struct KernelCase {
  std::string_view name;
  std::string_view setting;
  std::optional<std::int64_t> now;
  unsigned major;
  unsigned minor;
  KernelChoice choice;
  std::int64_t value;
};

class EachSetting : public testing::TestWithParam<KernelCase> {};

TEST_P(EachSetting, OnlyEverStricter) {
  const auto plan = make_kernel_plan(
      [](std::string_view name) {
        return name == GetParam().setting ? GetParam().now : std::optional<std::int64_t>();
      },
      GetParam().major, GetParam().minor);
  const auto line = std::find_if(plan.begin(), plan.end(), [](const KernelLine& each) {
    return each.setting->name == GetParam().setting;
  });
  ASSERT_NE(line, plan.end());
  EXPECT_EQ(line->choice, GetParam().choice);
  EXPECT_EQ(line->value, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Kernel, EachSetting,
    testing::Values(
        KernelCase{"Lacks", "vm.memfd_noexec", std::nullopt, 5, 10, KernelChoice::lacks, 1},
        KernelCase{"First", "vm.memfd_noexec", 0, 6, 3, KernelChoice::set, 1},
        KernelCase{"LastThatRefuses", "vm.memfd_noexec", 0, 6, 5, KernelChoice::set, 1},
        KernelCase{"Full", "vm.memfd_noexec", 1, 6, 6, KernelChoice::set, 2},
        KernelCase{"StricterNow", "vm.memfd_noexec", 2, 6, 4, KernelChoice::already, 1},
        KernelCase{"Lower", "dev.tty.ldisc_autoload", 1, 6, 1, KernelChoice::set, 0},
        KernelCase{"LowerNow", "dev.tty.ldisc_autoload", 0, 6, 1, KernelChoice::already, 0},
        KernelCase{"NegativeIsLooser", "kernel.perf_event_paranoid", -1, 6, 1, KernelChoice::set, 2},
        KernelCase{"OldBpf", "kernel.unprivileged_bpf_disabled", 0, 5, 12, KernelChoice::set, 1},
        KernelCase{"NewBpf", "kernel.unprivileged_bpf_disabled", 0, 5, 13, KernelChoice::set, 2},
        KernelCase{"ModulesByHand", "kernel.modules_disabled", 0, 6, 1, KernelChoice::by_hand, 1},
        KernelCase{"NamespacesByHand", "user.max_user_namespaces", 1000, 6, 1, KernelChoice::by_hand, 0}),
    by_name);

/// Settings of a kernel in a folder.
struct Kernel {
  TemporaryFolder folder = {};
  KernelFiles files{folder / "etc/50-bansoko.conf", folder / "state/kernel.before", folder / "sys"};

  Kernel() {
    std::filesystem::create_directories(folder / "sys/kernel/yama");
    std::filesystem::create_directories(folder / "etc");
    put_file(folder / "sys/kernel/dmesg_restrict", "0\n");
    put_file(folder / "sys/kernel/yama/ptrace_scope", "3\n");
    put_file(folder / "sys/kernel/modules_disabled", "0\n");
  }
};

TEST(KernelFiles, AppliedTwiceAndWithdrawn) {
  const Kernel kernel;
  ASSERT_TRUE(apply_kernel(kernel.files).has_value());
  const std::string text = contents_of(kernel.files.drop_in);
  EXPECT_NE(text.find("\nkernel.dmesg_restrict = 1\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("ptrace_scope ="), std::string::npos) << text;
  EXPECT_EQ(text.find("modules_disabled ="), std::string::npos) << text;
  EXPECT_EQ(contents_of(kernel.folder / "sys/kernel/dmesg_restrict"), "1\n");
  ASSERT_TRUE(apply_kernel(kernel.files).has_value());
  EXPECT_EQ(contents_of(kernel.files.drop_in), text);
  ASSERT_TRUE(withdraw_kernel(kernel.files).has_value());
  EXPECT_EQ(contents_of(kernel.folder / "sys/kernel/dmesg_restrict"), "0\n");
  EXPECT_FALSE(std::filesystem::exists(kernel.files.drop_in));
  EXPECT_FALSE(withdraw_kernel(kernel.files).has_value());
}

TEST(KernelFiles, AnothersFileStays) {
  const Kernel kernel;
  put_file(kernel.files.drop_in, "kernel.sysrq = 0\n");
  EXPECT_FALSE(apply_kernel(kernel.files).has_value());
  EXPECT_FALSE(withdraw_kernel(kernel.files).has_value());
  EXPECT_EQ(contents_of(kernel.files.drop_in), "kernel.sysrq = 0\n");
  EXPECT_EQ(contents_of(kernel.folder / "sys/kernel/dmesg_restrict"), "0\n");
}

}  // namespace
}  // namespace bansoko::harden
