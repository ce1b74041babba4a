// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <isa-l/igzip_lib.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "shield/capture/capture.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::capture::pcapfile {
const Driver& describe();
namespace {

using namespace std::string_literals;

/// Numbers in either byte order.
struct Order {
  bool little = true;

  std::string number(std::uint64_t value, unsigned size) const {
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += static_cast<char>(value >> 8 * (little ? i : size - 1 - i));
    return text;
  }
  std::string u16(std::uint64_t value) const { return number(value, 2); }
  std::string u32(std::uint64_t value) const { return number(value, 4); }
};
constexpr Order kLittle{true};
constexpr Order kBig{false};

std::string file_header(Order order = kLittle, std::uint32_t magic = 0xa1b2c3d4, std::uint32_t type = 1) {
  return order.u32(magic) + order.u16(2) + order.u16(4) + order.u32(0) + order.u32(0) + order.u32(65535) +
         order.u32(type);
}
std::string record(const std::string& bytes, Order order = kLittle, std::uint32_t fraction = 5,
                   std::size_t wire = 0) {
  return order.u32(1000) + order.u32(fraction) + order.u32(bytes.size()) +
         order.u32(wire == 0 ? bytes.size() : wire) + bytes;
}
/// A capture of packets of one link type.
std::string pcap(std::uint32_t type, const std::vector<std::string>& packets) {
  std::string file = file_header(kLittle, 0xa1b2c3d4, type);
  for (const std::string& packet : packets) file += record(packet);
  return file;
}
std::string block(std::uint32_t type, std::string body) {
  body.resize((body.size() + 3) / 4 * 4);
  const std::string size = kLittle.u32(body.size() + 12);
  return kLittle.u32(type) + size + body + size;
}
/// pcapng with timestamps in nanoseconds (if_tsresol 9).
std::string pcapng(const std::vector<std::string>& packets, std::uint16_t type = 1) {
  std::string file =
      block(0x0a0d0d0a, kLittle.u32(0x1a2b3c4d) + kLittle.u16(1) + kLittle.u16(0) + kLittle.number(~0ULL, 8));
  file += block(1, kLittle.u16(type) + kLittle.u16(0) + kLittle.u32(0) + kLittle.u16(9) + kLittle.u16(1) +
                       "\x09\0\0\0"s + kLittle.u32(0));
  constexpr std::uint64_t kTime = 1'000'000'005'000;
  for (const std::string& packet : packets)
    file += block(6, kLittle.u32(0) + kLittle.u32(kTime >> 32) + kLittle.u32(kTime) +
                         kLittle.u32(packet.size()) + kLittle.u32(packet.size()) + packet);
  return file;
}
std::string gzip(const std::string& plain) {
  isal_zstream stream;
  isal_deflate_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  std::string input = plain;
  std::string packed(plain.size() + 1024, '\0');
  stream.next_in = reinterpret_cast<std::uint8_t*>(input.data());
  stream.avail_in = static_cast<std::uint32_t>(input.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(packed.data());
  stream.avail_out = static_cast<std::uint32_t>(packed.size());
  EXPECT_EQ(isal_deflate(&stream), COMP_OK);
  packed.resize(stream.total_out);
  return packed;
}

class TempFile {
 public:
  explicit TempFile(const std::string& contents) { std::ofstream(path, std::ios::binary) << contents; }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() { std::filesystem::remove(path); }

  const std::string path = testing::TempDir() + "bansoko-" + std::to_string(::getpid()) + ".pcap";
};

struct Got {
  std::vector<std::string> frames;
  std::vector<packet::Frame> last;  // the last batch; its bytes are gone
  std::vector<std::int64_t> times;
  std::string error;
  Counters counters;
};

Got read_all(const std::string& path, std::size_t batch_size = 4) {
  Got got;
  const auto capture = describe().open({.path = path}, 0);
  if (!capture) {
    got.error = capture.error().message;
    return got;
  }
  std::vector<packet::Frame> frames(batch_size);
  for (bool ended = false; !ended;) {
    const auto batch = (*capture)->receive(frames, {});
    if (!batch) {
      got.error = batch.error().message;
      EXPECT_FALSE((*capture)->receive(frames, {}));  // a damaged file stays damaged
      break;
    }
    ended = batch->ended;
    for (const auto& frame : std::span(frames).first(batch->count)) {
      got.frames.emplace_back(as_text(frame.bytes));
      got.times.push_back(frame.arrived.count());
      got.last.push_back(frame);
      EXPECT_GE(frame.id, got.frames.size());  // packets passed over have numbers too
    }
    (*capture)->settle(std::vector<packet::Verdict>(batch->count));
  }
  got.counters = (*capture)->counters();
  return got;
}

const std::vector<std::string> kThree{"first packet", "second", std::string(3000, 'x')};

struct FileCase {
  std::string name;
  std::string contents;
  std::vector<std::string> frames = kThree;
  std::string error = {};
  packet::Link link = packet::Link::ethernet;
};
class CaptureFiles : public testing::TestWithParam<FileCase> {};

TEST_P(CaptureFiles, GiveTheirFrames) {
  const TempFile file(GetParam().contents);
  const Got got = read_all(file.path);
  EXPECT_EQ(got.frames, GetParam().frames);
  for (const auto& frame : got.last) {
    EXPECT_EQ(frame.link, GetParam().link);
    EXPECT_TRUE(frame.may_be_unsegmented);
  }
  if (GetParam().error.empty()) {
    EXPECT_EQ(got.error, "");
  } else {
    EXPECT_EQ(got.error.substr(0, file.path.size() + 2), file.path + ": ");
    EXPECT_NE(got.error.find(GetParam().error), std::string::npos) << got.error;
  }
}

std::string in_order(Order order, std::uint32_t magic) {
  std::string file = file_header(order, magic);
  for (const auto& packet : kThree) file += record(packet, order);
  return file;
}
std::string cut(std::string contents, std::size_t by) {
  contents.resize(contents.size() - by);
  return contents;
}

const std::vector<std::string> kTwo{kThree[0], kThree[1]};
const std::string kIp = "E an IP packet";

INSTANTIATE_TEST_SUITE_P(
    Pcapfile, CaptureFiles,
    testing::Values(
        FileCase{"LittleMicro", in_order(kLittle, 0xa1b2c3d4)},
        FileCase{"LittleNano", in_order(kLittle, 0xa1b23c4d)},
        FileCase{"BigMicro", in_order(kBig, 0xa1b2c3d4)}, FileCase{"BigNano", in_order(kBig, 0xa1b23c4d)},
        FileCase{"Pcapng", pcapng(kThree)}, FileCase{"Gzip", gzip(pcap(1, kThree))},
        FileCase{"GzipPcapng", gzip(pcapng(kThree))},
        FileCase{"GzipMembers", gzip(cut(pcap(1, kThree), 2000)) +
                                    gzip(pcap(1, kThree).substr(pcap(1, kThree).size() - 2000))},
        FileCase{"NoPackets", file_header(), {}}, FileCase{"EmptyPacket", pcap(1, {""}), {""}},
        FileCase{"RawIp", pcap(101, {kIp}), {kIp}, "", packet::Link::ip},
        FileCase{"RawIpInMemory", pcap(12, {kIp}), {kIp}, "", packet::Link::ip},
        FileCase{"RawIpv4", pcap(228, {kIp}), {kIp}, "", packet::Link::ip},
        FileCase{"RawIpv6", pcap(229, {kIp}), {kIp}, "", packet::Link::ip},
        FileCase{"RawIpPcapng", pcapng({kIp}, 101), {kIp}, "", packet::Link::ip},
        FileCase{"Null", pcap(0, {kIp}), {kIp}, "", packet::Link::null},
        FileCase{"Loop", pcap(108, {kIp}), {kIp}, "", packet::Link::null},
        FileCase{"Cooked", pcap(113, {kIp, "x", ""}), {kIp, "x", ""}, "", packet::Link::linux_cooked},
        FileCase{"Cooked2", pcap(276, {kIp}), {kIp}, "", packet::Link::linux_cooked_v2},
        FileCase{"Ppp", pcap(9, {kIp}), {kIp}, "", packet::Link::ppp},
        FileCase{"PppSerial", pcap(50, {kIp}), {kIp}, "", packet::Link::ppp},
        FileCase{"Hdlc", pcap(104, {kIp}), {kIp}, "", packet::Link::hdlc},
        FileCase{"Mpls", pcap(219, {kIp}), {kIp}, "", packet::Link::mpls},
        FileCase{"MplsPcapng", pcapng({kIp}, 219), {kIp}, "", packet::Link::mpls},
        FileCase{"OtherLink", pcap(127, kThree), {}, "IEEE802_11_RADIO"},
        FileCase{"OtherLinkPcapng", pcapng(kThree, 127), {}, "IEEE802_11_RADIO"},
        FileCase{"UnknownLink", pcap(54321, kThree), {}, "54321"},
        FileCase{"CutInPacket", cut(pcap(1, kThree), 1), kTwo, "packet 3: cut short: 2999 of 3000 bytes"},
        FileCase{"CutInHeader", cut(pcap(1, kThree), 3001), kTwo, "packet 3: cut short in the header"},
        FileCase{"CutPcapng", cut(pcapng(kThree), 1), kTwo, "packet 3: "},
        FileCase{"CutGzip", cut(gzip(pcap(1, kThree)), 9), kThree, "packet 4: the gzip data are cut short"},
        FileCase{"DamagedGzip", cut(gzip(pcap(1, kThree)), 8) + "12345678", kThree,
                 "packet 4: the gzip data are damaged"},
        FileCase{"GarbageAfterGzip", gzip(pcap(1, kThree)) + "garbage after the end", kThree,
                 "packet 4: the gzip data"},
        FileCase{"ImpossibleSize",
                 pcap(1, kTwo) + kLittle.u32(1) + kLittle.u32(1) + kLittle.u32(262145) + kLittle.u32(1), kTwo,
                 "packet 3: says it has 262145 bytes"},
        FileCase{"LargestSize", pcap(1, {std::string(262144, 'l')}), {std::string(262144, 'l')}},
        FileCase{"Empty", "", {}, "empty"},
        FileCase{"CutFileHeader", cut(file_header(), 1), {}, "header of the file"},
        FileCase{"Garbage", "this is no capture at all", {}, "unknown file format"},
        FileCase{"OnlyGzipMagic", "\x1f\x8b", {}, "gzip"}),
    by_name);

TEST(Pcapfile, ReadsTimesAndSizes) {
  const TempFile micro(file_header() + record("abc", kLittle, 5, 1500));
  const Got got = read_all(micro.path);
  ASSERT_EQ(got.frames.size(), 1U);
  EXPECT_EQ(got.times[0], 1'000'000'005'000);
  EXPECT_EQ(got.last[0].wire_size, 1500U);
  EXPECT_EQ(got.counters.truncated, 1U);
  EXPECT_EQ(got.counters.bytes, 1500U);
}
TEST(Pcapfile, ReadsNanoseconds) {
  const TempFile nano(file_header(kBig, 0xa1b23c4d) + record("abc", kBig, 5));
  EXPECT_EQ(read_all(nano.path).times, std::vector<std::int64_t>{1'000'000'000'005});
  const TempFile ng(pcapng({"abc"}));
  EXPECT_EQ(read_all(ng.path).times, std::vector<std::int64_t>{1'000'000'005'000});
}
TEST(Pcapfile, ErrorsNameAFileThatIsNotThere) {
  EXPECT_EQ(read_all("/nonexistent/x.pcap").error, "/nonexistent/x.pcap: No such file or directory");
  EXPECT_NE(read_all("/proc").error.find("/proc: "), std::string::npos);
}
TEST(Pcapfile, HasOneWorker) { EXPECT_FALSE(describe().open({.path = "-"}, 1)); }

TEST(Pcapfile, ReadsStandardInputThroughAPipe) {
  const std::string contents = pcap(1, kThree);
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  ASSERT_EQ(::write(pipe[1], contents.data(), contents.size()), static_cast<ssize_t>(contents.size()));
  ::close(pipe[1]);
  const UniqueFd saved(::dup(STDIN_FILENO));
  ::dup2(pipe[0], STDIN_FILENO);
  ::close(pipe[0]);
  EXPECT_EQ(read_all("-").frames, kThree);
  ::dup2(saved.get(), STDIN_FILENO);
}

// Frames of one batch stay whole while the window slides and the arena fills.
TEST(Pcapfile, KeepsFramesOfABatchWhole) {
  std::vector<std::string> packets;
  for (int i = 0; i < 2000; ++i)
    packets.emplace_back(static_cast<std::size_t>(i), static_cast<char>('a' + i % 26));
  for (const std::string& contents : {pcap(1, packets), pcapng(packets), gzip(pcap(1, packets))}) {
    const TempFile file(contents);
    for (const std::size_t batch : {1U, 7U, 5000U}) EXPECT_EQ(read_all(file.path, batch).frames, packets);
  }
}

TEST(Pcapfile, AllocatesNothingPerPacket) {
  const std::vector<std::string> packets(5000, std::string(500, 'p'));
  for (const std::string& contents : {pcap(1, packets), pcapng(packets), gzip(pcap(1, packets))}) {
    const TempFile file(contents);
    const auto capture = describe().open({.path = file.path}, 0);
    ASSERT_TRUE(capture);
    std::array<packet::Frame, 64> frames;
    ASSERT_TRUE((*capture)->receive(frames, {}));
    const AllocationCounter allocations;
    for (bool ended = false; !ended;) ended = (*capture)->receive(frames, {})->ended;
    EXPECT_EQ(allocations.count(), 0U);
    EXPECT_EQ((*capture)->counters().received, packets.size());
  }
}

}  // namespace
}  // namespace bansoko::capture::pcapfile
