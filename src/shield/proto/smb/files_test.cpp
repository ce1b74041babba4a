// SPDX-License-Identifier: Apache-2.0
// Files that are written and read.
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "shield/proto/test_dialogue.h"
#include "tests/cases.h"
#include "tests/traffic/smb1.h"
#include "tests/traffic/smb2.h"

namespace bansoko::proto::smb {
const Protocol& describe();

namespace {
using namespace std::string_literals;
namespace wire1 = traffic::smb1;
namespace wire2 = traffic::smb2;
using Values = std::vector<std::string>;

struct Case {
  std::string name;
  std::vector<Said> dialogue;
  std::map<std::string, Values> want;  // by buffer: the last value of each file, in order of their beginnings
  std::set<std::string> anomalies = {};
  std::array<std::uint64_t, 5> limits{8, 4096, 4096, 2, 1 << 20};  // files, size, ahead, rewrites, digest
};

Values values_of(const Witness& seen, const std::string& buffer) {
  Values values;
  for (std::uint64_t id = 0; id < 40; ++id)
    if (const auto value = seen.value(std::to_string(id) + " " + buffer); value != "-")
      values.push_back(value);
  return values;
}

class SmbFiles : public testing::TestWithParam<Case> {};

TEST_P(SmbFiles, Tells) {
  const Case& row = GetParam();
  std::vector<std::uint64_t> limits{1024, 128, 16, 64 << 20, 16, 1 << 17, 256, 8};
  limits.insert(limits.end(), row.limits.begin(), row.limits.end());
  const LoneParser parser(describe(), limits);
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{7}, std::size_t{1460}}) {
    parser->reset({.wanted = ~0ULL});
    Witness seen(describe());
    EXPECT_EQ(follow(*parser, row.dialogue, piece, seen), Parsed::more);
    EXPECT_EQ(seen.faults, std::set<std::string>()) << "in pieces of " << piece;
    std::set<std::string> anomalies = seen.anomalies;
    anomalies.erase("smb.message_limit");
    EXPECT_EQ(anomalies, row.anomalies) << "in pieces of " << piece;
    for (const auto& [buffer, values] : row.want)
      EXPECT_EQ(values_of(seen, buffer), values) << buffer << " in pieces of " << piece;
  }
}

std::string digest_of(DigestKind kind, std::string_view text) {
  Digest digest(kind);
  digest.add(as_bytes(text));
  return std::string(as_text(digest.finish()));
}
std::string md5(std::string_view text) { return digest_of(DigestKind::md5, text); }
std::string sha1(std::string_view text) { return digest_of(DigestKind::sha1, text); }
std::string sha256(std::string_view text) { return digest_of(DigestKind::sha256, text); }

std::string size_of(std::uint8_t size, bool is_whole) {
  return std::string(7, '\0') + static_cast<char>(size) + static_cast<char>(is_whole ? 1 : 0);
}

Said asks(const std::string& message) { return client(wire1::framed(message)); }
Said answers(const std::string& message) { return server(wire1::framed(message)); }

constexpr std::uint64_t kFile = 5, kOther = 6;

/// A request and its answer have one number.
std::vector<Said> opened(std::uint64_t file, const std::string& name, std::uint64_t number,
                         std::uint64_t size = 0) {
  return {asks(wire2::create(name, {.message = number})),
          answers(wire2::created(file, {.message = number}, size))};
}

