// SPDX-License-Identifier: Apache-2.0
// Transforms: what each makes of bytes, and rules about what they made.
#include "shield/detect/transform_cache.h"
#include "shield/keyword/public_suffix.h"
#include "shield/keyword/toy_protocol.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using namespace std::string_literals;
using Sids = std::vector<std::uint32_t>;

struct Case {
  std::string name;
  std::string transforms;
  std::string bytes;
  std::string want;  // hexadecimal where it begins with '|'
};

std::string nested(std::size_t depth) {
  std::string text = "j";
  for (; depth > 0; --depth) text = "${::-" + text + "}";
  return text;
}

class Transforms : public testing::TestWithParam<Case> {};

std::string rule_about(std::string_view buffer, const Case& row) {
  return "alert toy any any -> any any (" + std::string(buffer) + " " + row.transforms + " content:\"" +
         row.want + "\"; startswith; endswith; sid:1;)\n";
}

TEST_P(Transforms, GiveTheseBytes) {
  ToyTransactions toys(rule_about("toy.head;", GetParam()));
  ASSERT_EQ(toys.problems(), "");
  toys.transaction.head = GetParam().bytes;
  EXPECT_EQ(toys.at(1), Sids{1});
}

TEST_P(Transforms, AllocateNothingAndWorkOnPackets) {
  RuleHarness harness("alert udp any any -> any any (" + GetParam().transforms + " content:\"" +
                      GetParam().want + "\"; startswith; endswith; sid:1;)");
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  packet::Packet packet{
      .payload = as_bytes(GetParam().bytes), .ip_version = 4, .protocol = 17, .has_transport = true};
  harness.packet(packet);
  const AllocationCounter allocations;
  harness.inspector().begin({.packet = &packet});
  harness.inspector().finish();
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(harness.sids(), Sids{1});
}

