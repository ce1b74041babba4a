// SPDX-License-Identifier: Apache-2.0
#include "assess/xml/reader.h"

#include <string>

#include <gtest/gtest.h>

#include "assess/xml/records.h"

namespace bansoko::xml {
namespace {

/// Writes down what it hears: "+a b=1", "-a text".
class Writer final : public Handler {
 public:
  Result<> begin(const Element& element) override {
    heard += "+" + std::string(element.path);
    for (const Attribute& one : element.attributes)
      heard += " " + std::string(one.name) + "=" + std::string(one.value);
    heard += "\n";
    if (element.name == "stop") return fail(Errc::invalid, "stopped");
    return {};
  }
  Result<> end(const Element& element) override {
    heard += "-" + std::string(element.path) + " [" + std::string(element.text) + "]";
    if (!element.space.empty()) heard += " of " + std::string(element.space);
    heard += "\n";
    return {};
  }

  std::string heard;
};

std::string read(std::string_view xml, const Limits& limits = {}) {
  Writer writer;
  const auto done = parse(xml, writer, limits);
  return done ? writer.heard : done.error().message;
}

Read in_pieces(std::string_view bytes, std::size_t size) {
  return [bytes, size](std::span<char> out) mutable -> Result<std::size_t> {
    const std::size_t count = std::min({out.size(), size, bytes.size()});
    std::copy_n(bytes.begin(), count, out.begin());
    bytes.remove_prefix(count);
    return count;
  };
}

constexpr std::string_view kSample =
    "<?xml version=\"1.0\"?><!-- a --><a:r xmlns:a='urn:x' xmlns='urn:y' one='1' a:two='&lt;2&gt;'>head"
    "<b>in <![CDATA[<b>]]>&amp; &#x3042;</b>tail<c/></a:r>\n";
constexpr std::string_view kSampleHeard =
    "+r one=1 two=<2>\n+r/b\n-r/b [in <b>& あ] of urn:y\n+r/c\n-r/c [] of urn:y\n-r [headtail] of urn:x\n";

TEST(XmlReader, TellsElementsWithPathAttributesAndText) { EXPECT_EQ(read(kSample), kSampleHeard); }

TEST(XmlReader, TheSameInPiecesOfEachSize) {
  for (std::size_t size = 1; size <= kSample.size(); ++size) {
    Writer writer;
    ASSERT_TRUE(parse(in_pieces(kSample, size), writer, {}));
    EXPECT_EQ(writer.heard, kSampleHeard) << size;
  }
}

TEST(XmlReader, OtherEncodings) {
  EXPECT_EQ(read("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>"), "+a\n-a [é]\n");
  const std::string wide("\xFF\xFE<\0a\0/\0>\0", 10);
  EXPECT_EQ(read(wide), "+a\n-a []\n");
}

struct Refused {
  std::string_view name;
  std::string_view xml;
  std::string_view error;
};

class XmlRefuses : public testing::TestWithParam<Refused> {};

TEST_P(XmlRefuses, WithLineAndColumn) { EXPECT_EQ(read(GetParam().xml), GetParam().error); }

INSTANTIATE_TEST_SUITE_P(
    All, XmlRefuses,
    testing::Values(
        Refused{"Nothing", "", "line 1, column 1: no element found"},
        Refused{"NoXml", "invalid", "line 1, column 1: syntax error"},
        Refused{"Cut", "<a>\n <b", "line 2, column 2: unclosed token"},
        Refused{"CutAfterTag", "<a>\n<b>", "line 2, column 4: no element found"},
        Refused{"Mismatched", "<a></b>", "line 1, column 6: mismatched tag"},
        Refused{"Trailing", "<a/>x", "line 1, column 5: junk after document element"},
        Refused{"TwoRoots", "<a/><b/>", "line 1, column 5: junk after document element"},
        Refused{"TwiceTheSameAttribute", "<a b='1' b='2'/>", "line 1, column 10: duplicate attribute"},
        Refused{"Doctype", "<!DOCTYPE a><a/>",
                "line 1, column 12: a document type (DOCTYPE) is not accepted"},
        Refused{"InternalEntity", "<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a>&b;</a>",
                "line 1, column 13: a document type (DOCTYPE) is not accepted"},
        Refused{"ExternalEntity", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>\n<a>&b;</a>",
                "line 1, column 13: a document type (DOCTYPE) is not accepted"},
        Refused{"ExternalType", "<!DOCTYPE a SYSTEM 'http://192.0.2.1/a.dtd'><a/>",
                "line 1, column 44: a document type (DOCTYPE) is not accepted"},
        Refused{"UnknownEntity", "<a>&b;</a>", "line 1, column 4: undefined entity"},
        Refused{"NoPrefix", "<x:a/>", "line 1, column 1: unbound prefix"},
        Refused{"BadUtf8", "<a>\xC3(</a>", "line 1, column 4: not well-formed (invalid token)"},
        Refused{"Nul", std::string_view("<a>\0</a>", 8), "line 1, column 4: not well-formed (invalid token)"},
        Refused{"UnknownEncoding", "<?xml version='1.0' encoding='x'?><a/>",
                "line 1, column 31: unknown encoding"},
        Refused{"ByTheHandler", "<a>\n<stop/></a>", "line 2, column 1: stopped"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(XmlReader, EachLimit) {
  EXPECT_EQ(read("<a><b/></a>", {.max_depth = 2}).front(), '+');
  EXPECT_EQ(read("<a><b><c/></b></a>", {.max_depth = 2}), "line 1, column 7: more than 2 elements deep");
  EXPECT_EQ(read("<abc/>", {.max_name = 3}).front(), '+');
  EXPECT_EQ(read("<abcd/>", {.max_name = 3}), "line 1, column 1: a name of more than 3 bytes");
  EXPECT_EQ(read("<a b='' c=''/>", {.max_attributes = 2}).front(), '+');
  EXPECT_EQ(read("<a b='' c='' d=''/>", {.max_attributes = 2}), "line 1, column 1: more than 2 attributes");
  EXPECT_EQ(read("<a>12345</a>", {.max_text = 5}).front(), '+');
  EXPECT_EQ(read("<a>12<b/>3456</a>", {.max_text = 5}), "line 1, column 10: a text of more than 5 bytes");
  EXPECT_EQ(read("<a b='123456'/>", {.max_text = 5}), "line 1, column 1: attributes of more than 5 bytes");
  EXPECT_EQ(read("<a/>", {.max_bytes = 4}).front(), '+');
  EXPECT_EQ(read("<a/> ", {.max_bytes = 4}), "line 1, column 1: more than 4 bytes");
}

TEST(XmlReader, ATagWithoutEndIsNotKept) {
  std::uint64_t given = 0;
  Writer writer;
  const Read endless = [&given](std::span<char> out) -> Result<std::size_t> {
    std::fill(out.begin(), out.end(), ' ');
    if (given == 0) std::copy_n("<a ", 3, out.begin());
    given += out.size();
    return out.size();
  };
  const auto done = parse(endless, writer, {.max_text = 100'000});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "line 1, column 1: a tag or comment of more than 231072 bytes");
  EXPECT_LT(given, 400'000U);
}

TEST(XmlReader, TheErrorOfTheSourceIsGivenBack) {
  Writer writer;
  const auto done =
      parse([](std::span<char>) -> Result<std::size_t> { return fail(Errc::io, "gone"); }, writer, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "gone");
}

TEST(XmlRecords, AreCutOut) {
  std::string seen;
  Records records([](const Element& element) { return element.path == "r/item"; },
                  [&seen](std::string_view path, Node& node) -> Result<> {
                    seen += std::string(path) + ":" + std::string(node.attribute("id")) + ":" +
                            std::string(node.text_at("a/b")) + std::string(node.text_at("a/x")) + ";";
                    return {};
                  });
  ASSERT_TRUE(
      parse("<r><x><item/></x><item id='1'><a><b> one </b></a></item><item id='2'/></r>", records, {}));
  EXPECT_EQ(seen, "r/item:1:one;r/item:2:;");
}

TEST(XmlRecords, TextsAsWritten) {
  std::string seen;
  Records records([](const Element&) { return true; },
                  [&seen](std::string_view, Node& node) -> Result<> {
                    seen = node.text;
                    return {};
                  },
                  {}, Records::Texts::as_written);
  ASSERT_TRUE(parse("<r> a\n</r>", records, {}));
  EXPECT_EQ(seen, " a\n");
}

TEST(XmlRecords, EachLimit) {
  const auto cut = [](RecordLimits limits) {
    Records records([](const Element& element) { return element.path == "r/i"; },
                    [](std::string_view, Node&) -> Result<> { return {}; }, limits);
    const auto done = parse("<r><i><a/>\n<b/></i><i>text</i></r>", records, {});
    return done ? "" : done.error().message;
  };
  EXPECT_EQ(cut({.max_nodes = 3, .max_bytes = 5}), "");
  EXPECT_EQ(cut({.max_nodes = 2}), "line 2, column 1: a record of more than 2 elements");
  EXPECT_EQ(cut({.max_bytes = 4}), "line 2, column 16: a record of more than 4 bytes");
}

}  // namespace
}  // namespace bansoko::xml
