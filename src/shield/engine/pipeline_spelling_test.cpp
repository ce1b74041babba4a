// SPDX-License-Identifier: Apache-2.0
// Older spellings of a response's body, as the peer understands them: all are about what the file holds.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using traffic::TestTcp;

struct Spelling {
  std::string_view name;
  std::string_view options;
  std::string verdicts;
};

class PipelineSpellings : public testing::TestWithParam<Spelling> {};

TEST_P(PipelineSpellings, LookIntoTheSameBytes) {
  const std::string rule = "drop http any any -> any any (msg:\"spelling\"; flow:established,to_client; " +
                           std::string(GetParam().options) + " sid:1;)\n";
  Line line(rule, small_settings(Mode::enforce));
  const auto frames = TestTcp()
                          .handshake()
                          .client("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                          .server("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nEVIL42ab")
                          .frames();
  EXPECT_EQ(line.send_all(frames), GetParam().verdicts);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, PipelineSpellings,
    testing::Values(
        Spelling{"LetterBehindAFile", R"(file_data; content:"EVIL"; pcre:"/^\d+a/QR";)", "aaaab"},
        Spelling{"LetterElsewhere", R"(file_data; content:"EVIL"; pcre:"/^a/QR";)", "aaaaa"},
        Spelling{"LetterAlone", R"(pcre:"/^EVIL\d/Q";)", "aaaab"},
        Spelling{"ModifierAndLetter", R"(content:"EVIL"; http_server_body; pcre:"/^42/QR";)", "aaaab"},
        Spelling{"ModifierElsewhere", R"(content:"EVIL"; http_server_body; pcre:"/^ab/QR";)", "aaaaa"}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
