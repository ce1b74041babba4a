// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/uri.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/cases.h"

namespace bansoko::proto::http {
namespace {

using namespace std::string_literals;

struct Case {
  std::string name;
  std::string target;
  std::string uri;
  std::string host = {};
};

class HttpUri : public testing::TestWithParam<Case> {};

TEST_P(HttpUri, IsNormalised) {
  Arena arena;
  const auto& target = GetParam().target;
  const auto parts = split_target(target);
  EXPECT_EQ(normalise(target, parts, arena), GetParam().uri);
  EXPECT_EQ(parts.host, GetParam().host);
}

INSTANTIATE_TEST_SUITE_P(
    Path, HttpUri,
    testing::Values(Case{"Empty", "", ""}, Case{"Root", "/", "/"}, Case{"CaseKept", "/A/BcD", "/A/BcD"},
                    Case{"PlusKept", "/a+b", "/a+b"}, Case{"Dot", "/a/./b", "/a/b"},
                    Case{"DotDot", "/a/../b", "/b"}, Case{"AboveRoot", "/../../a", "/a"},
                    Case{"DotAtEnd", "/a/.", "/a"}, Case{"DotDotAtEnd", "/a/b/..", "/a"},
                    Case{"DotSlashAtEnd", "/a/b/../", "/a"}, Case{"NothingLeft", "/a/..", ""},
                    Case{"SlashAtEndKept", "/a/b/../c/", "/a/c/"},
                    Case{"NoDotSegments", "/.../..b/c", "/.../..b/c"}, Case{"Relative", "a/../b", "/b"},
                    Case{"RelativeDots", "../a", "a"}, Case{"RepeatedSlashes", "/a//b///c", "/a/b/c"},
                    Case{"Backslashes", "\\a\\..\\b", "/b"}, Case{"EncodedDots", "/a/%2e%2E/b", "/b"},
                    Case{"EncodedSlashes", "/a%2f%5cb", "/a/b"}, Case{"DecodedOnce", "/%2541", "/%41"},
                    Case{"InvalidKept", "/a%zz%4", "/a%zz%4"}, Case{"PercentAtEnd", "/a%", "/a%"},
                    Case{"PercentTwice", "/a%%41", "/a%A"}, Case{"Nul", "/a%00b", "/a\0b"s},
                    Case{"QuestionMarkEncoded", "/a%3fb?c", "/a?b?c"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Unicode, HttpUri,
    testing::Values(Case{"UEscape", "/%u0041%U002fb", "/A/b"}, Case{"UFullWidth", "/%uff21", "/A"},
                    Case{"ULookAlikeSlash", "/a%u2215b", "/a/b"}, Case{"UNone", "/%u4e2d", "/?"},
                    Case{"UInvalid", "/%uzzzz%u2f", "/%uzzzz%u2f"}, Case{"Latin", "/%c3%a9", "/\xe9"},
                    Case{"OverlongSlash", "/a%c0%afb", "/a/b"},
                    Case{"OverlongDots", "/x/\xc0\xae\xc0\xae/b", "/b"},
                    Case{"OverlongThree", "/a\xe0\x80\xaf"s + "b", "/a/b"},
                    Case{"FullWidth", "/\xef\xbc\xa1", "/A"}, Case{"Stray", "/\x80x", "/?x"},
                    Case{"Broken", "/\xe3\x81x", "/?x"}, Case{"CutShort", "/\xf0\x90\x80", "/??"},
                    Case{"Surrogate", "/\xed\xa0\x80x", "/???x"},
                    Case{"BeyondUnicode", "/\xf4\x90\x80\x80x", "/????x"},
                    Case{"QueryAsItIs", "/a?\xc0\xaf", "/a?\xc0\xaf"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Rest, HttpUri,
    testing::Values(Case{"QueryDecoded", "/a?b=%20%41&c=%26", "/a?b= A&c=&"},
                    Case{"QueryUEscape", "/a?%u0041", "/a?A"},
                    Case{"QueryPathKept", "/a?b=/../c//d\\e", "/a?b=/../c//d\\e"},
                    Case{"Fragment", "/a#%41", "/a#A"}, Case{"FragmentPathKept", "/a#/../b", "/a#/../b"},
                    Case{"Star", "*", "*"}, Case{"Absolute", "http://h.com/a/../b?c", "/b?c", "h.com"},
                    Case{"AbsoluteBare", "http://h.com", "", "h.com"},
                    Case{"AbsoluteQuery", "http://h.com?x", "?x", "h.com"},
                    Case{"AbsoluteUserPort", "http://u:p@h:1/x", "/x", "h"},
                    Case{"AbsoluteAddress6", "http://[::1]:80/a", "/a", "[::1]"},
                    Case{"AtInPathIsNoUser", "http://h/x:y@z", "/x:y@z", "h"},
                    Case{"NoAuthority", "http:/a", "/a"}, Case{"HostAndPort", "h.com:443", "", "443"},
                    Case{"SchemeInQuery", "a?b=http://x/y", "a?b=http://x/y"},
                    Case{"TwoSlashes", "//h.com/a", "/h.com/a"}),
    by_name);

TEST(HttpUriPlain, StaysWhereItIs) {
  Arena arena;
  const std::string target = "http://h/index.html?a=b";
  const auto uri = normalise(target, split_target(target), arena);
  EXPECT_EQ(uri.data(), target.data() + 8);
}

}  // namespace
}  // namespace bansoko::proto::http
