// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/smb/test_dialogue.h"
#include "tests/cases.h"
#include "tests/traffic/smb2.h"

namespace bansoko::proto::smb {
namespace {
using namespace std::string_literals;
namespace wire2 = traffic::smb2;
using wire::framed;

constexpr std::array kPieces{SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{100}};

class Smb2 : public testing::TestWithParam<Case> {};

TEST_P(Smb2, Tells) { expect_seen(GetParam()); }

const std::string kCreate = wire2::create("a.txt");
const std::string kWrite = wire2::write(5, "data");
const std::string kRead = wire2::read(5);

std::string with_next(std::string message, std::uint32_t next) {
  return message.replace(20, 4, wire2::u32(next));
}

INSTANTIATE_TEST_SUITE_P(
    Compounds, Smb2,
    testing::Values(
        Case{"One", {client(framed(kCreate))}, "smb2.command", {5}},
        Case{"Three", {client(framed(wire2::compound({kCreate, kWrite, kRead})))}, "smb2.command", {5, 9, 8}},
        Case{"ThenAnotherFrame",
             {client(framed(wire2::compound({kCreate, kWrite})) + framed(kRead))},
             "smb2.command",
             {5, 9, 8}},
        Case{"Answers",
             {server(framed(wire2::compound({wire2::created(5), wire2::was_read("x")})))},
             "smb2.command",
             {5, 8}},
        Case{"NextOutside",
             {client(framed(with_next(kCreate, 4096)) + framed(kRead))},
             "smb2.command",
             {5, 8},
             {"smb2.compound_offset"}},
        Case{"NextWithinTheHeader",
             {client(framed(with_next(kCreate, 32)))},
             "smb2.command",
             {5},
             {"smb2.compound_offset"}},
        Case{"NextUnaligned",
             {client(framed(with_next(kCreate + kCreate, static_cast<std::uint32_t>(kCreate.size()) | 1)))},
             "smb2.command",
             {5},
             {"smb2.compound_offset"}},
        Case{"NextIsNotSmb",
             {client(framed(wire2::compound({kCreate, "garbage"})))},
             "smb2.command",
             {5},
             {"smb.unknown_header"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(Transforms, Smb2,
                         testing::Values(Case{"CompressedOriginal",
                                              {client(framed(wire2::compressed(0xFFFFFFFF, 16, "rest")))},
                                              "smb2.compression_original_size",
                                              {0xFFFFFFFF}},
                                         Case{"CompressedOffset",
                                              {client(framed(wire2::compressed(5, 16, "")))},
                                              "smb2.compression_offset",
                                              {16}},
                                         Case{"CompressedTotal",
                                              {client(framed(wire2::compressed(0xFFFFFFFF, 16, "rest")))},
                                              "smb2.compression_total",
                                              {0x10000000F}},
                                         Case{"CompressedAlgorithm",
                                              {server(framed(wire2::compressed(9, 0, "")))},
                                              "smb2.compression_algorithm",
                                              {1}},
                                         Case{"CompressedHasNoVersion",
                                              {client(framed(wire2::compressed(9, 0, "")))},
                                              "smb.version",
                                              {}},
                                         Case{"Encrypted",
                                              {client(framed(wire2::encrypted(99, std::string(99, 'x'))))},
                                              "smb2.encryption_original_size",
                                              {99}},
                                         Case{"ClearAfterEncrypted",
                                              {client(framed(wire2::encrypted(99, "xx")) + framed(kRead))},
                                              "smb2.command",
                                              {8}},
                                         Case{"CompressedShort",
                                              {client(framed("\xFCSMB"s + std::string(11, '\0')))},
                                              "smb2.compression_total",
                                              {},
                                              {"smb.header_short"}},
                                         Case{"EncryptedShort",
                                              {client(framed("\xFDSMB"s + std::string(47, '\0')))},
                                              "smb2.encryption_original_size",
                                              {},
                                              {"smb.header_short"}}),
                         by_name);

INSTANTIATE_TEST_SUITE_P(
    Versions, Smb2,
    testing::Values(Case{"One", {client(wire::echo(kIds, "x"))}, "smb.version", {1}},
                    Case{"Two", {client(framed(kRead))}, "smb.version", {2}},
                    Case{"TwoFromServer", {server(framed(wire2::created(1)))}, "smb.version", {2}}),
    by_name);

const std::string kToPipes = framed(wire2::tree_connect("\\\\s\\ipc$"));
const std::string kToFiles = framed(wire2::tree_connect("\\\\s\\data"));
const std::string kConnected = framed(wire2::tree_connected(7));

INSTANTIATE_TEST_SUITE_P(
    Shares, Smb2,
    testing::Values(
        Case{"Pipes",
             {client(kToPipes), server(kConnected), client(framed(kCreate))},
             "smb.pipe_tree",
             {1, 1}},
        Case{"Files",
             {client(kToFiles), server(kConnected), client(framed(kCreate))},
             "smb.pipe_tree",
             {0, 0}},
        Case{"BeforeTheAnswer", {client(kToPipes), client(framed(kCreate))}, "smb.pipe_tree", {1, 1}},
        Case{"RelatedToTheRequest",
             {client(framed(wire2::compound({wire2::tree_connect("\\\\s\\IPC$"),
                                             wire2::create("x", {.is_related = true})})))},
             "smb.pipe_tree",
             {1, 1}},
        Case{"NobodySaw", {client(framed(kCreate))}, "smb.pipe_tree", {}}),
    by_name);

struct NameCase {
  std::string name;
  std::string message;
  std::string buffer;
  std::string want;  // "-": the message has none
};

class SmbNames : public testing::TestWithParam<NameCase> {};

TEST_P(SmbNames, AreTold) {
  for (const std::size_t piece : kPieces) {
    const Recorder got = run({client(GetParam().message)}, piece);
    const auto found = got.buffers.find("0 " + GetParam().buffer + "#0");
    EXPECT_EQ(found == got.buffers.end() ? "-" : found->second, GetParam().want) << "in pieces of " << piece;
  }
}

// The same without any rule that wants whole messages.
TEST_P(SmbNames, DoNotNeedTheMessageKept) {
  const LoneParser parser(describe());
  parser->reset({.wanted = 0});
  Recorder got;
  feed(*parser, {client(GetParam().message)}, 1460, got);
  const auto found = got.buffers.find("0 " + GetParam().buffer + "#0");
  EXPECT_EQ(found == got.buffers.end() ? "-" : found->second, GetParam().want);
}

/// TREE_CONNECT_ANDX with UTF-16 and the one byte of padding that it needs.
std::string unicode_tree_connect(std::string_view path) {
  std::string message =
      wire::message(0x75, kIds, "\xFF\0\0\0\0\0\1\0"s, "\0"s + wire2::wide(path) + "\0\0?????\0"s);
  message[4 + 11] = '\xC0';  // Flags2, its upper half
  return message;
}

const std::string kLogon = wire2::ntlm_authenticate("CORP", "alice");

std::string smb1_logon(const std::string& blob) {
  return wire::message(0x73, kIds, "\xFF\0\0\0"s + std::string(20, '\0'), "spnego" + blob);
}

/// [MS-SMB] section 2.2.4.6.1: twelve words; `size` is the stated length of a blob of 200 bytes.
std::string blob_setup(std::uint8_t size) {
  const std::string words =
      "\xFF\0\0\0"s + std::string(10, '\0') + static_cast<char>(size) + std::string(9, '\0');
  return wire::message(0x73, kIds, words, std::string(200, 'b') + (size == 200 ? "Unix\0lm\0"s : ""s));
}

/// [MS-CIFS] section 2.2.4.53.1 with UTF-16: a password of one byte leaves the strings at an even place.
std::string unicode_setup() {
  const std::string words = "\xFF\0\0\0"s + std::string(10, '\0') + "\1\0\0\0"s + std::string(8, '\0');
  const auto wide = [](std::string_view text) { return wire2::wide(text) + "\0\0"s; };
  std::string message =
      wire::message(0x73, kIds, words, "P" + wide("A") + wide("D") + wide("Windows 5.1") + wide("LM"));
  message[4 + 11] = '\xC0';  // Flags2, its upper half
  return message;
}

INSTANTIATE_TEST_SUITE_P(
    Smb, SmbNames,
    testing::Values(
        NameCase{"Share", framed(wire2::tree_connect("\\\\s\\data")), "smb.share", "\\\\s\\data"},
        NameCase{"ShareIsNoPipe", framed(wire2::tree_connect("\\\\s\\data")), "smb.named_pipe", "-"},
        NameCase{"Pipe", framed(wire2::tree_connect("\\\\s\\ipc$")), "smb.named_pipe", "\\\\s\\ipc$"},
        NameCase{"PipeIsNoShare", framed(wire2::tree_connect("\\\\s\\IPC$")), "smb.share", "-"},
        NameCase{"Smb1Share", wire::tree_connect(kIds, "\\\\s\\data"), "smb.share", "\\\\s\\data"},
        NameCase{"Smb1Pipe", wire::tree_connect(kIds, "\\\\s\\IPC$"), "smb.named_pipe", "\\\\s\\IPC$"},
        NameCase{"Smb1PipeInAChain", wire::setup_and_connect(kIds, "\\\\s\\IPC$"), "smb.named_pipe",
                 "\\\\s\\IPC$"},
        NameCase{"Smb1Unicode", unicode_tree_connect("\\\\s\\IPC$"), "smb.named_pipe", "\\\\s\\IPC$"},
        NameCase{"Smb1OldCommand", wire::message(0x70, kIds, "", "\4\\\\s\\data\0\4\0\4A:\0"s), "smb.share",
                 "\\\\s\\data"},
        NameCase{"NoTreeConnect", wire::echo(kIds, "x"), "smb.share", "-"},
        NameCase{"File", framed(kCreate), "smb.filename", "a.txt"},
        NameCase{"Smb1File", wire::nt_create(kIds, "\\svcctl"), "smb.filename", "\\svcctl"},
        NameCase{"FileBeyondTheEnd", framed(wire2::create("a.txt").substr(0, 124)), "smb.filename", "a."},
        NameCase{"LongFile", framed(wire2::create(std::string(600, 'f'))), "smb.filename",
                 std::string(512, 'f')},
        NameCase{"User", framed(wire2::session_setup(kLogon)), "smb.ntlmssp_user", "alice"},
        NameCase{"Domain", framed(wire2::session_setup("spnego" + kLogon)), "smb.ntlmssp_domain", "CORP"},
        NameCase{"Anonymous", framed(wire2::session_setup(wire2::ntlm_authenticate("", ""))),
                 "smb.ntlmssp_user", "-"},
        NameCase{"Smb1User", smb1_logon(kLogon), "smb.ntlmssp_user", "alice"},
        NameCase{"Smb1Domain", smb1_logon(kLogon), "smb.ntlmssp_domain", "CORP"},
        NameCase{"NoLogonYet", framed(wire2::session_setup("NTLMSSP\0\1\0\0\0"s)), "smb.ntlmssp_user", "-"},
        NameCase{"NotALogon", framed(wire2::write(5, kLogon)), "smb.ntlmssp_user", "-"},
        NameCase{"NativeOs", wire::session_setup_anonymous(kIds), "smb.native_os", "Unix"},
        NameCase{"NativeLanman", wire::session_setup_anonymous(kIds), "smb.native_lanman", "bansoko"},
        NameCase{"NativeOsUnicode", unicode_setup(), "smb.native_os", "Windows 5.1"},
        NameCase{"NativeLanmanUnicode", unicode_setup(), "smb.native_lanman", "LM"},
        NameCase{"NativeOsBehindABlob", blob_setup(200), "smb.native_os", "Unix"},
        NameCase{"NativeOsOutside", blob_setup(201), "smb.native_os", "-"},
        NameCase{"NativeOsOfAnotherCommand", wire::echo(kIds, "x"), "smb.native_os", "-"},
        NameCase{"NativeOsOfSmb2", framed(wire2::session_setup(kLogon)), "smb.native_os", "-"},
        NameCase{"Ntlmssp", framed(wire2::session_setup("spnegoNTLMSSP\0\1"s)), "smb.ntlmssp",
                 "NTLMSSP\0\1"s},
        NameCase{"NtlmsspElsewhere", framed(wire2::write(5, kLogon)), "smb.ntlmssp", "-"},
        NameCase{"UserOutside", framed(wire2::session_setup(kLogon.substr(0, 50))), "smb.ntlmssp_user", "-"}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::smb
