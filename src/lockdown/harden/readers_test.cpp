// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lockdown/harden/check.h"
#include "lockdown/harden/gather.h"
#include "lockdown/harden/hearing.h"
#include "lockdown/harden/learn.h"
#include "lockdown/harden/learned_file.h"
#include "lockdown/harden/program.h"
#include "lockdown/harden/snapshot.h"
#include "lockdown/harden/sockets.h"
#include "lockdown/harden/syscalls.h"
#include "lockdown/harden/systemd.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::harden {
namespace {

struct MapsCase {
  std::string_view name;
  std::string_view maps;
  bool writes_code;
  bool memfd;
};

class Maps : public testing::TestWithParam<MapsCase> {};

TEST_P(Maps, ShowHabits) {
  const Habits habits = habits_of_maps(GetParam().maps);
  EXPECT_EQ(habits.contains(Habit::writes_code), GetParam().writes_code);
  EXPECT_EQ(habits.contains(Habit::memfd), GetParam().memfd);
}

INSTANTIATE_TEST_SUITE_P(
    Harden, Maps,
    testing::Values(
        MapsCase{"Nothing", "", false, false},
        MapsCase{"Program", "00400000-00452000 r-xp 00000000 08:02 173521 /usr/bin/a b\n", false, false},
        MapsCase{"Data", "00651000-00652000 rw-p 00051000 08:02 173521 /usr/bin/a\n", false, false},
        MapsCase{"Both", "7f00-7f10 rwxp 00000000 00:00 0 \n", true, false},
        MapsCase{"BothOfAFile", "7f00-7f10 rwxp 00000000 08:02 5 /usr/lib/x.so\n", true, false},
        MapsCase{"Anonymous", "7f00-7f10 r-xp 00000000 00:00 0 \n", true, false},
        MapsCase{"Named", "7f00-7f10 r-xp 00000000 00:00 0    [anon:code]\n", true, false},
        MapsCase{"Kernels", "7f00-7f10 r-xp 00000000 00:00 0    [vdso]\n", false, false},
        MapsCase{"ExecutableStack", "7f00-7f10 rwxp 00000000 00:00 0    [stack]\n", true, false},
        MapsCase{"MemoryFile", "7f00-7f10 rw-s 00000000 00:01 5   /memfd:x (deleted)\n", false, true},
        MapsCase{"CodeInMemoryFile", "7f00-7f10 r-xs 00000000 00:01 5   /memfd:x (deleted)\n", true, true},
        MapsCase{"CutShort", "7f00-7f10 rw", false, false},
        MapsCase{"Junk", "\n\n  \nx y z\n", false, false}),
    by_name);

TEST(Snapshot, OfThisProcess) {
  // As a compiler that makes code has it.
  void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(page, MAP_FAILED);
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in any{AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
  ASSERT_EQ(::listen(socket, 1), 0);
  const Snapshot now = look_at("/proc", {::getpid(), 2'000'000'000});
  EXPECT_EQ(now.processes, 1U);
  EXPECT_TRUE(now.habits.contains(Habit::writes_code));
  EXPECT_FALSE(now.habits.contains(Habit::other_machine));
  EXPECT_FALSE(now.habits.contains(Habit::namespaces));
  EXPECT_TRUE(now.families.contains("AF_INET"));
  EXPECT_FALSE(now.families.contains("AF_PACKET"));
  ::close(socket);
  ::munmap(page, 4096);
}

TEST(Sockets, InodeInItsColumn) {
  constexpr std::string_view kTable = "heading 7\na 7\n b  8\nc\n";
  EXPECT_TRUE(has_inode(kTable, 1, {"8"}));
  EXPECT_TRUE(has_inode(kTable, 1, {"7"}));
  EXPECT_FALSE(has_inode(kTable, 0, {"7"}));
  EXPECT_FALSE(has_inode(kTable, 1, {"9"}));
  EXPECT_FALSE(has_inode("heading 7", 1, {"7"}));
}

TEST(Processes, OfAGroupAndThoseBelow) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "web.service/sub");
  put_file(folder / "web.service/cgroup.procs", "12\n13\n");
  put_file(folder / "web.service/sub/cgroup.procs", "14\nx\n");
  EXPECT_EQ(processes_of({"/nowhere", folder / ""}, "/web.service"), (std::vector<pid_t>{12, 13, 14}));
  EXPECT_TRUE(processes_of({folder / ""}, "/other.service").empty());
  EXPECT_TRUE(processes_of({folder / ""}, "").empty());
}

struct GroupCase {
  std::string_view name;
  std::string_view file;
  bool inside;
};

class Group : public testing::TestWithParam<GroupCase> {};

TEST_P(Group, HasAProcess) {
  EXPECT_EQ(is_in_group(std::string(GetParam().file), "/system.slice/web.service"), GetParam().inside);
}

INSTANTIATE_TEST_SUITE_P(
    Harden, Group,
    testing::Values(GroupCase{"Unified", "0::/system.slice/web.service\n", true},
                    GroupCase{"Legacy", "4:cpu:/\n1:name=systemd:/system.slice/web.service\n", true},
                    GroupCase{"Below", "0::/system.slice/web.service/worker", true},
                    GroupCase{"Above", "0::/system.slice\n", false},
                    GroupCase{"LongerName", "0::/system.slice/web.service2\n", false},
                    GroupCase{"Junk", "::\n0:\n\n", false}, GroupCase{"Empty", "", false}),
    by_name);

struct ManagerCase {
  std::string_view name;
  std::string_view text;
  unsigned version;
  bool seccomp;
};

class Version : public testing::TestWithParam<ManagerCase> {};

TEST_P(Version, OfSystemd) {
  const auto manager = parse_manager(GetParam().text);
  ASSERT_EQ(manager.has_value(), GetParam().version != 0);
  if (!manager) return;
  EXPECT_EQ(manager->version, GetParam().version);
  EXPECT_EQ(manager->seccomp, GetParam().seccomp);
}

INSTANTIATE_TEST_SUITE_P(
    Harden, Version,
    testing::Values(ManagerCase{"CentOs7", "systemd 219\n+PAM +AUDIT -IMA +SECCOMP +BLKID\n", 219, true},
                    ManagerCase{"Debian12", "systemd 252 (252.38-1~deb12u1)\n+PAM +SECCOMP\n", 252, true},
                    ManagerCase{"WithoutFilters", "systemd 232\n+PAM -SECCOMP\n", 232, false},
                    ManagerCase{"OtherProgram", "busybox 1.2\n", 0, false},
                    ManagerCase{"Nothing", "", 0, false}),
    by_name);

struct NameCase {
  std::string_view name;
  std::string_view given;
  std::string_view service;
};

class Name : public testing::TestWithParam<NameCase> {};

TEST_P(Name, OfAService) { EXPECT_EQ(service_name(GetParam().given).value_or(""), GetParam().service); }

INSTANTIATE_TEST_SUITE_P(Harden, Name,
                         testing::Values(NameCase{"Short", "nginx", "nginx.service"},
                                         NameCase{"Full", "nginx.service", "nginx.service"},
                                         NameCase{"Instance", "pg@15-main", "pg@15-main.service"},
                                         NameCase{"Template", "pg@", ""},
                                         NameCase{"Path", "../../etc/passwd", ""},
                                         NameCase{"Option", "--help", ""}, NameCase{"Empty", "", ""},
                                         NameCase{"SuffixOnly", ".service", ""},
                                         NameCase{"Timer", "a.timer", ""}, NameCase{"Blank", "a b", ""},
                                         NameCase{"NewLine", "a\nb", ""}),
                         by_name);

TEST(Learned, ComesBackAsWritten) {
  Learned learned{90, true, 3, {"read", "write"}, {"AF_UNIX"}, {{Habit::memfd, "process 5 (a\nb): c"}}};
  const auto read = parse_learned(to_text(learned), "x");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(to_text(*read), to_text(learned));
  merge(learned, *read);
  EXPECT_EQ(learned.seconds, 180U);
  EXPECT_EQ(learned.lost, 6U);
}

struct FaultCase {
  std::string_view name;
  std::string_view text;
  std::string_view error;
};

class LearnedFault : public testing::TestWithParam<FaultCase> {};

TEST_P(LearnedFault, NamesTheLine) {
  const auto read = parse_learned(GetParam().text, "x");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().message.substr(0, GetParam().error.size()), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Harden, LearnedFault,
    testing::Values(FaultCase{"UnknownCall", "# x\ncall read\ncall raed\n", "x:3:1: 'call raed'"},
                    FaultCase{"Start", "start maybe\n", "x:1:1: "},
                    FaultCase{"Number", "seconds 5x\n", "x:1:1: "},
                    FaultCase{"NumberTooLarge", "lost 99999999999999999999\n", "x:1:1: "},
                    FaultCase{"Family", "family AF_X;rm\n", "x:1:1: "},
                    FaultCase{"Habit", "habit smoking x\n", "x:1:1: "},
                    FaultCase{"NoValue", "call\n", "x:1:1: "}),
    by_name);

TEST(Syscalls, NamesOfNumbers) {
  EXPECT_EQ(syscall_name(0), "read");
  EXPECT_EQ(syscall_name(59), "execve");
  EXPECT_EQ(syscall_name(334), "rseq");
  EXPECT_EQ(syscall_name(335), "");
  EXPECT_EQ(syscall_name(-1), "");
  EXPECT_EQ(syscall_name(1'000'000), "");
  EXPECT_EQ(syscall_number("rseq"), 334);
  EXPECT_FALSE(syscall_number("raed").has_value());
}

struct CheckCase {
  std::string_view name;
  std::string_view given;
  std::string_view host;
  std::string_view port;
  std::string_view path;
};

class GoodCheck : public testing::TestWithParam<CheckCase> {};

TEST_P(GoodCheck, IsTakenApart) {
  const auto check = parse_check(GetParam().given);
  ASSERT_TRUE(check.has_value());
  EXPECT_EQ(check->host, GetParam().host);
  EXPECT_EQ(check->port, GetParam().port);
  EXPECT_EQ(check->path, GetParam().path);
}

INSTANTIATE_TEST_SUITE_P(Harden, GoodCheck,
                         testing::Values(CheckCase{"Tcp", "tcp:localhost:80", "localhost", "80", ""},
                                         CheckCase{"Ipv6", "tcp:[::1]:65535", "::1", "65535", ""},
                                         CheckCase{"Url", "http://a/b?c", "a", "80", "/b?c"},
                                         CheckCase{"UrlWithPort", "http://a:81", "a", "81", "/"},
                                         CheckCase{"UrlAfterHttp", "http:http://a:81/", "a", "81", "/"},
                                         CheckCase{"UrlOfIpv6", "http://[::1]/", "::1", "80", "/"},
                                         CheckCase{"Command", "curl -f x", "", "", ""}),
                         by_name);

struct BadCheckCase {
  std::string_view name;
  std::string_view given;
};

class BadCheck : public testing::TestWithParam<BadCheckCase> {};

TEST_P(BadCheck, IsRefused) { EXPECT_FALSE(parse_check(GetParam().given).has_value()); }

INSTANTIATE_TEST_SUITE_P(
    Harden, BadCheck,
    testing::Values(BadCheckCase{"Empty", ""}, BadCheckCase{"Blanks", "  "},
                    BadCheckCase{"NoPort", "tcp:localhost"}, BadCheckCase{"PortZero", "tcp:localhost:0"},
                    BadCheckCase{"PortTooLarge", "tcp:localhost:65536"}, BadCheckCase{"NoHost", "tcp::80"},
                    BadCheckCase{"OpenBracket", "tcp:[::1:80"}, BadCheckCase{"Https", "https://a/"},
                    BadCheckCase{"UrlOfNothing", "http://"},
                    BadCheckCase{"SplitRequest", "http://a/b\r\nX: y"}),
    by_name);

TEST(HttpStatus, OfAnAnswer) {
  EXPECT_EQ(http_status("HTTP/1.1 200 OK\r\n"), 200U);
  EXPECT_EQ(http_status("HTTP/1.0 503"), 503U);
  EXPECT_EQ(http_status("HTTP/1.0 50"), 0U);
  EXPECT_EQ(http_status("SSH-2.0-x"), 0U);
}

TEST(Program, EndsAndIsHeard) {
  using std::chrono::milliseconds;
  const auto ended = run_program({"/bin/sh", "-c", "echo out; echo err >&2; exit 7"}, milliseconds(60'000));
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->code, 7);
  EXPECT_EQ(ended->output, "out\nerr\n");
  EXPECT_EQ(run_program({"/bin/sh", "-c", "kill -9 $$"}, milliseconds(60'000))->code, 137);
  EXPECT_FALSE(run_program({"/nowhere/program"}, milliseconds(1000)).has_value());
  EXPECT_FALSE(run_program({"/bin/sleep", "60"}, milliseconds(50)).has_value());
  EXPECT_EQ(run_program({"/bin/sh", "-c", "head -c 3000000 /dev/zero"}, milliseconds(60'000))->output.size(),
            1U << 20U);
}

TEST(Systemctl, IsCalledWithoutAShell) {
  const TemporaryFolder folder;
  const std::string program = folder / "systemctl";
  put_file(program,
           "#!/bin/sh\necho \"$*\" >> \"$(dirname \"$0\")/calls\"\n"
           "case $1 in --version) echo 'systemd 247'; echo '+SECCOMP';; show) echo 'Warning: x'; echo "
           "'Id=a.service'; "
           "echo 'ExecStart={ path=/x }';; reset-failed) exit 1;; restart) echo 'Job failed.' >&2; exit 1;; "
           "esac\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  SystemctlProgram systemd(program);
  EXPECT_EQ(systemd.manager()->version, 247U);
  const auto unit = systemd.show("a.service");
  ASSERT_TRUE(unit.has_value());
  EXPECT_EQ(unit->at("Id"), "a.service");
  EXPECT_EQ(unit->at("ExecStart"), "{ path=/x }");
  EXPECT_TRUE(systemd.reload().has_value());
  const auto restarted = systemd.restart("a.service");
  ASSERT_FALSE(restarted.has_value());
  EXPECT_NE(restarted.error().message.find("ended with 1: Job failed."), std::string::npos);
  EXPECT_EQ(contents_of(folder / "calls"),
            "--version\nshow --all --no-pager a.service\ndaemon-reload\nreset-failed a.service\nrestart "
            "a.service\n");
}

TEST(Release, OfTheKernel) {
  KernelState kernel;
  read_release("3.10.0-1160.el7.x86_64", kernel);
  EXPECT_EQ(kernel.major, 3U);
  EXPECT_EQ(kernel.minor, 10U);
}

/// Records as the kernel of x86-64 writes them.
constexpr std::array<std::uint8_t, 52 + 32 + 40 + 40> kRecords{
    // A sample of process 5 at time 1: tracepoint 443, call 41 of the argument 2.
    9, 0, 0, 0, 0, 0, 52, 0, 5, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0,  //
    0xbb, 1, 0, 0, 8, 0, 0, 0, 41, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
    // A fork at time 2: 9 of 5.
    7, 0, 0, 0, 0, 0, 32, 0, 9, 0, 0, 0, 5, 0, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
    // An exec of process 9 at time 3, under the name "8".
    3, 0, 0, 0, 0, 0x20, 40, 0, 9, 0, 0, 0, 9, 0, 0, 0, '8', 0, 0, 0, 0, 0, 0, 0,  //
    9, 0, 0, 0, 9, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0,
    // Three samples that were lost, at time 4.
    2, 0, 0, 0, 0, 0, 40, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0,  //
    0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0};

std::vector<TraceRecord> records_of(Bytes bytes) {
  std::vector<TraceRecord> records;
  read_records(bytes, [&records](const TraceRecord& record) { records.push_back(record); });
  return records;
}

TEST(TraceRecord, OfEachKind) {
  const auto records = records_of(kRecords);
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].pid, 5);
  EXPECT_EQ(records[0].event, 443U);
  EXPECT_EQ(records[0].thread, 8);
  EXPECT_EQ(records[0].call, 41);
  EXPECT_EQ(records[0].arguments[0], 2U);
  EXPECT_EQ(records[0].arguments[1], 0U);
  EXPECT_EQ(records[1].pid, 9);
  EXPECT_EQ(records[1].parent, 5);
  EXPECT_EQ(records[2].kind, TraceRecord::Kind::exec);
  EXPECT_EQ(records[2].pid, 9);
  EXPECT_TRUE(records[2].by_executor);
  EXPECT_EQ(records[3].lost, 3U);
  for (std::size_t i = 0; i < records.size(); ++i) EXPECT_EQ(records[i].time, i + 1);
}

TEST(TraceRecord, CutAnywhere) {
  std::size_t most = 0;
  for (std::size_t size = 0; size < kRecords.size(); ++size) {
    const std::size_t count = records_of(Bytes(kRecords).first(size)).size();
    EXPECT_GE(count, most);
    most = count;
  }
  EXPECT_EQ(most, 3U);
}

constexpr std::uint16_t kCalls = 400;
constexpr std::uint16_t kProbe = 401;

TraceRecord a_call(std::int32_t pid, std::int64_t number) {
  return {.pid = pid, .event = kCalls, .thread = pid, .call = number};
}

TEST(Hearing, TakesTheServiceAlone) {
  const Probe probe{"x", "", Habit::writes_code, 2, 4, false, "mprotect()"};
  Hearing hearing(kCalls, {{kProbe, &probe}}, [](std::int32_t pid) { return std::optional(pid == 10); });
  hearing.hear(a_call(10, 0));
  hearing.hear(a_call(11, 1));
  hearing.hear(a_call(0, 2));
  hearing.hear({.pid = 10, .event = kProbe, .thread = 10, .call = 10, .arguments = {0, 0, 1}});
  EXPECT_TRUE(hearing.learned().habits.empty());
  hearing.hear({.pid = 10, .event = kProbe, .thread = 10, .call = 10, .arguments = {0, 0, 5}});
  EXPECT_EQ(hearing.learned().calls, (std::set<std::string>{"read"}));
  EXPECT_TRUE(hearing.learned().habits.contains(Habit::writes_code));
  EXPECT_EQ(hearing.filter(), "id!=0");
}

TEST(Hearing, AsksAgainAfterExec) {
  bool moved = false;
  Hearing hearing(kCalls, {}, [&moved](std::int32_t) { return std::optional(moved); });
  hearing.hear(a_call(10, 0));
  moved = true;
  hearing.hear(a_call(10, 1));
  EXPECT_TRUE(hearing.learned().calls.empty());
  hearing.hear({.kind = TraceRecord::Kind::exec, .pid = 10});
  hearing.hear(a_call(10, 1));
  EXPECT_EQ(hearing.learned().calls, (std::set<std::string>{"write"}));
}

TEST(Hearing, LeavesOutSystemdsPreparations) {
  Hearing hearing(kCalls, {}, [](std::int32_t) { return std::optional(true); });
  hearing.hear({.kind = TraceRecord::Kind::fork, .pid = 10, .parent = 1});
  hearing.hear(a_call(10, 165));
  hearing.hear({.kind = TraceRecord::Kind::exec, .pid = 10, .by_executor = true});
  hearing.hear(a_call(10, 272));
  hearing.hear({.kind = TraceRecord::Kind::rename, .pid = 10});
  hearing.hear(a_call(10, 161));
  hearing.hear({.kind = TraceRecord::Kind::exec, .pid = 10});
  hearing.hear(a_call(10, 0));
  EXPECT_EQ(hearing.learned().calls, (std::set<std::string>{"read"}));
}

TEST(Hearing, ChildThatHadEndedBeforeItWasAskedFor) {
  Hearing hearing(kCalls, {},
                  [](std::int32_t pid) { return pid == 10 ? std::optional(true) : std::nullopt; });
  hearing.hear(a_call(10, 0));
  hearing.hear(a_call(20, 83));
  hearing.hear({.kind = TraceRecord::Kind::fork, .pid = 20, .parent = 10});
  EXPECT_EQ(hearing.learned().calls, (std::set<std::string>{"mkdir", "read"}));
}

TEST(Hearing, LeavesOutNoisyStrangers) {
  Hearing hearing(kCalls, {}, [](std::int32_t) { return std::optional(false); });
  for (int i = 0; i < 1999; ++i) hearing.hear(a_call(7, 0));
  EXPECT_EQ(hearing.filter(), "");
  hearing.hear(a_call(7, 0));
  EXPECT_EQ(hearing.filter(), "common_pid!=7");
  for (std::int32_t thread = 100; thread < 200; ++thread)
    for (int i = 0; i < 2000; ++i) hearing.hear(a_call(thread, 0));
  EXPECT_LT(hearing.filter().size(), 4000U);
  hearing.hear({.kind = TraceRecord::Kind::lost, .lost = 5});
  EXPECT_EQ(hearing.learned().lost, 5U);
}

}  // namespace
}  // namespace bansoko::harden
