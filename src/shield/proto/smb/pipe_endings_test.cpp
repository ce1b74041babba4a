// SPDX-License-Identifier: Apache-2.0
// Pipes are forgotten when the server says that they are closed, and not before.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/smb/test_dialogue.h"
#include "tests/cases.h"
#include "tests/traffic/dcerpc.h"
#include "tests/traffic/smb2.h"

namespace bansoko::proto::smb {
namespace {
using namespace std::string_literals;
namespace rpc = traffic::dcerpc;
namespace wire2 = traffic::smb2;

constexpr std::uint32_t kRefused = 0xC0000008;  // STATUS_INVALID_HANDLE
constexpr std::uint16_t kFid = 0x4001;
const std::string kPipeBind = rpc::bind({{.context = 0, .interface = 5}});
const std::string kPipeCall = rpc::request({.opnum = 31, .stub = "stub data"});

/// What a dialect's messages about a pipe are.
struct Speech {
  std::string_view name;
  std::string (*open)(unsigned number);
  std::string (*opened)(unsigned number);
  std::string (*write)(unsigned number, const std::string& data);
  std::string (*close)(unsigned number);
  std::string (*closed)(unsigned number, std::uint32_t status);
  std::string (*disconnect)();
  std::string (*disconnected)(std::uint32_t status);
  std::string (*log_off)();
  std::string (*logged_off)(std::uint32_t status);
};

wire::Ids ids(unsigned number) { return with(kIds, static_cast<std::uint16_t>(number)); }
std::uint16_t fid(unsigned number) { return static_cast<std::uint16_t>(kFid + number % 1000); }
std::string answer1(std::uint8_t command, unsigned number, std::uint32_t status) {
  return wire::response(command, ids(number), status, "", "");
}

const Speech kSmb1{
    "Smb1",
    [](unsigned number) { return wire::nt_create(ids(number), "\\svcctl"); },
    [](unsigned number) {
      return wire::response(0xA2, ids(number), 0,
                            "\xFF\0\0\0\0"s + wire2::u16(fid(number)) + std::string(61, '\0'), "");
    },
    [](unsigned number, const std::string& data) {
      return wire::write_andx(ids(number), fid(number), 8, data);
    },
    [](unsigned number) {
      return wire::message(0x04, ids(number), wire2::u16(fid(number)) + wire2::u32(0), "");
    },
    [](unsigned number, std::uint32_t status) { return answer1(0x04, number, status); },
    [] { return wire::message(0x71, ids(60000), "", ""); },
    [](std::uint32_t status) { return answer1(0x71, 60000, status); },
    [] { return wire::message(0x74, ids(60001), "\xFF\0\0\0"s, ""); },
    [](std::uint32_t status) { return wire::response(0x74, ids(60001), status, "\xFF\0\0\0"s, ""); }};

std::uint64_t number_of(unsigned pipe, unsigned message) { return std::uint64_t{10} * pipe + message; }
std::string framed2(std::uint16_t command, std::uint64_t message, bool is_answer, std::uint32_t status = 0) {
  return wire::framed(wire2::message(
      {.command = command, .message = message, .is_answer = is_answer, .status = status}, wire2::u32(4)));
}
std::uint64_t file(unsigned number) { return 0x7000 + number; }

const Speech kSmb2{
    "Smb2",
    [](unsigned number) { return wire::framed(wire2::create("svcctl", {.message = number_of(number, 0)})); },
    [](unsigned number) {
      return wire::framed(wire2::created(file(number), {.message = number_of(number, 0)}));
    },
    [](unsigned number, const std::string& data) {
      return wire::framed(wire2::write(file(number), data, {.message = number_of(number, 1)}));
    },
    [](unsigned number) {
      return wire::framed(wire2::close(file(number), {.message = number_of(number, 2)}));
    },
    [](unsigned number, std::uint32_t status) { return framed2(6, number_of(number, 2), true, status); },
    [] { return framed2(4, 1000001, false); },
    [](std::uint32_t status) { return framed2(4, 1000001, true, status); },
    [] { return framed2(2, 1000002, false); },
    [](std::uint32_t status) { return framed2(2, 1000002, true, status); }};

/// Opens a pipe and speaks over it.
void use(const Speech& speech, unsigned number, std::vector<Sent>& dialogue) {
  dialogue.push_back(client(speech.open(number)));
  dialogue.push_back(server(speech.opened(number)));
  dialogue.push_back(client(speech.write(number, kPipeBind)));
}
void close(const Speech& speech, unsigned number, std::vector<Sent>& dialogue, std::uint32_t status = 0) {
  dialogue.push_back(client(speech.close(number)));
  dialogue.push_back(server(speech.closed(number, status)));
}

/// The interface of the last call; 0: it is not known.
int interface_of_call(const Recorder& got) {
  int interface = 0;
  for (const auto& [key, opnum] : got.fields) {
    if (!key.ends_with(" dcerpc.opnum")) continue;
    const auto found = got.buffers.find(key.substr(0, key.find(' ')) + " dcerpc.interface#0");
    interface = found == got.buffers.end() ? 0 : found->second[3];
  }
  return interface;
}

class SmbPipeEndings : public testing::TestWithParam<const Speech*> {};

TEST_P(SmbPipeEndings, ThousandsOneAfterTheOther) {
  std::vector<Sent> dialogue;
  for (unsigned i = 0; i < 3000; ++i) {
    use(*GetParam(), i, dialogue);
    close(*GetParam(), i, dialogue);
  }
  EXPECT_EQ(run(dialogue).anomalies, std::vector<std::string>{});
}

TEST_P(SmbPipeEndings, ManyAtOnce) {
  std::vector<Sent> dialogue;
  for (unsigned i = 0; i < 16; ++i) use(*GetParam(), i, dialogue);
  EXPECT_EQ(run(dialogue).anomalies, std::vector<std::string>{});
  use(*GetParam(), 16, dialogue);
  EXPECT_EQ(run(dialogue).anomalies, std::vector<std::string>{"smb.pipe_limit"});
}

TEST_P(SmbPipeEndings, WithTheirShareOrTheirSession) {
  for (const bool logs_off : {false, true}) {
    std::vector<Sent> dialogue;
    for (unsigned i = 0; i < 48; ++i) {
      use(*GetParam(), i, dialogue);
      if (i % 16 != 15) continue;
      dialogue.push_back(client(logs_off ? GetParam()->log_off() : GetParam()->disconnect()));
      dialogue.push_back(server(logs_off ? GetParam()->logged_off(0) : GetParam()->disconnected(0)));
    }
    EXPECT_EQ(run(dialogue).anomalies, std::vector<std::string>{});
  }
}

// What the server does not agree to is not over, whatever the client says.
TEST_P(SmbPipeEndings, OnlyIfTheServerAgrees) {
  const auto goes_on_after = [&](std::vector<Sent> more) {
    std::vector<Sent> dialogue;
    use(*GetParam(), 1, dialogue);
    std::ranges::move(more, std::back_inserter(dialogue));
    dialogue.push_back(client(GetParam()->write(1, kPipeCall)));
    const int known = interface_of_call(run(dialogue));
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}})
      EXPECT_EQ(interface_of_call(run(dialogue, piece)), known);
    return known == 5;
  };
  const Speech& speech = *GetParam();
  EXPECT_TRUE(goes_on_after({}));
  EXPECT_FALSE(goes_on_after({client(speech.close(1)), server(speech.closed(1, 0))}));
  EXPECT_TRUE(goes_on_after({client(speech.close(1)), server(speech.closed(1, kRefused))}));
  EXPECT_TRUE(goes_on_after({client(speech.close(1))}));
  EXPECT_TRUE(goes_on_after({client(speech.close(2)), server(speech.closed(2, 0))}));
  EXPECT_TRUE(goes_on_after({server(speech.closed(1, 0))}));
  // The same number twice: which of them the server agreed to is not clear.
  EXPECT_TRUE(goes_on_after({client(speech.close(1) + speech.close(1)), server(speech.closed(1, 0))}));
  EXPECT_TRUE(goes_on_after({client(speech.disconnect()), server(speech.disconnected(kRefused))}));
  EXPECT_FALSE(goes_on_after({client(speech.disconnect()), server(speech.disconnected(0))}));
  EXPECT_TRUE(goes_on_after({client(speech.log_off()), server(speech.logged_off(kRefused))}));
  EXPECT_FALSE(goes_on_after({client(speech.log_off()), server(speech.logged_off(0))}));
}

