// SPDX-License-Identifier: Apache-2.0
// Rule options that look values up in files: dataset, datarep, iprep.
#include <gtest/gtest.h>

#include "shield/keyword/rule_harness.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using Sids = std::vector<std::uint32_t>;

constexpr packet::Address kListed = packet::Address::v4(192, 0, 2, 1);
constexpr packet::Address kOther = packet::Address::v4(203, 0, 113, 9);

FilesBeside files() {
  return {.files = {{"words.lst", "YWJj\n# a remark\n\neHl6\n"},
                    {"md5.lst", "900150983cd24fb0d6963f7d28e17f72\n"},
                    {"hosts.lst", "192.0.2.1\n2001:db8::1\n"},
                    {"hosts.rep", "192.0.2.1,30\n203.0.113.9,7\n"},
                    {"bad.lst", "YWJj\nnot base64!\n"}},
          .categories = "1,CnC,Command and control\n2,Scan,\n",
          .scores = "192.0.2.1,1,50\n203.0.113.0/24,1,20\n203.0.113.9,1,0\n198.51.100.0/24,2,127\n"};
}

packet::Packet packet_of(const packet::Address& source, const packet::Address& dest) {
  packet::Packet packet{
      .payload = as_bytes("abc"), .ip_version = 4, .protocol = 17, .ttl = 64, .has_transport = true};
  packet.source = source;
  packet.dest = dest;
  return packet;
}

struct Case {
  std::string name;
  std::string options;
  bool want;
};

class OnFiles : public testing::TestWithParam<Case> {};

TEST_P(OnFiles, Matches) {
  RuleHarness harness("alert ip any any -> any any (" + GetParam().options + " sid:1;)", {}, 1, files());
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  const packet::Packet packet = packet_of(kListed, kOther);
  const AllocationCounter allocations;
  harness.inspector().begin({.packet = &packet});
  harness.inspector().finish();
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(harness.sids(), GetParam().want ? Sids{1} : Sids{});
}

INSTANTIATE_TEST_SUITE_P(
    DataSets, OnFiles,
    testing::Values(
        Case{"In", "ip.src; dataset:isset,h,type ip,load hosts.lst;", true},
        Case{"NotIn", "ip.dst; dataset:isset,h,type ip,load hosts.lst;", false},
        Case{"IsNotIn", "ip.dst; dataset:isnotset,h,type ip,load hosts.lst;", true},
        Case{"KnownByName",
             "ip.src; dataset:isset,h,type ip,load hosts.lst, memcap 10mb, hashsize 8; dataset:isset,h;",
             true},
        Case{"AddressIsNoText", "ip.src; dataset:isset,w,type string,load words.lst;", false},
        Case{"AddressIsNoDigest", "ip.src; dataset:isset,m,type md5,load md5.lst;", false},
        Case{"Reputation", "ip.src; datarep:r,>,29,load hosts.rep,type ip;", true},
        Case{"ReputationEqual", "ip.src; datarep:r,=,30,load hosts.rep,type ip;", true},
        Case{"ReputationBelow", "ip.src; datarep:r,<,30,load hosts.rep,type ip;", false},
        Case{"ReputationOther", "ip.dst; datarep:r,<,8,load hosts.rep,type ipv4;", true}),
    by_name);

INSTANTIATE_TEST_SUITE_P(Addresses, OnFiles,
                         testing::Values(Case{"Source", "iprep:src,CnC,>,49;", true},
                                         Case{"SourceNot", "iprep:src,CnC,>,50;", false},
                                         Case{"SourceAtLeast", "iprep:src,CnC,>=,50;", true},
                                         Case{"TakenBack", "iprep:dst,CnC,>,0;", false},
                                         Case{"Any", "iprep:any,CnC,=,50;", true},
                                         Case{"Both", "iprep:both,CnC,>,10;", false},
                                         Case{"Isset", "iprep:src,CnC,isset;", true},
                                         Case{"Isnotset", "iprep:dst,CnC,isnotset;", true},
                                         Case{"IsnotsetNot", "iprep:src,CnC,isnotset;", false},
                                         Case{"OtherCategory", "iprep:src,Scan,>,0;", false}),
                         by_name);

struct Fault {
  std::string name;
  std::string options;
  std::string want;
};

class WithoutFiles : public testing::TestWithParam<Fault> {};

TEST_P(WithoutFiles, SaysWhy) {
  const RuleHarness harness("alert ip any any -> any any (" + GetParam().options + " sid:1;)", {}, 1,
                            files());
  ASSERT_EQ(rule::count_errors(harness.diagnostics), 1u);
  EXPECT_NE(harness.diagnostics.front().message.find(GetParam().want), std::string::npos)
      << harness.diagnostics.front().message;
}

INSTANTIATE_TEST_SUITE_P(
    Data, WithoutFiles,
    testing::Values(
        Fault{"NoBuffer", "dataset:isset,h,type ip,load hosts.lst;", "needs a buffer"},
        Fault{"Set", "ip.src; dataset:set,h,type ip,load hosts.lst;", "no set changes"},
        Fault{"State", "ip.src; dataset:isset,h,type ip,state hosts.lst;", "sets that change"},
        Fault{"Command", "ip.src; dataset:has,h;", "not something to ask"},
        Fault{"NotKnown", "ip.src; dataset:isset,h;", "not known yet"},
        Fault{"NoType", "ip.src; dataset:isset,h,load hosts.lst;", "not known yet"},
        Fault{"Type", "ip.src; dataset:isset,h,type mac,load hosts.lst;", "not a type"},
        Fault{"Json", "ip.src; dataset:isset,h,type ip,load hosts.lst,format json;", "not a form"},
        Fault{"Setting", "ip.src; dataset:isset,h,type ip,load hosts.lst,colour red;", "not a setting"},
        Fault{"NoFile", "ip.src; dataset:isset,h,type ip,load none.lst;", "no such file"},
        Fault{"FaultInFile", "ip.src; dataset:isset,h,type string,load bad.lst;", "bad.lst: line 2"},
        Fault{"AnotherSet", "ip.src; dataset:isset,h,type ip,load hosts.lst; dataset:isset,h,type ipv4;",
              "another set"},
        Fault{"Operator", "ip.src; datarep:r,!=,30,load hosts.rep,type ip;", "not an operator"},
        Fault{"NoNumbers", "ip.src; datarep:r,>,30,load hosts.lst,type ip;", "no number behind a comma"},
        Fault{"Category", "iprep:src,Nonesuch,>,1;", "not a category"},
        Fault{"Side", "iprep:from,CnC,>,1;", "not a side"},
        Fault{"Score", "iprep:src,CnC,>,200;", "beyond 127"},
        Fault{"Sign", "iprep:src,CnC,~,2;", "not an operator"}),
    by_name);

}  // namespace
}  // namespace bansoko::keyword
