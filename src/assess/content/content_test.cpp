// SPDX-License-Identifier: Apache-2.0
#include "assess/content/content.h"

#include <filesystem>
#include <string>

#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::content {
namespace {

constexpr const char* kHead = "# A test. NOTICE: our own.\n";
constexpr const char* kProducts = R"(products:
  - {id: "microsoft:windows_server_2003", name: {en: Windows Server 2003, ja: Windows Server 2003}, vendor: Microsoft, kind: os, also: ["microsoft:windows_2003_server"], successors: [{product: "microsoft:windows_server_2025"}]}
  - {id: "microsoft:windows_server_2008_r2", name: {en: Windows Server 2008 R2, ja: Windows Server 2008 R2}, vendor: Microsoft, kind: os, also: ["microsoft:windows_server_2008:r2"]}
  - {id: "microsoft:windows_server_2008", name: {en: Windows Server 2008, ja: Windows Server 2008}, vendor: Microsoft, kind: os}
  - {id: "microsoft:windows_server_2025", name: {en: Windows Server 2025, ja: Windows Server 2025}, vendor: Microsoft, kind: os, unnamed_arch: x64}
)";
constexpr const char* kLifecycle = R"(zone: us_pacific
source: https://example.org/
opened: 2026-11-23
cycles:
  - {product: "microsoft:windows_server_2003", cycle: 2003-sp2, label: Windows Server 2003 SP2, released: 2007-03-13, mainstream_end: 2010-07-13, end: 2015-07-14, when: {all: [{os: "microsoft:windows_server_2003"}, {service_pack: 2}]}}
  - {product: "microsoft:windows_server_2025", cycle: "2025", label: Windows Server 2025, end: no}
)";
constexpr const char* kAdvisory = R"(id: MS08-067
cves: [CVE-2008-4250]
title: {en: Server service, ja: Server サービス}
published: 2008-10-23
severity: critical
reach: network
worm: true
restart: system
services: [{en: Server, ja: Server}]
workaround: {en: Block it., ja: 遮断します。}
sources:
  - {source: "https://example.org/", opened: 2026-11-23}
fixes:
  - {product: Windows Server 2003, when: {os: "microsoft:windows_server_2003"}, kb: "958644", file: "x-{language}.exe", files: {x86-ja: x-jpn.exe}, supersedes: ["921883"], contained_in: ["2705219", sp3], requires_before: sp1, after_support: true}
  - {when: {os: "microsoft:windows_server_2008"}, none: {en: None., ja: なし。}, source: a guess, opened: no}
not_affected:
  - {os: "microsoft:windows_server_2025"}
not_verified:
  - {en: All of it., ja: すべて。}
)";
constexpr const char* kRollups = R"(rollups:
  - {id: sp2, title: {en: Service Pack 2, ja: Service Pack 2}, when: {os: "microsoft:windows_server_2003"}, members: ["921883"], source: a book, opened: no}
)";
constexpr const char* kMonthly = R"(rollups: []
chains:
  - {title: {en: Monthly, ja: 月例}, when: {os: "microsoft:windows_server_2008_r2"}, source: a book, opened: 2026-11-23, first_holds: ["1"], steps: ["10", "11", "12"]}
)";
constexpr const char* kMiddleware = R"(middleware:
  - {product: "microsoft:windows_server_2003", on: {arch: x86}, last: "5.4", next: "5.5", why: {en: Because., ja: 理由。}, source: a book, opened: no}
security_software:
  - {name: Shield, vendor: Nobody, on: {os: "microsoft:windows_server_2003"}, end: 2015-07-14, zone: us_pacific, source: a book, opened: no}
ask_vendor:
  - {vendor: Maker, programs: [SCADA], why: {en: It tests updates., ja: 検証します。}, source: a book, opened: no}
)";
constexpr const char* kKev = R"(date: 2025-08-25
added:
  2022-03-03: [CVE-2013-5065, CVE-2016-0099]
ransomware: [CVE-2013-5065]
)";
constexpr const char* kBanners = R"(banners:
  - {of: http.server, says: "Microsoft-IIS/{version}", os: ["microsoft:windows_server_2003", "microsoft:windows_server_2008"]}
  - {of: ssh, says: "OpenSSH_{version}", product: "microsoft:windows_server_2025", by_distribution: true}
)";
constexpr const char* kChecks = R"(title: {en: SMB, ja: SMB}
checks:
  - id: smb1-on
    title: {en: SMB 1 is on, ja: SMB 1 が有効}
    reason: {en: Worms., ja: ワーム。}
    source: https://example.org/
    opened: no
    fix: {en: Switch it off., ja: 無効にします。}
    severity: high
    when: {os: "microsoft:windows_server_2008_r2"}
    bad: {setting: 'reg:hklm\smb1', is: '1'}
    examples:
      bad: {os: "microsoft:windows_server_2008_r2", service_pack: 1, arch: x64, settings: {'reg:hklm\smb1': '1'}, listeners: [tcp/445], features: [smb1], updates: ["958644"], components: [{name: iis, version: "7.5"}]}
      good: {os: "microsoft:windows_server_2008_r2", settings: {'reg:hklm\smb1': '0'}}
)";