INSTANTIATE_TEST_SUITE_P(
    Each, Transforms,
    testing::Values(
        Case{"Dotprefix", "dotprefix;", "hello.example", ".hello.example"},
        Case{"Lowercase", "to_lowercase;", "A[bZ`\xc4|", "a[bz`|c4 7c|"},
        Case{"Uppercase", "to_uppercase;", "a{Bz@\xe4", "A{BZ@|e4|"},
        Case{"StripWhitespace", "strip_whitespace;", " a\tb\r\nc\v\fd ", "abcd"},
        Case{"CompressWhitespace", "compress_whitespace;", "a \t b\n\nc", "a b|0a|c"},
        Case{"HeaderLowercase", "header_lowercase;", "Host: EXAMPLE\r\nX-Y: A:B\r\n",
             "host|3a| EXAMPLE|0d 0a|x-y|3a| A|3a|B|0d 0a|"},
        Case{"StripPseudoHeaders", "strip_pseudo_headers;", ":method: GET\r\nhost: a\r\n:path: /",
             "host|3a| a|0d 0a|"},
        Case{"StripPseudoHeadersEmptyLine", "strip_pseudo_headers;", "\n:a\nb", "|0a|b"},
        Case{"UrlDecode", "url_decode;", "a%41%4a+%zz%4", "aAJ %zz%4"},
        Case{"UrlDecodeOnce", "url_decode;", "%2541", "%41"},
        Case{"JsonUnescape", "json_unescape;", R"(\u0024\u007b\/\"\\)", R"(${/|22 5c|)"},
        Case{"JsonUnescapeAsUtf8", "json_unescape;", R"(\u00e9\u2215)", "|c3 a9 e2 88 95|"},
        Case{"JsonUnescapeControl", "json_unescape;", R"(\n\t)", "|0a 09|"},
        Case{"JsonUnescapeNone", "json_unescape;", R"(\u00g0 \u12)", R"(|5c|u00g0 |5c|u12)"},
        Case{"JsonUnescapeAtTheEnd", "json_unescape;", R"(a\)", R"(a|5c|)"},
        Case{"Lookups", "resolve_lookups;", "${${lower:J}n${upper:d}${::-i}:x}", "${jnDi|3a|x}"},
        Case{"LookupsOtherwise", "resolve_lookups;", "a${env:X:-b}${:-c}${a:b:-}d", "abcd"},
        Case{"LookupsInTheDefault", "resolve_lookups;", "${a:-${b:-${c:-j}}ndi}", "jndi"},
        Case{"LookupsOfADate", "resolve_lookups;", "${${date:'j'}ndi:x}", "${jndi|3a|x}"},
        Case{"LookupsDotlessI", "resolve_lookups;", "${jnd${upper:\xc4\xb1}:x}", "${jndI|3a|x}"},
        Case{"LookupsColon", "resolve_lookups;", "${jndi${lower::}x${::-:}y}", "${jndi|3a|x|3a|y}"},
        Case{"LookupsUnknown", "resolve_lookups;", "${env:HOME} ${x", "${env|3a|HOME} ${x"},
        Case{"LookupsJndiWithDefault", "resolve_lookups;", "${JNDI:x:-y}", "${JNDI|3a|x|3a|-y}"},
        Case{"LookupsDollarMade", "resolve_lookups;", "${a:-$}{jndi:x}", "${jndi|3a|x}"},
        Case{"LookupsDeep", "resolve_lookups;", nested(64), "j"},
        Case{"LookupsTooDeep", "resolve_lookups;", nested(65), "${|3a 3a|-j}${too deep}"},
        Case{"SqlTexts", "normalise_sql;", "exec('xp_' +N'cmd'+ char(115) + NCHAR( 0x68 )+0x65006C006c00)",
             "exec('xp_cmdshell')"},
        Case{"SqlComments", "normalise_sql;", "a/* b /* c */ ' */--d'\n\te", "a e"},
        Case{"SqlCommentsBetween", "normalise_sql;", "'a'/*x*/+--y\n'b' 'c'", "'ab' 'c'"},
        Case{"SqlCommentWithoutEnd", "normalise_sql;", "a /* b", "a "},
        Case{"SqlQuotesWithin", "normalise_sql;", "'it''s --' + 'b'", "'it''s --b'"},
        Case{"SqlNames", "normalise_sql;", "[a'b] \"c'd\" + 'e'+'f'", "[a'b] |22|c'd|22| + 'ef'"},
        Case{"SqlNumbers", "normalise_sql;", "0x00ff + 1 + 0x4 + char(7) + varchar(65)",
             "0x00ff + 1 + 0x4 + char(7) + varchar(65)"},
        Case{"SqlHexadecimalText", "normalise_sql;", "0x7870", "'xp'"},
        Case{"SqlTextWithoutEnd", "normalise_sql;", "a 'b", "a 'b'"},
        Case{"SqlWordBeforeQuote", "normalise_sql;", "join'a'", "join'a'"},
        Case{"Xor", "xor:\"0d0ac8ff\";", "}k\xbb\x8cze", "password"s.substr(0, 6)},
        Case{"FromBase64", "from_base64;", "Zm9vYmFy", "foobar"},
        Case{"FromBase64UpToAStranger", "from_base64;", "Zm9v YmFy", "foo"},
        Case{"FromBase64Part", "from_base64: offset 2, bytes 4;", "::Zm9vYmFy", "foo"},
        Case{"FromBase64PassesStrangers", "from_base64: mode rfc2045;", "Zm9v\r\nYm=Fy", "foobar"},
        Case{"FromBase64Strict", "from_base64: mode strict;", "Zm9vYg==", "foob"},
        Case{"FromBase64NotStrict", "from_base64: mode strict;", "Zm9vYg", "Zm9vYg"},
        Case{"FromBase64BeyondTheEnd", "from_base64: offset 9;", "Zm9vYmFy", "Zm9vYmFy"},
        Case{"FromBase64Nothing", "from_base64;", "-abc", "-abc"},
        Case{"Md5", "to_md5;", "abc", "|90015098 3cd24fb0 d6963f7d 28e17f72|"},
        Case{"Sha1", "to_sha1;", "abc", "|a9993e36 4706816a ba3e2571 7850c26c 9cd0d89d|"},
        Case{"Sha256", "to_sha256;", "abc",
             "|ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 96177a9c b410ff61 f20015ad|"},
        Case{"Pcrexform", "pcrexform:\"^GET (.*) HTTP\";", "GET /a HTTP/1.1", "/a"},
        Case{"PcrexformNoMatch", "pcrexform:\"^PUT (.*) HTTP\";", "GET /a", "GET /a"},
        Case{"PcrexformGroupTookNoPart", "pcrexform:\"^GET|PUT (.*)\";", "GET /a", "GET /a"},
        Case{"Domain", "domain;", "www.example.co.uk", "example.co.uk"},
        Case{"Tld", "tld;", "www.example.co.uk", "co.uk"},
        Case{"ChainInOrder", "strip_whitespace; dotprefix; to_uppercase;", " a b ", ".AB"},
        Case{"ChainOfPartsOfParts", "dotprefix; domain; dotprefix; tld;", "www.example.org", "org"},
        Case{"ChainDigestOfDigest", "to_md5; to_md5;", "abc", "|af5da9f4 5af7a300 e3aded97 2f8ff687|"}),
    by_name);

struct NameCase {
  std::string name;
  std::string_view of, suffix, domain;
};

class Names : public testing::TestWithParam<NameCase> {};

