// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/condition.h"

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

using Kind = Condition::Kind;

Condition os(std::string product) { return {.kind = Kind::os, .texts = {std::move(product)}}; }
Condition feature(std::string name) { return {.kind = Kind::feature, .texts = {std::move(name)}}; }
Condition pack(std::uint32_t least, std::uint32_t most) {
  return {.kind = Kind::service_pack, .least = least, .most = most};
}
Condition all(std::vector<Condition> parts) { return {.kind = Kind::all, .parts = std::move(parts)}; }
Condition any(std::vector<Condition> parts) { return {.kind = Kind::any, .parts = std::move(parts)}; }
Condition negation(Condition part) { return {.kind = Kind::negation, .parts = {std::move(part)}}; }

Host server_2003() {
  Host host;
  host.os = {.product = "microsoft:windows_server_2003", .service_pack = 2, .build = 3790, .arch = Arch::x86};
  return host;
}

Truth of(const Condition& condition, const Host& host, std::set<std::string>* open = nullptr) {
  const std::vector<Role> roles;
  return evaluate(condition, {host, roles}, open);
}

TEST(Condition, AsksAboutTheSystem) {
  const Host host = server_2003();
  EXPECT_EQ(of(os("microsoft:windows_server_2003"), host), Truth::yes);
  EXPECT_EQ(of(os("microsoft:windows_2000"), host), Truth::no);
  EXPECT_EQ(of(pack(1, 2), host), Truth::yes);
  EXPECT_EQ(of(pack(0, 1), host), Truth::no);
  EXPECT_EQ(of({.kind = Kind::arch, .texts = {"x64", "ia64"}}, host), Truth::no);
  EXPECT_EQ(of({.kind = Kind::build, .least = 3790, .most = 3790}, host), Truth::yes);
  EXPECT_EQ(of({.kind = Kind::r2, .flag = true}, host), Truth::no);
}

TEST(Condition, WhatTheInventoryDoesNotSayIsUnknownAndNamed) {
  Host host;
  std::set<std::string> open;
  EXPECT_EQ(of(all({os("a:b"), pack(2, 2), feature("iis")}), host, &open), Truth::unknown);
  EXPECT_EQ(open, (std::set<std::string>{"iis", "service pack", "system"}));
  EXPECT_EQ(of({.kind = Kind::update, .texts = {"958644"}}, host), Truth::no);
  host.missing.push_back({.gap = Gap::updates_cut});
  EXPECT_EQ(of({.kind = Kind::update, .texts = {"958644"}}, host), Truth::unknown);
  host.updates.push_back({.kb = "958644"});
  EXPECT_EQ(of({.kind = Kind::update, .texts = {"958644"}}, host), Truth::yes);
}

TEST(Condition, OnePartMayDecideWhateverTheOthersAre) {
  const Host host = server_2003();
  std::set<std::string> open;
  EXPECT_EQ(of(all({os("microsoft:windows_2000"), feature("iis")}), host, &open), Truth::no);
  EXPECT_EQ(of(any({os("microsoft:windows_server_2003"), feature("iis")}), host, &open), Truth::yes);
  EXPECT_EQ(open, std::set<std::string>{}) << "nothing has to be found out";
  EXPECT_EQ(of(negation(feature("iis")), host, &open), Truth::unknown);
  EXPECT_EQ(of(negation(os("microsoft:windows_2000")), host), Truth::yes);
}

TEST(Condition, AFeatureIsAbsentOnlyWhereTheRegistryWasSeen) {
  Host host = server_2003();
  EXPECT_EQ(of(feature("iis"), host), Truth::unknown);
  host.settings["reg:hklm\\x"] = {.value = "1"};
  EXPECT_EQ(of(feature("iis"), host), Truth::no);
  host.components.push_back({.kind = ComponentKind::feature, .name = "IIS"});
  EXPECT_EQ(of(feature("iis"), host), Truth::yes);
}

TEST(Condition, AComponentIsInARangeOfVersions) {
  Host host = server_2003();
  host.components.push_back({.name = "iis", .version = "6.0"});
  const auto from_to = [&](std::string from, std::string to) {
    return of({.kind = Kind::component, .texts = {"iis"}, .from = std::move(from), .to = std::move(to)},
              host);
  };
  EXPECT_EQ(from_to("", ""), Truth::yes);
  EXPECT_EQ(from_to("5.0", "6.1"), Truth::yes);
  EXPECT_EQ(from_to("", "6.0"), Truth::no) << "the end is not part of it";
  EXPECT_EQ(from_to("6.0", ""), Truth::yes);
  host.components.front().version.clear();
  EXPECT_EQ(from_to("5.0", ""), Truth::unknown);
}

}  // namespace
}  // namespace bansoko::assess