/// A folder with one file of each kind, all in order.
class ContentFolder {
 public:
  ContentFolder() {
    for (const char* const name : {"lifecycle", "advisories", "checklists"})
      std::filesystem::create_directory(folder_ / name);
    put("products.yaml", kProducts);
    put("lifecycle/windows.yaml", kLifecycle);
    put("advisories/ms08-067.yaml", kAdvisory);
    put("rollups.yaml", kRollups);
    put("rollups-monthly.yaml", kMonthly);
    put("middleware.yaml", kMiddleware);
    put("kev.yaml", kKev);
    put("checklists/smb.yaml", kChecks);
    put("banners.yaml", kBanners);
  }

  void put(const std::string& name, const std::string& text) { put_file(folder_ / name, kHead + text); }
  std::string operator/(const std::string& name) const { return folder_ / name; }
  const std::string& path() const { return folder_.path(); }

  /// The faults, their places below the folder.
  std::string faults(Content& content) const {
    settings::Faults faults;
    content = read_content(folder_.path(), faults);
    std::string all;
    for (const settings::Fault& fault : faults) {
      const std::string text = to_text(fault);
      all += (text.starts_with(folder_.path()) ? text.substr(folder_.path().size() + 1) : text) + "\n";
    }
    return all;
  }

 private:
  TemporaryFolder folder_;
};

TEST(Content, ProductsAndSupportAreRead) {
  const ContentFolder folder;
  Content content;
  ASSERT_EQ(folder.faults(content), "");
  ASSERT_NE(content.find("microsoft:windows_server_2003"), nullptr);
  EXPECT_EQ(content.find("microsoft:windows_server_2003")->successors.at(0).product,
            "microsoft:windows_server_2025");
  EXPECT_EQ(content.support.at(0).zone, assess::Zone::us_pacific);
  EXPECT_EQ(
      assess::to_text(assess::last_day_in_japan(*content.support[0].record.end, content.support[0].zone),
                      assess::Lang::ja),
      "2015年7月15日");
  EXPECT_TRUE(content.support[0].when && content.support[0].verified);
  EXPECT_FALSE(content.support.at(1).record.end || content.support[1].record.ended);
}

TEST(Content, OtherSpellingsLeadToTheProduct) {
  const ContentFolder folder;
  Content content;
  ASSERT_EQ(folder.faults(content), "");
  const auto id = [&content](std::string_view product, std::string_view version) {
    const assess::Product* const found = content.spelled(product, version);
    return found == nullptr ? std::string("none") : found->id;
  };
  EXPECT_EQ(id("microsoft:windows_2003_server", "r2"), "microsoft:windows_server_2003");
  EXPECT_EQ(id("microsoft:windows_server_2008", "r2"), "microsoft:windows_server_2008_r2");
  EXPECT_EQ(id("microsoft:windows_server_2008", "-"), "microsoft:windows_server_2008");
  EXPECT_EQ(id("microsoft:windows_server_2008", ""), "microsoft:windows_server_2008");
  EXPECT_EQ(id("microsoft:windows_server", ""), "none");
}

TEST(Content, AdvisoriesAndRollupsAreRead) {
  const ContentFolder folder;
  Content content;
  ASSERT_EQ(folder.faults(content), "");
  const assess::Advisory& advisory = content.advisories.at(0);
  EXPECT_TRUE(advisory.worm);
  EXPECT_EQ(advisory.restart, assess::Restart::system);
  EXPECT_EQ(advisory.fixes.at(0).files.at("x86-ja"), "x-jpn.exe");
  EXPECT_EQ(advisory.fixes[0].source, "https://example.org/");
  EXPECT_TRUE(advisory.fixes[0].verified && advisory.fixes[0].after_support);
  EXPECT_FALSE(advisory.fixes.at(1).verified);
  EXPECT_EQ(advisory.fixes[1].none.ja, "なし。");
  EXPECT_EQ(advisory.not_affected.size(), 1U);
  ASSERT_EQ(content.rollups.size(), 4U);
  EXPECT_EQ(content.rollups[1].members, std::vector<std::string>{"1"});
  EXPECT_EQ(content.rollups[3].id, "12");
  EXPECT_EQ(content.rollups[3].members, std::vector<std::string>{"11"});
}

