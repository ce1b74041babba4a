// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/datagram_test_case.h"

namespace bansoko::proto::dhcp {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string option(int code, const std::string& value) {
  return std::string{static_cast<char>(code), static_cast<char>(value.size())} + value;
}

std::string filled(const std::string& text, std::size_t size) {
  return text + std::string(size - text.size(), '\0');
}

std::string message(const std::string& options, const std::string& file = "",
                    const std::string& server_name = "") {
  return filled("\2\1\6\0"s, 44) + filled(server_name, 64) + filled(file, 128) + "\x63\x82\x53\x63" + options;
}

const std::string kEnd = "\xFF";
const std::string kHour = "\0\0\x0e\x10"s;
const std::string kAck = message(option(53, "\5") + "\0"s + option(51, kHour) + option(58, "\0\0\7\10"s) +
                                 option(59, "\0\0\0\1"s) + kEnd);

class Dhcp : public testing::TestWithParam<DatagramCase> {};
TEST_P(Dhcp, Tells) { expect_noted(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Messages, Dhcp,
    testing::Values(
        DatagramCase{
            "Times",
            {server(kAck)},
            {"server dhcp.leasetime 3600", "server dhcp.renewal_time 1800", "server dhcp.rebinding_time 1"}},
        DatagramCase{"NoOptions", {client(message(kEnd))}, {}},
        DatagramCase{"BehindTheEnd", {client(message(kEnd + option(51, kHour)))}, {}},
        DatagramCase{"InTheFile",
                     {client(message(option(52, "\1") + kEnd, option(51, kHour) + kEnd))},
                     {"client dhcp.leasetime 3600"}},
        DatagramCase{"InTheServerName",
                     {client(message(option(52, "\2") + kEnd, "", option(51, kHour) + kEnd))},
                     {"client dhcp.leasetime 3600"}},
        DatagramCase{"NotOverloaded", {client(message(kEnd, option(51, kHour) + kEnd))}, {}},
        DatagramCase{
            "OverloadedOnceOnly",
            {client(message(option(52, "\1") + kEnd, option(52, "\2") + kEnd, option(51, kHour) + kEnd))},
            {}},
        DatagramCase{"NoEnd",
                     {client(message(option(51, kHour)))},
                     {"client ! dhcp.truncated_options", "client dhcp.leasetime 3600"}},
        DatagramCase{"OptionCut", {client(message("\x33\4\0"s))}, {"client ! dhcp.truncated_options"}},
        DatagramCase{"TimeOfThreeBytes",
                     {client(message(option(51, "\0\0\1"s) + kEnd))},
                     {"client ! dhcp.malformed_options", "client dhcp.leasetime 0"}},
        DatagramCase{"TimeOfFiveBytes",
                     {client(message(option(51, kHour + "x") + kEnd))},
                     {"client ! dhcp.malformed_options", "client dhcp.leasetime 3600"}},
        DatagramCase{"NoMark", {client(std::string(300, '\1'))}, {"client ! dhcp.malformed_data"}},
        DatagramCase{"HeaderCut", {client(kAck.substr(0, 239))}, {"client ! dhcp.malformed_data"}}),
    by_name);

class DhcpProbe : public testing::TestWithParam<ProbeCase> {};
TEST_P(DhcpProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Dhcp, DhcpProbe,
                         testing::Values(ProbeCase{"AnyPort", kAck, 40000, Guess::yes},
                                         ProbeCase{"NoMark", std::string(300, '\1'), 40000, Guess::no},
                                         ProbeCase{"StrayOnOwnPort", "stray", 67, Guess::maybe},
                                         ProbeCase{"OnThePortOfDns", kAck, 53, Guess::no},
                                         ProbeCase{"Empty", "", 67, Guess::maybe}),
                         by_name);

TEST(DhcpParser, AllocatesNothing) { expect_no_allocation(describe(), {server(kAck)}); }

}  // namespace
}  // namespace bansoko::proto::dhcp
