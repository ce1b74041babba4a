// SPDX-License-Identifier: Apache-2.0
#include "service/control.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "service/unix_socket.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::service {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr ControlLimits kTight{.request_bytes = 64, .connections = 2, .request_time = 150ms};

std::string echo(std::string_view request) { return "got " + std::string(request); }

class Control : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string path_ = folder_ / "shield.sock";
  Result<ControlServer> server_ = ControlServer::open(path_, echo, kTight);
};

TEST_F(Control, AnswersALine) {
  ASSERT_TRUE(server_) << server_.error().message;
  const auto answer = ask_control(path_, "status", 5s);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer, "got status");
}

TEST_F(Control, IsForOwnerAndGroupOnly) {
  struct stat found {};
  ASSERT_EQ(::stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0660U);
}

TEST_F(Control, SecondServerIsRefused) {
  const auto second = ControlServer::open(path_, echo, kTight);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::denied);
}

TEST_F(Control, TooManyConnectionsAreRefused) {
  const auto first = connect_to(path_);
  const auto second = connect_to(path_);
  ASSERT_TRUE(first && second);
  const auto answer = ask_control(path_, "status", 5s);
  // The answer, or a reset because the request was never read.
  EXPECT_NE(answer.value_or("too many").find("too many"), std::string::npos);
}

TEST(ControlPath, NobodyListens) {
  const TemporaryFolder folder;
  const auto answer = ask_control(folder / "none", "status", 1s);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::not_found);
}

TEST(ControlPath, DeadSocketIsReplaced) {
  const TemporaryFolder folder;
  const std::string path = folder / "dead";
  { ASSERT_TRUE(listen_at(path)); }
  const auto server = ControlServer::open(path, echo, kTight);
  EXPECT_TRUE(server);
}

TEST(ControlPath, FileInTheWayIsKept) {
  const TemporaryFolder folder;
  const auto server = ControlServer::open(folder.path(), echo, kTight);
  ASSERT_FALSE(server);
}

TEST(ControlPath, TooLong) { EXPECT_FALSE(listen_at(std::string(200, 'x'))); }

struct Hostile {
  std::string_view name;
  std::string bytes;
  bool hangs_up;
};

class HostilePeer : public Control, public testing::WithParamInterface<Hostile> {};

TEST_P(HostilePeer, IsCutOffAndTheNextIsServed) {
  ASSERT_TRUE(server_);
  {
    const auto fd = connect_to(path_);
    ASSERT_TRUE(fd);
    // The server may hang up while we send.
    if (::send(fd->get(), GetParam().bytes.data(), GetParam().bytes.size(), MSG_NOSIGNAL) < 0) SUCCEED();
    if (GetParam().hangs_up) ::shutdown(fd->get(), SHUT_WR);
    const auto answer = read_line(fd->get(), 1000, steady_clock::now() + 5s);
    EXPECT_NE(answer.value_or("no request").find("no request"), std::string::npos);
  }
  const auto next = ask_control(path_, "status", 5s);
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(*next, "got status");
}

INSTANTIATE_TEST_SUITE_P(ControlServer, HostilePeer,
                         testing::Values(Hostile{"SaysNothing", "", false}, Hostile{"HangsUp", "", true},
                                         Hostile{"HalfALine", "{\"comm", true},
                                         Hostile{"NeverEnds", "{\"comm", false},
                                         Hostile{"OneTooLong", std::string(65, 'x') + "\n", false},
                                         Hostile{"FarTooLong", std::string(100'000, 'x'), false},
                                         Hostile{"Zeros", std::string(100, '\0') + "\n", false}),
                         by_name);

}  // namespace
}  // namespace bansoko::service
