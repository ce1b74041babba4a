// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "shield/rule/rule_text.h"

namespace bansoko::rule {
namespace {

std::filesystem::path shared_folder() {
  if (const char* const named = std::getenv("BANSOKO_SHARED")) return named;
  return std::filesystem::path(__FILE__).parent_path() / "../../../../shared";
}

/// A set of rules in wide use: every one is read, and what is said of three is true of them.
TEST(RuleCorpus, EveryRuleIsRead) {
  std::ifstream file(shared_folder() / "data/rules/etopen.rules", std::ios::binary);
  if (!file) GTEST_SKIP() << "no etopen.rules under " << shared_folder();
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Diagnostics faults;
  const auto begin = std::chrono::steady_clock::now();
  const auto rules = parse_rules(text, "etopen.rules", default_variables(), faults);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(rules.size(), 25440U);
  EXPECT_EQ(count_errors(faults), 0U);
  for (const Diagnostic& fault : faults)  // they ask for what lies outside of networks that are `any`
    EXPECT_NE(fault.message.find("the rule can never match"), std::string::npos) << to_text(fault);
  EXPECT_LE(faults.size(), 4U);
  EXPECT_LT(took.count(), 10.0);  // a tenth of a second as built for release; sanitizers take their time

  auto variables = default_variables();
  variables.addresses["HOME_NET"] = "[192.168.0.0/16,10.0.0.0/8,172.16.0.0/12]";
  variables.addresses["EXTERNAL_NET"] = "!$HOME_NET";
  for (const auto* const name :
       {"HTTP_SERVERS", "SMTP_SERVERS", "SQL_SERVERS", "DNS_SERVERS", "TELNET_SERVERS"})
    variables.addresses[name] = "$HOME_NET";
  faults.clear();
  EXPECT_EQ(parse_rules(text, "etopen.rules", variables, faults).size(), 25440U);
  EXPECT_TRUE(faults.empty()) << to_text(faults.front());
}

}  // namespace
}  // namespace bansoko::rule