TEST_P(Names, AreSplitWhereTheyAreRegistered) {
  EXPECT_EQ(public_suffix(GetParam().of), GetParam().suffix);
  EXPECT_EQ(registered_domain(GetParam().of), GetParam().domain);
}

INSTANTIATE_TEST_SUITE_P(Suffix, Names,
                         testing::Values(NameCase{"Empty", "", "", ""},
                                         NameCase{"TopLevel", "com", "com", ""},
                                         NameCase{"Domain", "example.com", "com", "example.com"},
                                         NameCase{"Host", "a.b.example.com", "com", "example.com"},
                                         NameCase{"LastDot", "a.example.com.", "com", "example.com"},
                                         NameCase{"SecondLevel", "a.example.ne.jp", "ne.jp", "example.ne.jp"},
                                         NameCase{"SecondLevelAlone", "co.uk", "co.uk", ""},
                                         NameCase{"NoSuchSecondLevel", "a.example.uk", "uk", "example.uk"},
                                         NameCase{"OtherCase", "A.Example.CO.UK", "CO.UK", "Example.CO.UK"},
                                         NameCase{"DotsAlone", "...", "", "."}),
                         by_name);

TEST(TransformedBuffer, IsOneOfItsOwn) {
  ToyTransactions toys(
      "alert toy any any -> any any (toy.head; content:\"Evil\"; toy.head; to_lowercase; content:\"evil\"; "
      "content:!\"Evil\"; sid:1;)\n"
      "alert toy any any -> any any (toy.head; to_lowercase; content:\"Evil\"; sid:2;)\n"
      "alert toy any any -> any any (toy.head; content:\"Ev\"; startswith; to_uppercase; content:\"EVIL\"; "
      "endswith; sid:3;)\n");
  ASSERT_EQ(toys.problems(), "");
  toys.transaction.head = "Evil";
  EXPECT_EQ(toys.at(1), (Sids{1, 3}));
}

TEST(TransformedBuffer, OtherStepsSeeWhatWasMade) {
  ToyTransactions toys(
      "alert toy any any -> any any (toy.head; dotprefix; bsize:5; sid:1;)\n"
      "alert toy any any -> any any (toy.head; dotprefix; isdataat:4; isdataat:!5; sid:2;)\n"
      "alert toy any any -> any any (toy.head; dotprefix; byte_test:1,=,0x2e,0; sid:3;)\n"
      "alert toy any any -> any any (toy.head; dotprefix; pcre:\"/^\\.h/\"; sid:4;)\n"
      "alert toy any any -> any any (toy.head; bsize:5; sid:5;)\n");
  ASSERT_EQ(toys.problems(), "");
  toys.transaction.head = "head";
  EXPECT_EQ(toys.at(1), (Sids{1, 2, 3, 4}));
}

TEST(TransformedBuffer, EachInstance) {
  ToyTransactions toys(
      "alert toy any any -> any any (toy.item; dotprefix; content:\".b.example\"; startswith; sid:1;)\n");
  toys.transaction.items = {"a.example", "b.example"};
  EXPECT_EQ(toys.at(1), Sids{1});
}

TEST(TransformedBuffer, ThatGrowsIsLookedAtWhenItIsComplete) {
  ToyTransactions toys(
      "alert toy any any -> any any (toy.body; strip_whitespace; content:\"evil\"; sid:1;)\n"
      "alert toy any any -> any any (toy.body; strip_whitespace; content:!\"evil\"; sid:2;)\n"
      "alert toy any any -> any any (toy.body; content:\"e v\"; sid:3;)\n");
  toys.transaction.body = "e v";
  EXPECT_EQ(toys.at(2), Sids{3});
  toys.transaction.body = "e v i l";
  EXPECT_EQ(toys.at(2), Sids{});
  EXPECT_EQ(toys.at(proto::kComplete), Sids{1});
}

TEST(TransformedBuffer, IsMadeAfreshForEachLook) {
  ToyTransactions toys("alert toy any any -> any any (toy.head; to_uppercase; content:\"B\"; sid:1;)\n");
  std::string& head = toys.transaction.head;
  head = "a";
  EXPECT_EQ(toys.at(1), Sids{});
  head[0] = 'b';  // the same bytes of memory in another transaction
  Toy next;
  next.head.swap(head);
  packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
  auto& inspector = toys.harness.inspector();
  inspector.begin({.packet = &packet, .flow = &toys.harness.flow, .protocol = 0});
  next.progress[0] = 1;
  inspector.transaction(next, flow::Side::client);
  inspector.finish();
  EXPECT_EQ(toys.harness.sids(), Sids{1});
}