TEST(Content, TheRestIsRead) {
  const ContentFolder folder;
  Content content;
  ASSERT_EQ(folder.faults(content), "");
  EXPECT_EQ(content.middleware.ceilings.at(0).next, "5.5");
  EXPECT_EQ(content.middleware.protections.at(0).vendor, "Nobody");
  EXPECT_EQ(content.middleware.certifiers.at(0).programs, std::vector<std::string>{"SCADA"});
  EXPECT_EQ(content.kev.entries.size(), 2U);
  EXPECT_TRUE(content.kev.entries[0].ransomware);
  EXPECT_FALSE(content.kev.entries[1].ransomware);
  const assess::Check& check = content.checklists.at(0).checks.at(0);
  EXPECT_EQ(content.checklists[0].id, "smb");
  EXPECT_EQ(check.bad_example.settings.at("reg:hklm\\smb1").value, "1");
  EXPECT_EQ(check.bad_example.components.size(), 2U);
  EXPECT_EQ(check.bad_example.listeners.at(0).port, 445);
  EXPECT_EQ(check.good_example.os.service_pack, std::nullopt);
}

struct Broken {
  std::string name;
  std::string file;
  std::string before;  // is replaced
  std::string after;
  std::string fault;
};

class BrokenContent : public testing::TestWithParam<Broken> {};

TEST_P(BrokenContent, IsNamed) {
  ContentFolder folder;
  std::string text = contents_of(folder / GetParam().file);
  const auto at = text.find(GetParam().before);
  ASSERT_NE(at, std::string::npos);
  put_file(folder / GetParam().file, text.replace(at, GetParam().before.size(), GetParam().after));
  Content content;
  const std::string faults = folder.faults(content);
  EXPECT_NE(faults.find(GetParam().file + ":"), std::string::npos) << faults;
  EXPECT_NE(faults.find(GetParam().fault), std::string::npos) << faults;
}

