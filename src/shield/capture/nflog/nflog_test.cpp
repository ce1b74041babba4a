// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>

#include "shield/capture/netlink_reader.h"
#include "shield/capture/nflog/message.h"
#include "tests/cases.h"

namespace bansoko::capture::nflog {
namespace {

using namespace std::string_literals;

template <class T>
std::string native(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
std::string attribute(std::uint16_t type, const std::string& value) {
  std::string text = native(static_cast<std::uint16_t>(value.size() + 4)) + native(type) + value;
  text.resize((text.size() + 3) / 4 * 4);
  return text;
}
std::string message(const std::string& attributes, std::uint16_t type = NFNL_SUBSYS_ULOG << 8U) {
  return native(static_cast<std::uint32_t>(20 + attributes.size())) + native(type) + std::string(10, '\0') +
         "\0\0\0\0"s + attributes;
}
std::string sequence(std::uint32_t number) { return attribute(NFULA_SEQ, native(htonl(number))); }

struct CopyCase {
  std::string name;
  std::string message;
  std::optional<std::uint32_t> sequence = {};
  std::chrono::nanoseconds arrived{};
  std::string payload = {};
};
class Copy : public testing::TestWithParam<CopyCase> {};

TEST_P(Copy, IsRead) {
  const auto got = parse_copy(as_bytes(GetParam().message));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->sequence, GetParam().sequence);
  EXPECT_EQ(got->arrived, GetParam().arrived);
  EXPECT_EQ(as_text(got->payload), GetParam().payload);
}

const std::string kPayload = attribute(NFULA_PAYLOAD, "a packet");
const std::string kTime = attribute(NFULA_TIMESTAMP, "\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\x09"s);
constexpr std::chrono::nanoseconds kSeven(7'000'009'000);

INSTANTIATE_TEST_SUITE_P(
    Nflog, Copy,
    testing::Values(CopyCase{"Whole", message(sequence(5) + kTime + kPayload), 5, kSeven, "a packet"},
                    CopyCase{"First", message(sequence(0) + kPayload), 0, {}, "a packet"},
                    CopyCase{"Unnumbered", message(kPayload), {}, {}, "a packet"},
                    CopyCase{
                        "ShortNumber", message(attribute(NFULA_SEQ, "abc") + kPayload), {}, {}, "a packet"},
                    CopyCase{"NoPayload", message(sequence(5)), 5},
                    CopyCase{"SenselessTime",
                             message(attribute(NFULA_TIMESTAMP, std::string(16, '\xff')) + kPayload),
                             {},
                             {},
                             "a packet"},
                    CopyCase{"UnknownAttribute", message(attribute(99, "new") + sequence(5)), 5},
                    CopyCase{"NoAttributes", message("")}),
    by_name);

struct BadCase {
  std::string name;
  std::string message;
};
class BadCopy : public testing::TestWithParam<BadCase> {};
TEST_P(BadCopy, IsRefused) { EXPECT_FALSE(parse_copy(as_bytes(GetParam().message))); }

std::string cut(std::string text, std::size_t by) {
  text.resize(text.size() - by);
  return text;
}
INSTANTIATE_TEST_SUITE_P(
    Nflog, BadCopy,
    testing::Values(BadCase{"Empty", ""}, BadCase{"OtherType", message(kPayload, NLMSG_DONE)},
                    BadCase{"Queued", message(kPayload, NFNL_SUBSYS_QUEUE << 8U)},
                    BadCase{"NoFamily", native(std::uint32_t{16}) +
                                            native(std::uint16_t{NFNL_SUBSYS_ULOG << 8U}) +
                                            std::string(10, '\0')},
                    BadCase{"LengthPastTheEnd", cut(message(kPayload), 1)},
                    BadCase{"AttributePastTheEnd", message(native(std::uint16_t{9}) + "\x09\0"s)},
                    BadCase{"AttributeWithoutHeader", message(native(std::uint16_t{3}) + "\x09\0"s)}),
    by_name);

struct TakeCase {
  std::string name;
  std::string received;
  std::vector<std::size_t> want;  // sizes of the messages
  std::size_t left = 0;
};
class Received : public testing::TestWithParam<TakeCase> {};
TEST_P(Received, IsTakenApart) {
  Bytes rest = as_bytes(GetParam().received);
  std::vector<std::size_t> sizes;
  while (const auto message = take_message(rest)) sizes.push_back(message->size());
  EXPECT_EQ(sizes, GetParam().want);
  EXPECT_EQ(rest.size(), GetParam().left);
}

const std::string kHead(12, '\0');
INSTANTIATE_TEST_SUITE_P(
    Nflog, Received,
    testing::Values(TakeCase{"Nothing", "", {}}, TakeCase{"One", message(""), {20}},
                    TakeCase{"Two", message("") + message(kPayload), {20, 32}},
                    TakeCase{"Padded", native(std::uint32_t{18}) + kHead + "abcd" + message(""), {18, 20}},
                    TakeCase{"LastWithoutPadding", native(std::uint32_t{18}) + kHead + "ab", {18}},
                    TakeCase{"ShorterThanItsHeader", native(std::uint32_t{15}) + kHead, {}, 16},
                    TakeCase{"LengthZero", native(std::uint32_t{0}) + kHead, {}, 16},
                    TakeCase{"LongerThanTheRest", message("") + native(std::uint32_t{17}) + kHead, {20}, 16}),
    by_name);

struct GapCase {
  std::string name;
  std::vector<std::uint32_t> numbers;
  std::uint64_t want;
};
class MissingCopies : public testing::TestWithParam<GapCase> {};
TEST_P(MissingCopies, AreCounted) {
  Gaps gaps;
  for (const std::uint32_t number : GetParam().numbers) gaps.see(number);
  EXPECT_EQ(gaps.missing(), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Nflog, MissingCopies,
                         testing::Values(GapCase{"None", {0, 1, 2}, 0}, GapCase{"Between", {0, 3}, 2},
                                         GapCase{"BeforeTheFirst", {3}, 3},
                                         GapCase{"Backwards", {4, 2, 5}, 4},
                                         GapCase{"WrapsAround", {0x7fffffff, 0xfffffffe, 1}, 0xffffffff}),
                         by_name);

/// An IPv4 or IPv6 header; `length` is what it says about its size.
std::string ipv4(std::uint8_t protocol, std::size_t length, const std::string& upper) {
  return "\x45\0"s + static_cast<char>(length >> 8U) + static_cast<char>(length) + "\0\0\0\0\x40"s +
         static_cast<char>(protocol) + "\0\0\x0a\0\0\x01\x0a\0\0\x02"s + upper;
}
std::string ipv6(std::uint8_t protocol, std::size_t length, const std::string& upper) {
  return "\x60\0\0\0"s + static_cast<char>(length >> 8U) + static_cast<char>(length) +
         static_cast<char>(protocol) + "\x40"s + std::string(15, '\0') + "\1" + std::string(15, '\0') + "\2" +
         upper;
}
std::string tcp(const std::string& checksum) { return std::string(16, '\1') + checksum + "\0\0"s; }
std::string udp(const std::string& checksum) { return std::string(6, '\1') + checksum; }

struct SizeCase {
  std::string name;
  std::string packet;
  std::uint32_t want;
};
class WireSize : public testing::TestWithParam<SizeCase> {};
TEST_P(WireSize, IsWhatItWas) { EXPECT_EQ(wire_size(as_bytes(GetParam().packet)), GetParam().want); }

std::string filled(std::string packet, std::size_t size) {
  packet.resize(size);
  return packet;
}
INSTANTIATE_TEST_SUITE_P(
    Nflog, WireSize,
    testing::Values(SizeCase{"Empty", "", 0}, SizeCase{"HeaderThatLies", ipv4(6, 9999, ""), 20},
                    SizeCase{"AlmostCut", filled(ipv4(6, 65535, ""), kMaxCopy - 1), kMaxCopy - 1},
                    SizeCase{"JustWhole", filled(ipv4(6, kMaxCopy, ""), kMaxCopy), kMaxCopy},
                    SizeCase{"Cut", filled(ipv4(6, 65535, ""), kMaxCopy), 65535},
                    SizeCase{"CutIpv6", filled(ipv6(6, 65535, ""), kMaxCopy), 65575},
                    SizeCase{"FullAndLying", filled(ipv4(6, 40, ""), kMaxCopy), kMaxCopy},
                    SizeCase{"MergedBeyondTheHeader", filled(ipv4(6, 0, ""), kMaxCopy), 65536},
                    SizeCase{"MergedBeyondTheHeaderIpv6", filled(ipv6(6, 0, ""), kMaxCopy), 65536}),
    by_name);

struct ChecksumCase {
  std::string name;
  std::string packet;
  bool want;
};
class Unfilled : public testing::TestWithParam<ChecksumCase> {};
TEST_P(Unfilled, IsRecognised) {
  EXPECT_EQ(is_checksum_unfilled(as_bytes(GetParam().packet)), GetParam().want);
}

// 10.0.0.1, 10.0.0.2: 0a00 + 0001 + 0a00 + 0002 = 1403; and the protocol and the length.
const std::string kTcpSum4 = "\x14\x1d"s;  // + 6 + 20
const std::string kUdpSum4 = "\x14\x1c"s;  // + 17 + 8
const std::string kTcpSum6 = "\0\x1d"s;    // 3 + 6 + 20
const std::string kUdpSum6 = "\0\x1c"s;    // 3 + 17 + 8
INSTANTIATE_TEST_SUITE_P(
    Nflog, Unfilled,
    testing::Values(ChecksumCase{"Tcp", ipv4(6, 40, tcp(kTcpSum4)), true},
                    ChecksumCase{"TcpFilledIn", ipv4(6, 40, tcp("\x14\x1e")), false},
                    ChecksumCase{"TcpZero", ipv4(6, 40, tcp("\0\0"s)), false},
                    ChecksumCase{"TcpIpv6", ipv6(6, 20, tcp(kTcpSum6)), true},
                    ChecksumCase{"Udp", ipv4(17, 28, udp(kUdpSum4)), true},
                    ChecksumCase{"UdpIpv6", ipv6(17, 8, udp(kUdpSum6)), true},
                    ChecksumCase{"Padded", ipv4(6, 40, tcp(kTcpSum4)) + "pad", true},
                    ChecksumCase{"OtherProtocol", ipv4(1, 40, tcp(kTcpSum4)), false},
                    ChecksumCase{"NoRoom", ipv4(6, 37, filled(tcp(kTcpSum4), 17)), false},
                    ChecksumCase{"LongerThanItIs", ipv4(6, 41, tcp(kTcpSum4)), false},
                    ChecksumCase{"HeaderLongerThanAll", "\x4f" + ipv4(6, 40, tcp(kTcpSum4)).substr(1), false},
                    ChecksumCase{"HeaderTooShort", "\x44" + ipv4(6, 40, tcp(kTcpSum4)).substr(1), false},
                    ChecksumCase{"MergedBeyondTheHeader", filled(ipv4(6, 0, ""), kMaxCopy), true},
                    ChecksumCase{"LengthZero", ipv4(6, 0, tcp(kTcpSum4)), false},
                    ChecksumCase{"Empty", "", false}, ChecksumCase{"OneByte", "\x60", false}),
    by_name);

}  // namespace
}  // namespace bansoko::capture::nflog
