// SPDX-License-Identifier: Apache-2.0
// Rule options about files that have passed, and about what a message lacks.
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "shield/detect/rule_set_state.h"
#include "shield/keyword/rule_harness.h"
#include "shield/keyword/toy_protocol.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using Sids = std::vector<std::uint32_t>;
using namespace std::string_literals;

/// A file, as a protocol shows it.
struct File final : proto::Transaction {
  std::string size, md5;
};

std::optional<Bytes> md5_of(proto::Transaction& transaction, unsigned i) noexcept {
  const std::string& md5 = static_cast<const File&>(transaction).md5;
  return i == 0 && !md5.empty() ? std::optional(as_bytes(md5)) : std::nullopt;
}
std::optional<Bytes> size_of(proto::Transaction& transaction, unsigned i) noexcept {
  const std::string& size = static_cast<const File&>(transaction).size;
  return i == 0 && !size.empty() ? std::optional(as_bytes(size)) : std::nullopt;
}

constexpr std::array kBuffers{
    proto::Buffer{"file.md5", "", flow::Side::client, 1, true, md5_of, true},
    proto::Buffer{"file.sha1", "", flow::Side::client, 1, true, md5_of, true},
    proto::Buffer{"file.sha256", "", flow::Side::client, 1, true, md5_of, true},
    proto::Buffer{"file.size", "", flow::Side::client, 1, true, size_of, true},
};
constexpr proto::Protocol kFiles{.name = "files",
                                 .help = "",
                                 .transports = proto::kOverTcp,
                                 .probe = nullptr,
                                 .make_parser = nullptr,
                                 .buffers = kBuffers};
constexpr std::array<const proto::Protocol*, 1> kProtocols{&kFiles};

FilesBeside lists() {
  return {.files = {{"good.md5", "# of abc\n900150983cd24fb0d6963f7d28e17f72  abc.txt\n"},
                    {"empty", ""},
                    {"short.md5", "9001\n"}}};
}

RuleHarness harness_of(const std::string& options) {
  return RuleHarness("alert files any any -> any any (" + options + " sid:1;)", kProtocols, 1, lists());
}

struct Case {
  std::string name;
  std::string options;
  std::string size, md5;
  bool want;
};

class FileOptions : public testing::TestWithParam<Case> {};

TEST_P(FileOptions, Hold) {
  RuleHarness harness = harness_of(GetParam().options);
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  harness.flow.key.protocol = packet::Protocol::tcp;
  packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
  File file;
  const auto look = [&] {
    harness.inspector().begin(
        {.packet = &packet, .flow = &harness.flow, .side = flow::Side::client, .protocol = 0});
    file.progress[0] = 1;
    harness.inspector().transaction(file, flow::Side::client);
    harness.inspector().finish();
    return harness.sids();
  };
  EXPECT_EQ(look(), Sids{}) << "before the file is over";
  file.size = GetParam().size;
  file.md5 = GetParam().md5;
  EXPECT_EQ(look(), GetParam().want ? Sids{1} : Sids{});
}

std::string sized(std::uint32_t size, bool is_whole = true) {
  std::string bytes(4, '\0');
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(size >> shift & 0xFFU);
  return bytes + static_cast<char>(is_whole ? 1 : 0);
}
std::string md5(std::string_view text) {
  Digest digest(DigestKind::md5);
  digest.add(as_bytes(text));
  return std::string(as_text(digest.finish()));
}

