// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/uri.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "shield/proto/http/recorder.h"
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
  UriFindings findings;
  EXPECT_EQ(normalise(parts, readings(packet::WebServer::generic)[0], arena, findings), GetParam().uri);
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

using packet::WebServer;

struct Read {
  std::string name;
  WebServer server;
  std::string target;
  std::string first;
  std::string second = "-";  // "-": the server has no other way to read it
  std::set<std::string> anomalies = {};
};

class HttpReading : public testing::TestWithParam<Read> {};

TEST_P(HttpReading, IsTheServers) {
  for (const std::size_t most : {std::size_t{1}, std::size_t{65536}}) {
    Recorder seen;
    const LoneParser parser(describe());
    parser->reset({.wanted = ~std::uint64_t{0}, .server = {.web_server = GetParam().server}});
    replay(*parser, seen, {{Side::client, "GET " + GetParam().target + " HTTP/1.1\r\n\r\n"}}, most);
    EXPECT_EQ(seen.value(0, Side::client, "http.uri", 0), GetParam().first);
    EXPECT_EQ(seen.value(0, Side::client, "http.uri", 1), GetParam().second);
    EXPECT_EQ(seen.value(0, Side::client, "http.uri", 2), "-");
    EXPECT_EQ(seen.value(0, Side::client, "http.uri.raw"), GetParam().target);
    EXPECT_EQ(seen.anomalies, GetParam().anomalies);
    EXPECT_EQ(seen.faults, std::vector<std::string>());
  }
}

constexpr auto kGeneric = WebServer::generic;
constexpr auto kApache = WebServer::apache;
constexpr auto kIis6 = WebServer::iis6;
constexpr auto kIis = WebServer::iis;