TEST(TransformedPayload, IsThatOfEachPacketAlone) {
  RuleHarness harness("alert tcp any any -> any any (to_lowercase; content:\"exploit\"; sid:1;)");
  EXPECT_EQ(harness.stream("EXP"), Sids{});
  EXPECT_EQ(harness.stream("LOIT"), Sids{});
  EXPECT_EQ(harness.stream("an EXPLOIT"), Sids{1});
}

TEST(TransformLimit, IsCountedAndTheRestGoesOn) {
  RuleHarness harness(
      "alert udp any any -> any any (to_lowercase; content:\"evil\"; sid:1;)\n"
      "alert udp any any -> any any (content:\"EVIL\"; sid:2;)\n",
      {}, 1, {}, all_aliases(), 4096);
  const auto sids = [&harness](std::size_t size) {
    const std::string payload = "EVIL" + std::string(size - 4, 'x');
    const packet::Packet packet{
        .payload = as_bytes(payload), .ip_version = 4, .protocol = 17, .has_transport = true};
    return harness.packet(packet);
  };
  EXPECT_EQ(sids(4096 - detect::Transform::kRoom), (Sids{1, 2}));
  EXPECT_EQ(harness.inspector().counters().transform_limit.value(), 0U);
  EXPECT_EQ(sids(4097 - detect::Transform::kRoom), Sids{2});
  EXPECT_GT(harness.inspector().counters().transform_limit.value(), 0U);
}

TEST(TransformLimit, OfResults) {
  ToyTransactions toys("alert toy any any -> any any (toy.item; dotprefix; content:\".evil\"; sid:1;)\n");
  toys.transaction.items.assign(detect::TransformCache::kMaxResults, "x");
  for (std::size_t i = 0; i < toys.transaction.items.size(); ++i)
    toys.transaction.items[i] = std::to_string(i);
  toys.transaction.items.back() = "evil";
  EXPECT_EQ(toys.at(1), Sids{1});
  EXPECT_EQ(toys.harness.inspector().counters().transform_limit.value(), 0U);
  Toy more;
  more.items = toys.transaction.items;
  more.items.insert(more.items.begin(), "one more");
  more.progress[0] = 1;
  packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
  auto& inspector = toys.harness.inspector();
  inspector.begin({.packet = &packet, .flow = &toys.harness.flow, .protocol = 0});
  inspector.transaction(more, flow::Side::client);
  inspector.finish();
  EXPECT_EQ(toys.harness.sids(), Sids{});
  EXPECT_EQ(inspector.counters().transform_limit.value(), 1U);
}

struct Fault {
  std::string name;
  std::string rule;
  std::string want;
};

class RefusedTransform : public testing::TestWithParam<Fault> {};

TEST_P(RefusedTransform, SaysWhy) {
  const ToyTransactions toys(GetParam().rule);
  EXPECT_NE(toys.problems().find(GetParam().want), std::string::npos) << toys.problems();
  EXPECT_EQ(toys.harness.set->rules().size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Rule, RefusedTransform,
    testing::Values(
        Fault{"BehindContentOfThePayload",
              "alert udp any any -> any any (content:\"a\"; to_md5; content:\"b\"; sid:1;)",
              "to_md5: it must stand directly behind the buffer"},
        Fault{
            "BehindContentOfAChangedBuffer",
            "alert toy any any -> any any (toy.head; to_md5; content:\"b\"; to_sha1; content:\"b\"; sid:1;)",
            "to_sha1: it must stand directly behind"},
        Fault{"ForNothing", "alert toy any any -> any any (toy.head; to_md5; sid:1;)",
              "nothing is looked for in 'toy.head'"},
        Fault{"OfAStream",
              "alert tcp any any -> any any (flow:only_stream; to_lowercase; content:\"a\"; sid:1;)",
              "a stream cannot"},
        Fault{"XorOdd", "alert udp any any -> any any (xor:\"0d0\"; content:\"a\"; sid:1;)", "3 hexadecimal"},
        Fault{"XorEmpty", "alert udp any any -> any any (xor:\"\"; content:\"a\"; sid:1;)", "0 hexadecimal"},
        Fault{"XorText", "alert udp any any -> any any (xor:\"0x\"; content:\"a\"; sid:1;)", "'0x' is not"},
        Fault{"PcrexformGroups",
              "alert udp any any -> any any (pcrexform:\"a(b)(c)\"; content:\"a\"; sid:1;)",
              "2 groups, not one"},
        Fault{"PcrexformWrong", "alert udp any any -> any any (pcrexform:\"(\"; content:\"a\"; sid:1;)",
              "the expression is wrong"},
        Fault{"Value", "alert udp any any -> any any (to_md5:1; content:\"a\"; sid:1;)", "takes no value"}),
    by_name);

}  // namespace
}  // namespace bansoko::keyword
