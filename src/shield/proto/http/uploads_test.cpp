// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/uploads.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/http/recorder.h"
#include "tests/cases.h"

namespace bansoko::proto::http {
namespace {

std::string part(const std::string& headers, const std::string& content) {
  return "--B\r\n" + headers + "\r\n\r\n" + content + "\r\n";
}
std::string file(const std::string& name, const std::string& content) {
  return part("Content-Disposition: form-data; name=\"f\"; filename=\"" + name + "\"", content);
}

struct Case {
  std::string name;
  std::string body;
  std::vector<std::string> files;  // "name=content"
  std::string type = "multipart/form-data; boundary=B";
  std::string method = "POST";
  std::set<std::string> anomalies = {};
};

std::string request_of(const Case& row) {
  return row.method + " /up/a.bin?x=/y HTTP/1.1\r\nHost: h\r\nContent-Type: " + row.type +
         "\r\nContent-Length: " + std::to_string(row.body.size()) + "\r\n\r\n" + row.body;
}

class HttpUploads : public testing::TestWithParam<Case> {
 protected:
  void expect_files(std::size_t piece) const {
    Recorder seen;
    const LoneParser parser(describe());
    parser->reset({.wanted = all_but_sums()});
    replay(*parser, seen, {{Side::client, request_of(GetParam())}}, piece);
    EXPECT_EQ(seen.faults, std::vector<std::string>());
    EXPECT_EQ(seen.anomalies, GetParam().anomalies);
    std::vector<std::string> got;
    for (unsigned i = 0; seen.value(0, Side::client, "file.data", i) != "-"; ++i)
      got.push_back(seen.value(0, Side::client, "file.name", i) + "=" +
                    seen.value(0, Side::client, "file.data", i));
    EXPECT_EQ(got, GetParam().files);
  }
};

TEST_P(HttpUploads, Whole) { expect_files(1U << 20U); }
TEST_P(HttpUploads, SplitAtEveryByte) { expect_files(1); }

std::string many(std::size_t count) {
  std::string body;
  for (std::size_t i = 0; i < count; ++i) body += file("n", "c");
  return body + "--B--\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Forms, HttpUploads,
    testing::Values(
        Case{"OneFile", file("one", "content") + "--B--\r\n", {"one=content"}},
        Case{"TwoFilesAndAField",
             file("one", "1") + part("Content-Disposition: form-data; name=\"x\"", "v") + file("two", "2") +
                 "--B--\r\n",
             {"one=1", "two=2"}},
        Case{"EmptyFile", file("one", "") + "--B--\r\n", {"one="}},
        Case{"LineFeedsOnly",
             "--B\nContent-Disposition: form-data; filename=one\n\nab\ncd\n--B--\n",
             {"one=ab\ncd"}},
        Case{"NoHeaders", "--B\r\n\r\nab\r\n--B--\r\n", {}},
        Case{"Preamble", "ignore --B\r\n" + file("one", "1") + "--B--", {"one=1"}},
        Case{"HyphensWithin", file("one", "a\r\n--A\r\n--") + "--B--", {"one=a\r\n--A\r\n--"}},
        Case{
            "NeverClosed", "--B\r\nContent-Disposition: x; filename=\"o\"\r\n\r\nabc\r\n--", {"o=abc\r\n--"}},
        Case{"AfterTheEndNothing", file("one", "1") + "--B--\r\n" + file("two", "2"), {"one=1"}},
        Case{"HeadersTooLong",
             part("X: " + std::string(5000, 'x') + "\r\nContent-Disposition: form-data; filename=\"one\"",
                  "1") +
                 file("two", "2") + "--B--",
             {"two=2"}},
        Case{"AtTheLimit", many(32), std::vector<std::string>(32, "n=c")},
        Case{"BeyondTheLimit",
             many(33),
             std::vector<std::string>(32, "n=c"),
             "multipart/form-data; boundary=B",
             "POST",
             {"http.too_many_uploads"}},
        Case{"Empty", "--B--", {}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Bodies, HttpUploads,
    testing::Values(Case{"AnyType", "a=b", {"/up/a.bin=a=b"}, "application/x-www-form-urlencoded"},
                    Case{"Put", "abc", {"/up/a.bin=abc"}, "x/y", "PUT"},
                    Case{"Patch", "abc", {}, "x/y", "PATCH"},
                    Case{"NoBoundary", "abc", {"/up/a.bin=abc"}, "multipart/form-data"},
                    Case{"BoundaryTooLong",
                         "abc",
                         {"/up/a.bin=abc"},
                         "multipart/form-data; boundary=" + std::string(129, 'B')},
                    Case{"BoundaryAsLongAsCanBe",
                         "--" + std::string(128, 'B') + "--",
                         {},
                         "multipart/form-data; boundary=" + std::string(128, 'B')}),
    by_name);

struct Download {
  std::string name;
  std::string target;
  std::string headers;
  std::string want;
  std::string body = "abc";
};

class HttpDownload : public testing::TestWithParam<Download> {};

TEST_P(HttpDownload, HasAName) {
  Recorder seen;
  const LoneParser parser(describe());
  parser->reset({.wanted = ~0ULL});
  const Download& row = GetParam();
  replay(*parser, seen,
         {{Side::client, "GET " + row.target + " HTTP/1.1\r\nHost: h\r\n\r\n"},
          {Side::server, "HTTP/1.1 200 OK\r\n" + row.headers +
                             "Content-Length: " + std::to_string(row.body.size()) + "\r\n\r\n" + row.body}},
         1U << 20U);
  EXPECT_EQ(seen.value(0, Side::server, "file.name"), row.want);
  EXPECT_EQ(seen.value(0, Side::server, "file.data"), row.body.empty() ? "-" : row.body);
}

INSTANTIATE_TEST_SUITE_P(
    Names, HttpDownload,
    testing::Values(Download{"OfThePath", "/d/x.exe?y=/z", "", "/d/x.exe"},
                    Download{"OfTheServer", "/d/x.exe",
                             "Content-Disposition: attachment; filename=\"c d\"\r\n", "c d"},
                    Download{"ServerGivesNone", "/d/x.exe", "Content-Disposition: inline\r\n", "/d/x.exe"},
                    Download{"Folder", "/d/", "", "/d/"}, Download{"NoBody", "/d/x", "", "-", ""}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::http