INSTANTIATE_TEST_SUITE_P(
    Generic, HttpReading,
    testing::Values(
        Read{"Plain", kGeneric, "/a/b.c?d=e", "/a/b.c?d=e"}, Read{"Encoded", kGeneric, "/%61", "/a"},
        Read{"Twice",
             kGeneric,
             "/s/..%255c..%255cw",
             "/s/..%5c..%5cw",
             "/w",
             {"http.uri_double_encoded", "http.uri_above_root"}},
        Read{"TwiceByDigits",
             kGeneric,
             "/a%%35%63b",
             "/a%5cb",
             "/a/b",
             {"http.uri_double_encoded", "http.uri_escape_invalid"}},
        Read{"TwiceInQuery", kGeneric, "/a?b=%2541", "/a?b=%41"},
        Read{"TwiceUtf8",
             kGeneric,
             "/a%25c0%25afb",
             "/a%c0%afb",
             "/a/b",
             {"http.uri_double_encoded", "http.uri_overlong"}},
        Read{"OverlongLoose",
             kGeneric,
             "/s/..%c1%1c..%c0%2fw",
             "/s/..?\x1c..?/w",
             "/w",
             {"http.uri_overlong", "http.uri_above_root"}},
        Read{
            "Overlong", kGeneric, "/s/..%c0%af../w", "/w", "-", {"http.uri_overlong", "http.uri_above_root"}},
        Read{"OverlongInQuery", kGeneric, "/a?b=%c0%ae%c0%ae/", "/a?b=\xc0\xae\xc0\xae/", "/a?b=../"},
        Read{"FullWidthSlash", kGeneric, "/a%ef%bc%8f..%ef%bc%8fb", "/b"},
        Read{"FullWidthBackslash", kGeneric, "/a/..%ef%bc%bcb", "/a/..\\b", "/b"},
        Read{"DivisionSlash", kGeneric, "/a/..%u2215b", "/b"},
        Read{"YenIsBackslash", kGeneric, "/a/..%c2%a5b",
             "/a/..\xa5"
             "b",
             "/b"},
        Read{"WonIsBackslash", kGeneric, "/a/..%u20a9b", "/a/..?b", "/b"},
        Read{"SoftHyphen", kGeneric, "/p.php?%add+x",
             "/p.php?\xad"
             "d+x",
             "/p.php?-d+x"},
        Read{"Parameters", kGeneric, "/a;x=1/b;y?c;d", "/a;x=1/b;y?c;d", "/a/b?c;d"},
        Read{"ParametersHideDots", kGeneric, "/a/..;/b", "/a/..;/b", "/b"},
        Read{"TrailingDots", kGeneric, "/a.asp.../b.?c.", "/a.asp.../b.?c.", "/a.asp/b?c."},
        Read{"TrailingBlanks", kGeneric, "/a.asp%20", "/a.asp ", "/a.asp"},
        Read{"BlankAfterDots", kGeneric, "/a/..%20/b", "/a/.. /b", "/b"},
        Read{"DotsOnly", kGeneric, "/.../b", "/.../b"},
        Read{"DataStream", kGeneric, "/a.asp::$DATA", "/a.asp::$DATA", "/a.asp"},
        Read{"IndexStream", kGeneric, "/a:$i30:$INDEX_ALLOCATION/b.asp", "/a:$i30:$INDEX_ALLOCATION/b.asp",
             "/a/b.asp"},
        Read{"ColonAlone", kGeneric, "/a:b", "/a:b"},
        Read{"NulEndsPath", kGeneric, "/a.asp%00.html?b", "/a.asp\0.html?b"s, "/a.asp?b", {"http.uri_nul"}},
        Read{"NulInQuery", kGeneric, "/a?b%00c", "/a?b\0c"s, "-", {"http.uri_nul"}},
        Read{"ControlCharacter", kGeneric, "/a\x01?b", "/a\x01?b", "-", {"http.uri_control_character"}},
        Read{"AboveRoot", kGeneric, "/a/../../b", "/b", "-", {"http.uri_above_root"}},
        Read{"InvalidEscape", kGeneric, "/a%zz", "/a%zz", "-", {"http.uri_escape_invalid"}},
        Read{"InvalidEscapeInQuery", kGeneric, "/a?100%", "/a?100%"},
        Read{"Pollution", kGeneric, "/a?id=1&id=%31", "/a?id=1&id=1"},
        Read{"CaseKept", kGeneric, "/Scripts/CMD.exe", "/Scripts/CMD.exe"},
        Read{"Absolute", kGeneric, "http://h/a%252f", "/a%2f", "/a/", {"http.uri_double_encoded"}},
        Read{"Fragment", kGeneric, "/a;b#%63", "/a;b#c", "/a#c"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Servers, HttpReading,
    testing::Values(
        Read{"ApacheOnce", kApache, "/%2561/..%2fb", "/b", "-", {"http.uri_double_encoded"}},
        Read{"ApacheBackslash", kApache, "/a\\..\\b%5c", "/a\\..\\b\\"},
        Read{"ApacheUEscape", kApache, "/%u0061?%u0061", "/%u0061?%u0061", "-", {"http.uri_escape_invalid"}},
        Read{"ApacheUtf8", kApache, "/a%c0%afb",
             "/a\xc0\xaf"
             "b"},
        Read{"ApacheDots", kApache, "/a/./b//../c./d;e", "/a/c./d;e"},
        Read{"ApacheNul", kApache, "/a%00b", "/a\0b"s, "-", {"http.uri_nul"}},
        Read{"Iis6Twice", kIis6, "/s/..%255cw", "/s/..%5cw", "/w", {"http.uri_double_encoded"}},
        Read{"Iis6Semicolon", kIis6, "/a.asp;.jpg", "/a.asp;.jpg", "/a.asp"},
        Read{"IisOnce", kIis, "/s/..%255cw", "/s/..%5cw", "-", {"http.uri_double_encoded"}},
        Read{"IisUEscape", kIis, "/%u0061%u2215b", "/a/b"}, Read{"IisSemicolon", kIis, "/a;b", "/a;b"},
        Read{"IisTrailing", kIis, "/a.aspx.", "/a.aspx.", "/a.aspx"},
        Read{"IisStream", kIis, "/a.aspx::$data", "/a.aspx::$data", "/a.aspx"}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::http
