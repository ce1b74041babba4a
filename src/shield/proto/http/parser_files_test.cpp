// SPDX-License-Identifier: Apache-2.0
// Sizes and digests of the files in bodies.
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "shield/proto/test_dialogue.h"
#include "tests/cases.h"

namespace bansoko::proto::http {
const Protocol& describe();

namespace {

struct Case {
  std::string name;
  std::vector<Said> dialogue;
  std::map<std::string, std::string> want;
  bool lacks_digest = false;
  std::uint64_t body_limit = 100 << 10;
  std::uint64_t digest_limit = 1 << 20;
};

class HttpFiles : public testing::TestWithParam<Case> {};

TEST_P(HttpFiles, Tell) {
  const Case& row = GetParam();
  const std::vector<std::uint64_t> limits{
      row.body_limit,  row.body_limit, 64 << 10, 16 << 10, 1024, 64, 2, 512, 64, 64 << 20, 32,
      row.digest_limit};
  const LoneParser parser(describe(), limits);
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{7}, std::size_t{1460}}) {
    parser->reset({.wanted = ~0ULL});
    Witness seen(describe());
    follow(*parser, row.dialogue, piece, seen);
    EXPECT_EQ(seen.faults, std::set<std::string>()) << "in pieces of " << piece;
    EXPECT_EQ(seen.anomalies.contains("http.file_without_digest"), row.lacks_digest)
        << "in pieces of " << piece;
    for (const auto& [key, value] : row.want)
      EXPECT_EQ(seen.value("0 " + key), value) << key << " in pieces of " << piece;
  }
}

std::string digest_of(DigestKind kind, std::string_view text) {
  Digest digest(kind);
  digest.add(as_bytes(text));
  return std::string(as_text(digest.finish()));
}
std::string md5(std::string_view text) { return digest_of(DigestKind::md5, text); }

std::string size_of(std::uint32_t size, bool is_whole = true) {
  std::string bytes(4, '\0');
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(size >> shift & 0xFFU);
  return bytes + static_cast<char>(is_whole ? 1 : 0);
}

const Said kGet = client("GET /a.exe HTTP/1.1\r\nHost: a\r\n\r\n");
Said answer(const std::string& headers, const std::string& body) {
  return server("HTTP/1.1 200 OK\r\n" + headers + "\r\n" + body);
}
std::string sized(std::size_t size) { return "Content-Length: " + std::to_string(size) + "\r\n"; }

/// "abc", compressed.
const std::string kGzip("\x1f\x8b\x08\0\0\0\0\0\x02\xff\x4b\x4c\x4a\x06\0\xc2\x41\x24\x35\x03\0\0\0", 23);

INSTANTIATE_TEST_SUITE_P(
    Answers, HttpFiles,
    testing::Values(
        Case{"Whole",
             {kGet, answer(sized(3), "abc")},
             {{"server file.size", size_of(3)},
              {"server file.md5", md5("abc")},
              {"server file.sha1", digest_of(DigestKind::sha1, "abc")},
              {"server file.sha256", digest_of(DigestKind::sha256, "abc")},
              {"file.md5", "-"}}},
        Case{"Chunked",
             {kGet, answer("Transfer-Encoding: chunked\r\n", "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")},
             {{"server file.md5", md5("abc")}}},
        Case{"Compressed",
             {kGet, answer(sized(kGzip.size()) + "Content-Encoding: gzip\r\n", kGzip)},
             {{"server file.size", size_of(3)}, {"server file.md5", md5("abc")}}},
        Case{"Empty", {kGet, answer(sized(0), "")}, {{"server file.size", "-"}, {"server file.md5", "-"}}},
        Case{"BeyondWhatIsKept",
             {kGet, answer(sized(2000), std::string(2000, 'x'))},
             {{"server http.response_body", std::string(1000, 'x')},
              {"server file.size", size_of(2000)},
              {"server file.md5", md5(std::string(2000, 'x'))}},
             false,
             1000},
        Case{"AtTheDigestLimit",
             {kGet, answer(sized(1024), std::string(1024, 'x'))},
             {{"server file.md5", md5(std::string(1024, 'x'))}},
             false,
             1000,
             1024},
        Case{"BeyondTheDigestLimit",
             {kGet, answer(sized(1025), std::string(1025, 'x'))},
             {{"server file.size", size_of(1025)}, {"server file.md5", "-"}},
             true,
             1000,
             1024},
        Case{"WithAGap",
             {kGet, answer(sized(6), "ab"), server("ef", 2)},
             {{"server file.size", size_of(6, false)}, {"server file.md5", "-"}},
             true},
        Case{"CutShort",
             {kGet, answer(sized(6), "ab")},
             {{"server file.size", size_of(2, false)}, {"server file.md5", "-"}},
             true}),
    by_name);

Said post(const std::string& headers, const std::string& body) {
  return client("POST /up HTTP/1.1\r\nHost: a\r\n" + headers + sized(body.size()) + "\r\n" + body);
}
const std::string kForm = "Content-Type: multipart/form-data; boundary=B\r\n";
std::string part(const std::string& name, const std::string& content) {
  return "--B\r\nContent-Disposition: form-data; name=a; filename=\"" + name + "\"\r\n\r\n" + content +
         "\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Requests, HttpFiles,
    testing::Values(Case{"Body", {post("", "abc")}, {{"file.size", size_of(3)}, {"file.md5", md5("abc")}}},
                    Case{"Form",
                         {post(kForm, part("a", "abc") + part("b", "") + part("c", "defg") + "--B--")},
                         {{"file.md5", md5("abc")},
                          {"file.md5#1", md5("")},
                          {"file.md5#2", md5("defg")},
                          {"file.size#2", size_of(4)}}},
                    Case{"FormWithoutAnEnd",
                         {post(kForm, part("a", "abc") + part("b", "def"))},
                         {{"file.md5", md5("abc")}, {"file.md5#1", "-"}},
                         true},
                    Case{"FormBeyondWhatIsKept",
                         {post(kForm, part("a", "abc") + part("b", std::string(1000, 'x')) + "--B--")},
                         {{"file.md5", md5("abc")}, {"file.md5#1", "-"}},
                         true,
                         500}),
    by_name);

TEST(HttpFilesUnwanted, HaveNoSums) {
  const LoneParser parser(describe());
  parser->reset({.wanted = 0});
  Witness seen(describe());
  follow(*parser, {kGet, answer(sized(3), "abc")}, SIZE_MAX, seen);
  EXPECT_EQ(seen.value("0 server file.size"), "-");
}

}  // namespace
}  // namespace bansoko::proto::http