constexpr const char* kP = "products.yaml";
constexpr const char* kL = "lifecycle/windows.yaml";
constexpr const char* kA = "advisories/ms08-067.yaml";
constexpr const char* kC = "checklists/smb.yaml";
constexpr const char* kB = "banners.yaml";
INSTANTIATE_TEST_SUITE_P(
    Content, BrokenContent,
    testing::Values(
        Broken{"NoNotice", kP, "NOTICE", "Notice", "products.yaml:1:1: has no notice at its head"},
        Broken{"ProductTwice", kP, "id: \"microsoft:windows_server_2008\"",
               "id: \"microsoft:windows_server_2025\"", "stands here twice"},
        Broken{"SpelledTwice", kP, "microsoft:windows_server_2008:r2", "microsoft:windows_2003_server",
               "also spells microsoft:windows_server_2003"},
        Broken{"BadSpelling", kP, "microsoft:windows_server_2008:r2", "Microsoft:Windows",
               "is not a product as CPE spells it"},
        Broken{"UnknownSuccessor", kP, "product: \"microsoft:windows_server_2025\"",
               "product: \"microsoft:windows_server_2026\"", "did you mean 'microsoft:windows_server_2025'?"},
        Broken{"SuccessorWithoutDates", kP, "product: \"microsoft:windows_server_2025\"",
               "product: \"microsoft:windows_server_2025\", cycle: x",
               "its successor microsoft:windows_server_2025 x has no support dates"},
        Broken{"OneLanguage", kP, "ja: Windows Server 2025", "de: Windows", "'ja' is missing"},
        Broken{"NoSuchDay", kL, "end: 2015-07-14", "end: 2015-02-30", "'2015-02-30' is not a day"},
        Broken{"DayWithTime", kL, "end: 2015-07-14", "end: 2015-07-14T00:00", "is not a day"},
        Broken{"EndsBeforeRelease", kL, "end: 2015-07-14", "end: 2005-07-14", "ends before it was released"},
        Broken{"NoEnd", kL, ", end: no", "", "'end' is missing"},
        Broken{"FollowsAndEnds", kL, "end: no", "end: no, follows_os: true", "has no end of its own"},
        Broken{"UnknownZone", kL, "us_pacific", "pst", "'pst' is none of the words"},
        Broken{"CycleTwice", kL, "product: \"microsoft:windows_server_2025\", cycle: \"2025\"",
               "product: \"microsoft:windows_server_2003\", cycle: 2003-sp2", "stands here twice"},
        Broken{"OtherId", kA, "id: MS08-067", "id: MS08-068", "but the file is called 'ms08-067'"},
        Broken{"NoCve", kA, "CVE-2008-4250", "CVE-2008-42", "is not a CVE"},
        Broken{"UnknownSeverity", kA, "severity: critical", "severity: bad", "'bad' is none of the words"},
        Broken{"UnknownReach", kA, "reach: network", "reach: far", "'far' is none of the words"},
        Broken{"NoFix", kA, "kb: \"958644\", ", "", "names no fix"},
        Broken{"TwoFixes", kA, "kb: \"958644\", ", "kb: \"958644\", version: \"2\", ",
               "names more than one fix"},
        Broken{"KbWithLetters", kA, "[\"921883\"]", "[KB921883]", "'KB921883' is not the number of a KB"},
        Broken{"BadHolder", kA, "sp3]", "pack3]", "is neither a service pack nor a KB"},
        Broken{"BadFiles", kA, "x86-ja:", "ja:", "'ja' is no architecture and language"},
        Broken{"NeitherOpenedNorNot", kA, "opened: no", "opened: maybe", "'maybe' is not a day"},
        Broken{"UnknownKey", kA, "workaround:", "workround:", "did you mean 'workaround'?"},
        Broken{"RollupWithoutMembers", "rollups.yaml", "members: [\"921883\"], ", "", "'members' is missing"},
        Broken{"StepTwice", "rollups-monthly.yaml", "\"11\", \"12\"", "\"11\", \"11\"",
               "'11' stands here twice"},
        Broken{"CertifierOfNothing", "middleware.yaml", "programs: [SCADA], ", "",
               "names neither programs nor hosts"},
        Broken{"ProtectionWithoutEnd", "middleware.yaml", "end: 2015-07-14, ", "",
               "has neither an end nor a note"},
        Broken{"KevTwice", "kev.yaml", "CVE-2016-0099", "CVE-2013-5065", "stands here twice"},
        Broken{"RansomwareUnknown", "kev.yaml", "ransomware: [CVE-2013-5065]", "ransomware: [CVE-2013-5066]",
               "is not in 'added'"},
        Broken{"CheckWithoutExamples", kC, "      good:", "      fine:", "'good' is missing"},
        Broken{"CheckIdWithBlank", kC, "id: smb1-on", "id: smb1 on", "is not an id"},
        Broken{"CheckSettingInUpperCase", kC, "settings: {'reg:hklm\\smb1': '0'}",
               "settings: {'reg:HKLM\\smb1': '0'}", "are in lower case"},
        Broken{"CheckPort", kC, "tcp/445", "tcp/70000", "is not a port"},
        Broken{"BannerWithTwoVersions", kB, "IIS/{version}", "IIS/{version}{version}",
               "banners.yaml:3:29: more than one {version}"},
        Broken{"BannerOfUnknownProduct", kB, "product: \"microsoft:windows_server_2025\"",
               "product: \"microsoft:windows_server_2026\"", "did you mean 'microsoft:windows_server_2025'?"},
        Broken{"BannerThatTellsNothing", kB, "product: \"microsoft:windows_server_2025\", ", "",
               "it tells neither a product nor a system"},
        Broken{"BannerWithoutTopic", kB, "of: ssh, ", "", "'of' is missing"},
        Broken{"CheckVendorSeverity", kC, "severity: high", "severity: important",
               "'important' is none of the words"}),
    by_name);

TEST(Content, BannersAreRead) {
  const ContentFolder folder;
  Content content;
  ASSERT_EQ(folder.faults(content), "");
  ASSERT_EQ(content.banners.size(), 2U);
  EXPECT_EQ(content.banners[0].systems.size(), 2U);
  EXPECT_EQ(content.banners[0].pattern.match("Microsoft-IIS/6.0"), "6.0");
  EXPECT_TRUE(content.banners[1].by_distribution);
}

TEST(Content, AMissingFileIsAFault) {
  const ContentFolder folder;
  std::filesystem::remove(folder / "kev.yaml");
  Content content;
  EXPECT_NE(folder.faults(content).find("kev.yaml"), std::string::npos);
}

TEST(Content, ACheckOfTwoListsIsAFault) {
  ContentFolder folder;
  folder.put("checklists/other.yaml", kChecks);
  Content content;
  EXPECT_NE(folder.faults(content).find("the check 'smb1-on' is also in other"), std::string::npos);
}

}  // namespace
}  // namespace bansoko::content