INSTANTIATE_TEST_SUITE_P(
    Digests, FileOptions,
    testing::Values(Case{"Listed", "filemd5:good.md5;", "", md5("abc"), true},
                    Case{"Quoted", "filemd5:\"good.md5\";", "", md5("abc"), true},
                    Case{"NotListed", "filemd5:good.md5;", "", md5("abd"), false},
                    Case{"NegatedAndListed", "filemd5:!good.md5;", "", md5("abc"), false},
                    Case{"NegatedAndNotListed", "filemd5:!good.md5;", "", md5("abd"), true},
                    Case{"NegatedWithoutDigest", "filemd5:!good.md5;", sized(3, false), "", false},
                    Case{"EmptyList", "filesha256:empty;", "", md5("abc"), false}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Sizes, FileOptions,
    testing::Values(Case{"Exact", "filesize:3;", sized(3), "", true},
                    Case{"ExactOfOneThatWasCut", "filesize:3;", sized(3, false), "", false},
                    Case{"Greater", "filesize:>10KB;", sized(10241), "", true},
                    Case{"NotGreater", "filesize:>10KB;", sized(10240), "", false},
                    Case{"GreaterAlthoughCut", "filesize:>=3;", sized(3, false), "", true},
                    Case{"Less", "filesize:<1mb;", sized(3), "", true},
                    Case{"LessOfOneThatWasCut", "filesize:<1MB;", sized(3, false), "", false},
                    Case{"Between", "filesize:1KB<>2KB;", sized(1500), "", true},
                    Case{"NotBetween", "filesize:1 KB<>2 KB;", sized(1024), "", false},
                    Case{"Not", "filesize:!3;", sized(4), "", true},
                    Case{"NotOfOneThatWasCut", "filesize:!>3;", sized(3, false), "", false}),
    by_name);

class Refused : public testing::TestWithParam<std::string> {};

TEST_P(Refused, WithTheReason) {
  const RuleHarness harness = harness_of(GetParam());
  EXPECT_FALSE(harness.diagnostics.empty());
}

INSTANTIATE_TEST_SUITE_P(Options, Refused,
                         testing::Values("filemd5:;", "filemd5:!;", "filemd5:none;", "filemd5:short.md5;",
                                         "filesha1:good.md5;", "filesize:;", "filesize:3TB;", "filesize:<0;",
                                         "filesize:99999999999GB;", "filemagic:\"PDF\";",
                                         "file.md5; absent; content:\"a\";", "absent;",
                                         "file.md5; absent:no;", "file.md5; content:\"a\"; absent;",
                                         "from_base64: mode x;", "from_base64: offset -1; content:\"a\";",
                                         "requires: version 8;", "requires: version >= x;",
                                         "frame:smtp.data; content:\"a\";", "gunzip;",
                                         "zlib_deflate: max-size 8;", "luaxform:a.lua;", "replace:\"a\";"));

class Accepted : public testing::TestWithParam<std::string> {};

TEST_P(Accepted, WithAWarning) {
  const RuleHarness harness = harness_of("filesize:>1; " + GetParam());
  ASSERT_EQ(harness.diagnostics.size(), 1u);
  EXPECT_EQ(harness.diagnostics.front().severity, rule::Severity::warning);
  EXPECT_EQ(harness.set->rules().size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Options, Accepted,
                         testing::Values("filestore;", "filestore:both,file;", "bypass;",
                                         "nfq_set_mark:0x8/0xf;"));

TEST(Absent, HoldsOfAMessageWithoutTheBuffer) {
  const std::string rules =
      "alert toy any any -> any any (toy.item; absent; sid:1;)\n"
      "alert toy any any -> any any (toy.item; absent:or_else; content:!\"abc\"; sid:2;)\n"
      "alert toy any any -> any any (toy.item; absent:or_else; content:\"abc\"; sid:3;)\n"
      "alert toy any any -> any any (toy.item; content:!\"abc\"; sid:4;)\n";
  struct Row {
    std::vector<std::string> items;
    Sids want;
  };
  for (const Row& row : {Row{{}, {1, 2, 3}}, Row{{"abc"}, {3}}, Row{{"x"}, {2, 4}}}) {
    ToyTransactions toys(rules);
    ASSERT_EQ(toys.problems(), "");
    toys.transaction.items = row.items;
    EXPECT_EQ(toys.at(proto::kComplete), row.want);
  }
}

struct Requirement {
  std::string name, text;
  bool is_met;
};

class Requires : public testing::TestWithParam<Requirement> {};

TEST_P(Requires, LeavesRulesOutWithoutAFault) {
  const std::string unknown = GetParam().is_met ? "" : "no_such_option;";
  const RuleHarness harness("alert tcp any any -> any any (content:\"abc\"; " + unknown +
                            " requires: " + GetParam().text + "; sid:1;)");
  EXPECT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  EXPECT_EQ(harness.set->rules().size(), GetParam().is_met ? 1u : 0u);
  EXPECT_EQ(harness.set->counts().refused, 0u);
}

INSTANTIATE_TEST_SUITE_P(Versions, Requires,
                         testing::Values(Requirement{"Older", "version >= 7.0.3", true},
                                         Requirement{"Exactly", "version >= 9.0.0 <= 9", true},
                                         Requirement{"Newer", "version >= 10", false},
                                         Requirement{"OutOfDate", "version >= 7 < 8", false},
                                         Requirement{"OneOfTwo", "version >= 7.0.3 < 8 | > 8.9", true},
                                         Requirement{"NoneOfTwo", "version >= 7.0.3 < 8 | >= 9.0.99", false},
                                         Requirement{"Keyword", "keyword sid", true},
                                         Requirement{"Buffer", "version >= 8, keyword content", true},
                                         Requirement{"UnknownKeyword", "version >= 8, keyword foobar", false},
                                         Requirement{"Feature", "feature geoip", false},
                                         Requirement{"UnknownRequirement", "foo bar", false}),
                         by_name);

TEST(WantedBuffers, AreThoseOfRulesForTheServersPort) {
  const RuleHarness harness(
      "alert files any any -> any 80 (filemd5:good.md5; sid:1;)\n"
      "alert files any any -> any 81 (filesize:>1; sid:2;)\n"
      "alert files any any -> any any (filesha1:empty; sid:3;)\n",
      kProtocols, 1, lists());
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  const auto& files = harness.set->state().protocols.front();
  constexpr std::uint64_t kMd5 = 1, kSha1 = 2, kSize = 8;
  EXPECT_EQ(files.wanted_on(80), kMd5 | kSha1);
  EXPECT_EQ(files.wanted_on(81), kSize | kSha1);
  EXPECT_EQ(files.wanted_on(82), kSha1);
}

struct Moment {
  std::string option;
  std::uint64_t not_before, not_after;
  bool want;
};

TEST(TlsCertMoments, AreComparedWithThePacketsTime) {
  constexpr std::uint64_t kNow = 1000;
  for (const Moment& row :
       {Moment{"tls_cert_valid", 999, 1001, true}, Moment{"tls_cert_valid", 1000, 1001, false},
        Moment{"tls_cert_valid", 999, 1000, false}, Moment{"tls_cert_expired", 1, 999, true},
        Moment{"tls_cert_expired", 1, 1000, false}}) {
    const RuleHarness harness("alert tls any any -> any any (" + row.option + "; sid:1;)",
                              proto::all_protocols());
    ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
    bool holds = true;
    for (const detect::FieldTest& field : harness.set->state().rules.front().fields)
      holds = holds && field.holds(field.name == "tls.cert_not_after" ? row.not_after : row.not_before, kNow);
    EXPECT_EQ(holds, row.want) << row.option;
  }
}

TEST(SslState, IsTheSideWhoseHelloItIs) {
  struct Row {
    std::string states;
    detect::Sides want;
  };
  for (const Row& row :
       {Row{"client_hello", detect::kClientSide}, Row{"server_hello", detect::kServerSide},
        Row{"client_hello|server_hello", detect::kBothSides}, Row{"!client_hello", detect::kServerSide}}) {
    const RuleHarness harness("alert tls any any -> any any (ssl_state:" + row.states + "; sid:1;)",
                              proto::all_protocols());
    ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
    EXPECT_EQ(harness.set->state().rules.front().sides, row.want) << row.states;
  }
}

}  // namespace
}  // namespace bansoko::keyword