// More requests than can be waited for: from then on none is believed.
TEST_P(SmbPipeEndings, NotWhenTooManyWait) {
  std::vector<Sent> dialogue;
  use(*GetParam(), 1, dialogue);
  for (unsigned i = 100; i < 165; ++i) dialogue.push_back(client(GetParam()->close(i)));
  close(*GetParam(), 1, dialogue);
  dialogue.push_back(client(GetParam()->write(1, kPipeCall)));
  EXPECT_EQ(interface_of_call(run(dialogue)), 5);
}

INSTANTIATE_TEST_SUITE_P(Smb, SmbPipeEndings, testing::Values(&kSmb1, &kSmb2),
                         [](const auto& of) { return std::string(of.param->name); });

TEST(SmbPipeEndingsOnce, CallNamedPipeClosesByItself) {
  const std::size_t at = 32 + 1 + 32 + 2 + 7;
  std::vector<Sent> dialogue;
  for (unsigned i = 0; i < 40; ++i) {
    const std::string data = kPipeBind + kPipeCall;
    const std::string words = wire2::u16(0) + wire2::u16(data.size()) + wire2::u16(0) + wire2::u16(1024) +
                              std::string(12, '\0') + wire2::u16(at) + wire2::u16(data.size()) +
                              wire2::u16(at) + wire2::u16(2) + wire2::u16(0x54) + wire2::u16(0);
    dialogue.push_back(client(wire::message(0x25, ids(i), words, "\\PIPE\\\0"s + data)));
    const std::string answer = rpc::response("answer");
    dialogue.push_back(
        server(wire::response(0x25, ids(i), 0,
                              wire2::u16(0) + wire2::u16(answer.size()) + std::string(8, '\0') +
                                  wire2::u16(answer.size()) + wire2::u16(32 + 1 + 20 + 2) + wire2::u32(0),
                              answer)));
  }
  const Recorder got = run(dialogue);
  EXPECT_EQ(got.anomalies, std::vector<std::string>{});
  EXPECT_EQ(got.seen("dcerpc.opnum").size(), 80U);  // a request and a response each
}

}  // namespace
}  // namespace bansoko::proto::smb