std::vector<Said> joined(std::vector<std::vector<Said>> parts) {
  std::vector<Said> all;
  for (auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Said written(std::string_view data, std::uint64_t at, std::uint64_t file = kFile) {
  return asks(wire2::write(file, data, {.message = 20}, at));
}
std::vector<Said> read(std::string_view data, std::uint64_t at, std::uint64_t number = 30) {
  return {asks(wire2::read(kFile, {.message = number}, at)),
          answers(wire2::was_read(data, {.message = number}))};
}
const Said kClosed = asks(wire2::close(kFile, {.message = 40}));
const auto kOpened = opened(kFile, "a.txt", 2);
const std::string kNoDigest = "smb.file_without_digest";

INSTANTIATE_TEST_SUITE_P(
    Written, SmbFiles,
    testing::Values(
        Case{"Whole",
             joined({kOpened, {written("ab", 0), written("cd", 2), kClosed}}),
             {{"file.data", {"abcd"}},
              {"file.name", {"a.txt"}},
              {"file.size", {size_of(4, true)}},
              {"file.md5", {md5("abcd")}},
              {"file.sha1", {sha1("abcd")}},
              {"file.sha256", {sha256("abcd")}},
              {"server file.data", {}}}},
        Case{"OutOfOrder",
             joined({kOpened, {written("ef", 4), written("cd", 2), written("ab", 0), kClosed}}),
             {{"file.data", {"abcdef"}}, {"file.md5", {md5("abcdef")}}}},
        Case{"Overlapping",
             joined({kOpened, {written("abc", 0), written("bcd", 1), written("abcd", 0), kClosed}}),
             {{"file.data", {"abcd"}}, {"file.md5", {md5("abcd")}}}},
        Case{"WithAHole",
             joined({kOpened, {written("ab", 0), written("ef", 4), kClosed}}),
             {{"file.data", {"abef"}}, {"file.size", {size_of(6, false)}}, {"file.md5", {}}},
             {kNoDigest}},
        Case{"Rewritten",
             joined({kOpened, {written("abcd", 0), written("X", 1), kClosed}}),
             {{"file.data", {"abcd", "aX"}}, {"file.md5", {}}},
             {"smb.file_rewritten", kNoDigest}},
        Case{"RewrittenToItsEnd",
             joined({kOpened, {written("abcd", 0), written("XYZ", 1), kClosed}}),
             {{"file.data", {"abcd", "aXYZ"}}, {"file.md5", {md5("aXYZ")}}},
             {"smb.file_rewritten", kNoDigest}},
        Case{"RewrittenTooOften",
             joined({kOpened, {written("ab", 0), written("X", 1), written("Y", 1), written("Z", 1)}}),
             {{"file.data", {"ab", "aX", "aY"}}},
             {"smb.file_rewritten", kNoDigest}},
        Case{"NotClosed",
             joined({kOpened, {written("ab", 0)}}),
             {{"file.data", {"ab"}}, {"file.size", {size_of(2, false)}}},
             {kNoDigest}},
        Case{"OverALongerFile",
             joined({opened(kFile, "a", 2, 100), {written("ab", 0), kClosed}}),
             {{"file.data", {"ab"}}, {"file.size", {size_of(2, false)}}},
             {kNoDigest}},
        Case{"LargerThanAMessageKeeps",
             joined({kOpened, {written(std::string(3000, 'x'), 0), kClosed}}),
             {{"file.data", {std::string(3000, 'x')}}, {"file.md5", {md5(std::string(3000, 'x'))}}}},
        Case{"Two",
             joined({kOpened,
                     opened(kOther, "b", 3),
                     {written("1", 0), written("a", 0, kOther), written("2", 1), kClosed,
                      asks(wire2::close(kOther))}}),
             {{"file.data", {"12", "a"}}, {"file.name", {"a.txt", "b"}}}},
        Case{"OfACompound",
             {asks(wire2::compound({wire2::create("c", {.message = 2}),
                                    wire2::write(wire2::kRelated, "ab", {.message = 3, .is_related = true}),
                                    wire2::close(wire2::kRelated, {.message = 4, .is_related = true})}))},
             {{"file.data", {"ab"}}, {"file.name", {"c"}}, {"file.md5", {md5("ab")}}}},
        Case{"OpenedBeforeAnybodyLooked",
             {written("ab", 0), kClosed},
             {{"file.data", {"ab"}}, {"file.name", {}}, {"file.md5", {md5("ab")}}}},
        Case{"LostInAGap",
             joined({kOpened,
                     {client(wire1::framed(wire2::write(kFile, "0123456789abcdef")).substr(0, 128)),
                      client(wire1::framed(wire2::close(kFile)), 4)}}),
             {{"file.data", {"0123456789ab"}}, {"file.md5", {}}},
             {"smb.gap", kNoDigest}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Read, SmbFiles,
    testing::Values(Case{"Whole",
                         joined({opened(kFile, "a.txt", 2, 4), read("ab", 0), read("cd", 2, 31)}),
                         {{"server file.data", {"abcd"}},
                          {"server file.name", {"a.txt"}},
                          {"server file.size", {size_of(4, true)}},
                          {"server file.md5", {md5("abcd")}},
                          {"file.data", {}}}},
                    Case{"UntilClosed",
                         joined({read("ab", 0), {kClosed}}),
                         {{"server file.data", {"ab"}}, {"server file.md5", {md5("ab")}}}},
                    Case{"ToItsEnd",
                         joined({read("ab", 0),
                                 {asks(wire2::read(kFile, {.message = 31}, 2)),
                                  answers(wire2::was_read("", {.message = 31, .status = 0xC0000011}))}}),
                         {{"server file.md5", {md5("ab")}}}},
                    Case{
                        "FromTheMiddle",
                        joined({opened(kFile, "a", 2, 400), read("ab", 100), read("cd", 102, 31), {kClosed}}),
                        {{"server file.data", {"abcd"}}, {"server file.md5", {}}},
                        {kNoDigest}},
                    Case{"OnlyAPart",
                         joined({opened(kFile, "a", 2, 400), read("ab", 0), {kClosed}}),
                         {{"server file.data", {"ab"}}, {"server file.md5", {}}},
                         {kNoDigest}},
                    Case{"Twice",
                         joined({opened(kFile, "a", 2, 2), read("ab", 0), read("ab", 0, 31)}),
                         {{"server file.data", {"ab", "ab"}}, {"server file.md5", {md5("ab"), md5("ab")}}}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(Limits, SmbFiles,
                         testing::Values(Case{"OneFileAtATime",
                                              {written("ab", 0), written("cd", 0, kOther),
                                               asks(wire2::close(kOther))},
                                              {{"file.data", {"ab", "cd"}}, {"file.md5", {md5("cd")}}},
                                              {"smb.open_file_limit", kNoDigest},
                                              {1, 4096, 4096, 2, 1 << 20}},
                                         Case{"AtTheSize",
                                              {written(std::string(1024, 'x'), 0), kClosed},
                                              {{"file.data", {std::string(1024, 'x')}}},
                                              {},
                                              {8, 1024, 4096, 2, 1 << 20}},
                                         Case{"BeyondTheSize",
                                              {written(std::string(1025, 'x'), 0), kClosed},
                                              {{"file.data", {std::string(1024, 'x')}},
                                               {"file.md5", {md5(std::string(1025, 'x'))}}},
                                              {"smb.file_limit"},
                                              {8, 1024, 4096, 2, 1 << 20}},
                                         Case{"TooFarAhead",
                                              {written(std::string(1025, 'x'), 2), written("ab", 0), kClosed},
                                              {{"file.data", {std::string(1025, 'x'), "ab"}}},
                                              {"smb.file_order", "smb.file_rewritten", kNoDigest},
                                              {8, 4096, 1024, 2, 1 << 20}},
                                         Case{"AtTheDigest",
                                              {written(std::string(1024, 'x'), 0), kClosed},
                                              {{"file.md5", {md5(std::string(1024, 'x'))}}},
                                              {},
                                              {8, 4096, 4096, 2, 1024}},
                                         Case{"BeyondTheDigest",
                                              {written(std::string(1025, 'x'), 0), kClosed},
                                              {{"file.md5", {}}},
                                              {kNoDigest},
                                              {8, 4096, 4096, 2, 1024}}),
                         by_name);

/// The header of a request of DCE/RPC, which states 24 bytes.
const std::string kCall("\5\0\0\3\x10\0\0\0\x18\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0", 24);

constexpr wire1::Ids kIds{.tree = 7, .process = 1, .user = 2, .multiplex = 3};

std::string smb1_created(std::uint16_t fid, std::uint64_t size, std::uint16_t type) {
  return wire1::response(0xA2, kIds, 0,
                         "\xff\0\0\0\0"s + wire2::u16(fid) + std::string(48, '\0') + wire2::u64(size) +
                             wire2::u16(type) + std::string(3, '\0'),
                         "");
}
std::string smb1_close(std::uint16_t fid) {
  return wire1::message(0x04, kIds, wire2::u16(fid) + wire2::u32(0), "");
}
std::string smb1_read(std::uint16_t fid, std::uint32_t at) {
  return wire1::message(0x2E, kIds, "\xff\0\0\0"s + wire2::u16(fid) + wire2::u32(at) + std::string(10, '\0'),
                        "");
}
std::string smb1_was_read(std::string_view data) {
  const std::string words =
      "\xff\0\0\0"s + std::string(6, '\0') + wire2::u16(data.size()) + wire2::u16(59) + std::string(10, '\0');
  return wire1::response(0x2E, kIds, 0, words, data);
}

INSTANTIATE_TEST_SUITE_P(
    Smb1, SmbFiles,
    testing::Values(Case{"Written",
                         {client(wire1::nt_create(kIds, "a.txt")), server(smb1_created(5, 0, 0)),
                          client(wire1::write_andx(kIds, 5, 0, "ab")), client(smb1_close(5))},
                         {{"file.data", {"ab"}}, {"file.name", {"a.txt"}}, {"file.md5", {md5("ab")}}}},
                    Case{"Read",
                         {client(wire1::nt_create(kIds, "a.txt")), server(smb1_created(5, 2, 0)),
                          client(smb1_read(5, 0)), server(smb1_was_read("ab"))},
                         {{"server file.data", {"ab"}}, {"server file.md5", {md5("ab")}}}},
                    Case{"Pipe",
                         {client(wire1::nt_create(kIds, "svcctl")), server(smb1_created(5, 0, 2)),
                          client(wire1::write_andx(kIds, 5, 0, "ab")), client(smb1_close(5))},
                         {{"file.data", {}}}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Pipes, SmbFiles,
    testing::Values(Case{"AreNoFiles",
                         {asks(wire2::tree_connect("\\\\a\\IPC$", {.message = 9})),
                          answers(wire2::tree_connected(7, {.message = 9})), written("ab", 0)},
                         {{"file.data", {}}}},
                    Case{"AreToldByCallsWhereTheShareIsUnknown", {written(kCall, 0)}, {{"file.data", {}}}},
                    Case{"AreNotInOtherShares",
                         {asks(wire2::tree_connect("\\\\a\\b", {.message = 9})),
                          answers(wire2::tree_connected(7, {.message = 9})), written(kCall, 0), kClosed},
                         {{"file.data", {kCall}}}},
                    Case{"OfAShareThatWasOneOfPipes",
                         {asks(wire2::tree_connect("\\\\a\\IPC$", {.message = 9})),
                          answers(wire2::tree_connected(7, {.message = 9})),
                          asks(wire2::tree_connect("\\\\a\\b", {.message = 10})),
                          answers(wire2::tree_connected(7, {.message = 10})), written("ab", 0), kClosed},
                         {{"file.data", {"ab"}}}}),
    by_name);

TEST(SmbFilesUnwanted, AreNotFollowed) {
  const LoneParser parser(describe());
  parser->reset({.wanted = 0});
  Witness seen(describe());
  follow(*parser, {written("ab", 0), kClosed}, SIZE_MAX, seen);
  EXPECT_EQ(values_of(seen, "file.data"), Values());
}

}  // namespace
}  // namespace bansoko::proto::smb
