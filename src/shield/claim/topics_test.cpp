// SPDX-License-Identifier: Apache-2.0
#include "shield/claim/topics.h"

#include <algorithm>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::claim {
namespace {

/// A row that names what no protocol has would never be heard of.
TEST(Topics, NameWhatProtocolsHave) {
  for (const Topic& topic : topics()) {
    EXPECT_NE(topic_named(topic.name), kNoTopic) << topic.name;
    const auto protocols = proto::all_protocols();
    const auto found = std::ranges::find(protocols, topic.protocol, &proto::Protocol::name);
    ASSERT_NE(found, protocols.end()) << topic.protocol;
    const auto is_it = [&](const auto& row) { return row.name == topic.part && row.side == topic.side; };
    EXPECT_TRUE(topic.read != nullptr ? std::ranges::any_of((*found)->buffers, is_it)
                                      : std::ranges::any_of((*found)->fields, is_it))
        << topic.protocol << " " << topic.part;
  }
}

struct Case {
  std::string_view name;
  std::string_view said;
  std::uint16_t port;
  std::string_view topic;  // empty: none
};

class TopicOfGreeting : public testing::TestWithParam<Case> {};

TEST_P(TopicOfGreeting, IsTold) {
  const std::uint8_t topic = topic_of_greeting(GetParam().said, GetParam().port);
  EXPECT_EQ(topic == kNoTopic ? "" : topic_names()[topic], GetParam().topic);
}

INSTANTIATE_TEST_SUITE_P(Claim, TopicOfGreeting,
                         testing::Values(Case{"Ssh", "SSH-2.0-OpenSSH_5.3\r", 2222, "ssh"},
                                         Case{"SmtpByItsWord", "220 a ESMTP Postfix", 21, "smtp"},
                                         Case{"FtpByItsWord", "220 ProFTPD 1.3.0a Server", 25, "ftp"},
                                         Case{"FtpByItsPort", "220 ready", 21, "ftp"},
                                         Case{"SmtpByItsPort", "220 ready", 25, "smtp"},
                                         Case{"Neither", "220 ready", 7777, ""},
                                         Case{"NoBlankBehindTheCode", "2200 FTP", 21, ""},
                                         Case{"Pop", "+OK", 110, "pop3"}, Case{"Imap", "* OK x", 143, "imap"},
                                         Case{"Http", "HTTP/1.1 200 OK", 80, ""},
                                         Case{"Nothing", "", 21, ""}),
                         by_name);

}  // namespace
}  // namespace bansoko::claim
