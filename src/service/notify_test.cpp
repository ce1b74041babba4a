// SPDX-License-Identifier: Apache-2.0
#include "service/notify.h"

#include <array>
#include <cstddef>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/unique_fd.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::service {
namespace {

/// systemd's end of the socket. A name that begins with '@' is abstract.
class FakeSystemd {
 public:
  explicit FakeSystemd(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(static_cast<char*>(address.sun_path), name.size());
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    bound_ = ::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0;
  }
  bool bound() const { return bound_; }
  std::string heard() const {
    std::array<char, 100> text{};
    const auto size = ::recv(fd_.get(), text.data(), text.size(), 0);
    return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  UniqueFd fd_;
  bool bound_ = false;
};

TEST(Notify, TellsSystemd) {
  const TemporaryFolder folder;
  const std::string file = folder / "notify";
  const std::string abstract = "@bansoko-test" + folder.path();
  for (const std::string& name : {file, abstract}) {
    const FakeSystemd systemd(name);
    ASSERT_TRUE(systemd.bound()) << name;
    const auto sent = Notifier(name, "").send("READY=1");
    EXPECT_TRUE(sent) << name;
    EXPECT_EQ(systemd.heard(), "READY=1");
    EXPECT_EQ(systemd.heard(), "nothing");
  }
}

TEST(Notify, IsSilentWithoutSystemd) { EXPECT_TRUE(Notifier("", "").send("READY=1")); }

TEST(Notify, FailsInWords) {
  const TemporaryFolder folder;
  EXPECT_FALSE(Notifier(folder / "nobody", "").send("READY=1"));
  const auto sent = Notifier(std::string(200, 'x'), "").send("READY=1");
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message, "NOTIFY_SOCKET is too long");
}

struct Case {
  std::string_view name;
  std::string_view text;
  std::optional<std::chrono::microseconds> period;
};

class Watchdog : public testing::TestWithParam<Case> {};

TEST_P(Watchdog, IsRead) { EXPECT_EQ(Notifier("", GetParam().text).watchdog(), GetParam().period); }

INSTANTIATE_TEST_SUITE_P(Notify, Watchdog,
                         testing::Values(Case{"Absent", "", std::nullopt}, Case{"Zero", "0", std::nullopt},
                                         Case{"NoNumber", "soon", std::nullopt},
                                         Case{"Negative", "-1", std::nullopt},
                                         Case{"ThirtySeconds", "30000000", std::chrono::seconds(30)}),
                         by_name);

}  // namespace
}  // namespace bansoko::service
