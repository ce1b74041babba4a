// SPDX-License-Identifier: Apache-2.0
#include "patches/library.h"

#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::patches {
namespace {

constexpr const char* kApplications = R"(passed_over: [INFO]
applications:
  - {id: web, name: A web server, vendor: Nobody, role: web, ports: [tcp/80], match: [Web Server]}
)";

constexpr const char* kPatch = R"(id: one
title: {en: One, ja: その一}
cves: [CVE-2026-0001]
severity: high
kind: field
stage: final
sids: [9100100-9100109]
protocol: http
visible: {tcp/80: clear}
advisories:
  - {vendor: Nobody, id: N-1, url: "https://example.org/"}
products:
  - {name: Server, versions: ["1.0"], fix: Server 1.1}
applications: [web]
checks: {en: A length., ja: 長さ。}
fix: {en: It is checked., ja: 検証します。}
side_effects: {en: None., ja: なし。}
limits: {en: TLS., ja: 暗号化。}
retire: {en: When updated., ja: 更新後。}
verified:
  - {en: The product., ja: 製品。}
sources:
  - {source: "https://example.org/", opened: 2026-11-22}
explanations:
  9100100: {en: A long query., ja: 長いクエリ。}
)";

constexpr const char* kExplanations = "explanations:\n  9100100: {en: A long query., ja: 長いクエリ。}\n";

constexpr const char* kRules =
    "drop http any any -> any any (msg:\"one\"; http.uri; content:\"/x\"; reference:cve,2026-0001; "
    "classtype:attempted-admin; sid:9100100; rev:1;)\n";

std::string cases() {
  std::string text = "to: tcp/80\ncases:\n";
  for (int i = 0; i < 8; ++i)
    text += fmt::format(
        "  - name: case {}\n    kind: {}\n    say: [{{client: \"GET / HTTP/1.0\\r\\n\\r\\n\"}}]\n{}", i,
        i < 4 ? "attack" : "benign", i < 4 ? "    expect: {block: 9100100}\n" : "");
  return text;
}

void make_patch(const std::string& content, const std::string& id, const std::string& patch,
                const std::string& rules, const std::string& tests) {
  const std::string folder = content + "/patches/" + id;
  std::filesystem::create_directories(folder + "/tests");
  put_file(folder + "/patch.yaml", patch);
  put_file(folder + "/patch.rules", rules);
  put_file(folder + "/tests/t.yaml", tests);
}

std::string with(std::string text, const std::string& before, const std::string& after) {
  const auto at = text.find(before);
  if (at == std::string::npos) return "the text to break is not there: " + before;
  return text.replace(at, before.size(), after);
}

/// The faults, their places below the folder of content.
std::string faults_of(const std::string& content) {
  Faults faults;
  read_library(content, faults);
  std::string all;
  for (const settings::Fault& fault : faults) {
    std::string text = to_text(fault);
    for (auto at = text.find(content + "/"); at != std::string::npos; at = text.find(content + "/"))
      text.erase(at, content.size() + 1);
    all += text + "\n";
  }
  return all;
}

TEST(Library, IsRead) {
  const TemporaryFolder folder;
  put_file(folder / "applications.yaml", kApplications);
  make_patch(folder.path(), "one", kPatch, kRules, cases());
  Faults faults;
  const Library library = read_library(folder.path(), faults);
  EXPECT_EQ(faults_of(folder.path()), "");
  ASSERT_NE(library.find("one"), nullptr);
  EXPECT_EQ(library.find("two"), nullptr);
  const LibraryPatch& one = *library.find("one");
  EXPECT_EQ(one.patch.title.in(Lang::ja), "その一");
  EXPECT_EQ(one.rules.front().sid, 9100100U);
  EXPECT_EQ(one.rules.front().cves, std::vector<std::string>{"CVE-2026-0001"});
  EXPECT_EQ(one.tests.size(), 8U);
  EXPECT_EQ(one.tests.front().moves.front().bytes, "GET / HTTP/1.0\r\n\r\n");
}

TEST(Library, RuleThatOnlyMarksNeedsNoAttack) {
  const TemporaryFolder folder;
  put_file(folder / "applications.yaml", kApplications);
  make_patch(folder.path(), "one", kPatch, kRules + with(kRules, "sid:9100100;", "sid:9100101; noalert;"),
             cases());
  EXPECT_EQ(faults_of(folder.path()), "");
}

/// A rule that compares fields, one of them by an older name, and what its patch says of a match.
std::string faults_with_explanation(const std::string& explanation) {
  const TemporaryFolder folder;
  put_file(folder / "applications.yaml", kApplications);
  make_patch(folder.path(), "one", with(kPatch, kExplanations, explanation),
             with(kRules, "http.uri; content:\"/x\";", "smb1.fea_list_size:>1; dce_opnum:1;"), cases());
  return faults_of(folder.path());
}

struct Explained {
  std::string name;
  std::string text;
  std::string faults;
};

class PatchExplanation : public testing::TestWithParam<Explained> {};

TEST_P(PatchExplanation, IsChecked) {
  EXPECT_EQ(faults_with_explanation(GetParam().text), GetParam().faults);
}

INSTANTIATE_TEST_SUITE_P(
    Patches, PatchExplanation,
    testing::Values(
        Explained{
            "Fields",
            "explanations:\n  9100100: {en: '{smb1.fea_list_size} in {dcerpc.opnum}', ja: 'あ {matched}'}\n",
            ""},
        Explained{"Brace", "explanations:\n  9100100: {en: '${{jndi', ja: 'あ ${{jndi'}\n", ""},
        Explained{"OtherField", "explanations:\n  9100100: {en: 'A {http.uri_length}.', ja: あ}\n",
                  "patches/one/patch.yaml:25:17: 'http.uri_length' is no field that rule 9100100 compares "
                  "(valid: smb1.fea_list_size, dcerpc.opnum, matched)\n"},
        Explained{"NotClosed", "explanations:\n  9100100: {en: A, ja: 'あ {matched'}\n",
                  "patches/one/patch.yaml:25:24: nothing closes '{matched'\n"},
        Explained{"NoPlaceName", "explanations:\n  9100100: {en: 'A {}', ja: あ}\n",
                  "patches/one/patch.yaml:25:17: '{}' names nothing\n"},
        Explained{"OneLanguage", "explanations:\n  9100100: {en: A}\n",
                  "patches/one/patch.yaml:25:12: 'ja' is missing\n"},
        Explained{"NoWords", "explanations:\n  9100100: A\n",
                  "patches/one/patch.yaml:25:12: a single value stands here (valid: a mapping)\n"},
        Explained{"NoRule", "explanations:\n  9100101: {en: A, ja: あ}\n",
                  "patches/one/patch.rules:1:130: nothing explains rule 9100100 (valid: explanations in "
                  "patch.yaml)\n"
                  "patches/one/patch.yaml:25:3: 9100101 is no rule of this patch\n"},
        Explained{"NoNumber", "explanations:\n  one: {en: A, ja: あ}\n",
                  "patches/one/patch.yaml:25:3: 'one' is not the number of a rule (valid: SID: {en: ..., ja: "
                  "...})\n"
                  "patches/one/patch.rules:1:130: nothing explains rule 9100100 (valid: explanations in "
                  "patch.yaml)\n"
                  "patches/one/patch.yaml:25:3: one is no rule of this patch\n"},
        Explained{"NoMapping", "explanations: [9100100]\n",
                  "patches/one/patch.yaml:24:15: a list stands here (valid: a mapping)\n"
                  "patches/one/patch.rules:1:130: nothing explains rule 9100100 (valid: explanations in "
                  "patch.yaml)\n"},
        Explained{"Nothing", "",
                  "patches/one/patch.rules:1:130: nothing explains rule 9100100 (valid: explanations in "
                  "patch.yaml)\n"}),
    by_name);

TEST(Library, IsNotThere) {
  const TemporaryFolder folder;
  EXPECT_EQ(faults_of(folder.path()), "patches: has no patches (valid: a folder for each)\n");
}

TEST(Library, NumbersBelongToOnePatch) {
  const TemporaryFolder folder;
  put_file(folder / "applications.yaml", kApplications);
  make_patch(folder.path(), "one", kPatch, kRules, cases());
  make_patch(folder.path(), "two", with(kPatch, "id: one", "id: two"), kRules, cases());
  EXPECT_EQ(faults_of(folder.path()),
            "patches/two/patch.yaml:7:8: the numbers from 9100100 on belong to 'one'\n"
            "patches/two/patch.rules:1:118: sid 9100100 is that of patches/one/patch.rules:1 too\n");
}

struct Broken {
  std::string name;
  std::string before, after;
  std::string faults;
};

class BrokenPatch : public testing::TestWithParam<Broken> {};

TEST_P(BrokenPatch, IsToldWithItsPlace) {
  const TemporaryFolder folder;
  put_file(folder / "applications.yaml", kApplications);
  make_patch(folder.path(), "one", with(kPatch, GetParam().before, GetParam().after), kRules, cases());
  EXPECT_EQ(faults_of(folder.path()), GetParam().faults);
}

INSTANTIATE_TEST_SUITE_P(
    Patches, BrokenPatch,
    testing::Values(
        Broken{"OtherFolder", "id: one", "id: two",
               "patches/one/patch.yaml:1:5: is 'two', but the folder is called 'one'\n"},
        Broken{
            "NoId", "id: one", "id: One!",
            "patches/one/patch.yaml:1:5: 'One!' is not an id (valid: lower-case letters, digits and '-')\n"},
        Broken{"OneLanguage", "{en: One, ja: その一}", "{en: One}",
               "patches/one/patch.yaml:2:8: 'ja' is missing\n"},
        Broken{"NotJapanese", "ja: その一", "ja: One",
               "patches/one/patch.yaml:2:22: has no Japanese in it\n"},
        Broken{"NoTitle", "title: {en: One, ja: その一}", "# none",
               "patches/one/patch.yaml:1:1: 'title' is missing\n"},
        Broken{"NoCve", "CVE-2026-0001", "CVE-26-1",
               "patches/one/patch.yaml:3:8: 'CVE-26-1' is not a CVE (valid: CVE-2017-0144)\n"
               "patches/one/patch.rules:1:66: names CVE-2026-0001, which patch.yaml does not cover\n"
               "patches/one/patch.yaml:3:8: CVE-26-1 is among the cves, but no rule refers to it\n"},
        Broken{"CveTwice", "[CVE-2026-0001]", "[CVE-2026-0001, CVE-2026-0001]",
               "patches/one/patch.yaml:3:23: 'CVE-2026-0001' stands here twice\n"},
        Broken{"CveWithoutRule", "[CVE-2026-0001]", "[CVE-2026-0001, CVE-2026-0002]",
               "patches/one/patch.yaml:3:23: CVE-2026-0002 is among the cves, but no rule refers to it\n"},
        Broken{"CoveredAndNot", "severity: high", "severity: high\nnot_covered: [CVE-2026-0001]",
               "patches/one/patch.yaml:5:14: 'CVE-2026-0001' is said to be covered by cves\n"},
        Broken{"Severity", "severity: high", "severity: hight",
               "patches/one/patch.yaml:4:11: 'hight' is none of the words known here (valid: critical, high, "
               "medium, low)\n"},
        Broken{"NoValue", "kind: field", "kind:", "patches/one/patch.yaml:5:1: 'kind' has no value\n"},
        Broken{"AList", "kind: field", "kind: [field]",
               "patches/one/patch.yaml:5:7: a list stands here (valid: a text)\n"},
        Broken{"UnknownKey", "kind: field", "kind: field\nstages: final",
               "patches/one/patch.yaml:6:1: unknown key 'stages', did you mean 'stage'? (valid: id, title, "
               "cves, "
               "not_covered, advisories, products, applications, severity, kind, stage, sids, protocol, "
               "visible, checks, "
               "fix, side_effects, limits, retire, explanations, verified, not_verified, sources, "
               "protocol_literals)\n"},
        Broken{"KeyTwice", "kind: field", "kind: field\nkind: field",
               "patches/one/patch.yaml:6:1: 'kind' stands here twice\n"},
        Broken{"SidsElsewhere", "9100100-9100109", "100-109",
               "patches/one/patch.yaml:7:8: '100-109' is not a range of rule numbers (valid: FIRST-LAST "
               "within 9100000 to 9199999)\n"
               "patches/one/tests/t.yaml:6:21: 9100100 is no rule of this patch\n"
               "patches/one/tests/t.yaml:10:21: 9100100 is no rule of this patch\n"
               "patches/one/tests/t.yaml:14:21: 9100100 is no rule of this patch\n"
               "patches/one/tests/t.yaml:18:21: 9100100 is no rule of this patch\n"
               "patches/one/patch.rules:1:118: sid 9100100 is not among those of the patch 'one' (valid: one "
               "within sids of patch.yaml)\n"},
        Broken{"Protocol", "protocol: http", "protocol: htp",
               "patches/one/patch.yaml:8:11: 'htp' is no protocol of ours\n"},
        Broken{"Sealed", "{tcp/80: clear}", "{tcp/80: sealed}",
               "patches/one/patch.yaml:9:10: every transport is sealed: such a patch can see nothing\n"},
        Broken{"Url", "id: N-1, url: \"https://example.org/\"", "id: N-1, url: example.org",
               "patches/one/patch.yaml:11:36: 'example.org' is not a URL (valid: https://...)\n"},
        Broken{"NoneWithoutWhy", "fix: Server 1.1", "fix: none",
               "patches/one/patch.yaml:13:44: no official patch, and not why (valid: none: REASON)\n"},
        Broken{"Application", "applications: [web]", "applications: [web, mail]",
               "patches/one/patch.yaml:14:21: 'mail' is not in applications.yaml\n"},
        Broken{"NothingOpened", "opened: 2026-11-22", "opened: no",
               "patches/one/patch.yaml:21:3: something is verified, but no source was opened\n"},
        Broken{"NoDay", "opened: 2026-11-22", "opened: 2026-11-31",
               "patches/one/patch.yaml:23:46: '2026-11-31' is not a day (valid: 2026-11-22, or no)\n"},
        Broken{"NotYaml", "id: one", "id: one: two", "patches/one/patch.yaml:1:8: illegal map value\n"}),
    by_name);

class BrokenRules : public testing::TestWithParam<Broken> {};

TEST_P(BrokenRules, AreToldWithTheirPlace) {
  const TemporaryFolder folder;
  put_file(folder / "applications.yaml", kApplications);
  make_patch(folder.path(), "one", kPatch, with(kRules, GetParam().before, GetParam().after), cases());
  EXPECT_EQ(faults_of(folder.path()), GetParam().faults);
}

INSTANTIATE_TEST_SUITE_P(
    Patches, BrokenRules,
    testing::Values(
        Broken{"NoSid", "sid:9100100; ", "",
               "patches/one/patch.rules:1:124: the rule has no sid (valid: sid:NUMBER;)\n"
               "patches/one/patch.yaml:3:8: CVE-2026-0001 is among the cves, but no rule refers to it\n"
               "patches/one/patch.yaml:25:3: 9100100 is no rule of this patch\n"},
        Broken{"OtherSid", "sid:9100100", "sid:9100110",
               "patches/one/patch.rules:1:118: sid 9100110 is not among those of the patch 'one' (valid: one "
               "within sids of patch.yaml)\n"
               "patches/one/patch.rules:1:118: no attack shows that rule 9100110 speaks\n"
               "patches/one/patch.rules:1:118: nothing explains rule 9100110 (valid: explanations in "
               "patch.yaml)\n"
               "patches/one/patch.yaml:25:3: 9100100 is no rule of this patch\n"},
        Broken{"NotProven", "sid:9100100", "sid:9100101",
               "patches/one/patch.rules:1:118: no attack shows that rule 9100101 speaks\n"
               "patches/one/patch.rules:1:118: nothing explains rule 9100101 (valid: explanations in "
               "patch.yaml)\n"
               "patches/one/patch.yaml:25:3: 9100100 is no rule of this patch\n"},
        Broken{"NoClass", "classtype:attempted-admin; ", "",
               "patches/one/patch.rules:1:1: the rule has no classtype\n"},
        Broken{"OtherCve", "reference:cve,2026-0001", "reference:cve,2026-0002",
               "patches/one/patch.rules:1:66: names CVE-2026-0002, which patch.yaml does not cover\n"
               "patches/one/patch.yaml:3:8: CVE-2026-0001 is among the cves, but no rule refers to it\n"},
        Broken{"OnlyTells", "drop", "alert",
               "patches/one/patch.yaml:6:8: the stage is final, but no rule drops anything\n"},
        Broken{"Pass", "drop", "pass",
               "patches/one/patch.yaml:6:8: the stage is final, but no rule drops anything\n"
               "patches/one/patch.rules:1:1: a patch lets nothing pass (valid: drop, reject, alert)\n"}),
    by_name);

class BrokenTests : public testing::TestWithParam<Broken> {};

TEST_P(BrokenTests, AreToldWithTheirPlace) {
  const TemporaryFolder folder;
  put_file(folder / "applications.yaml", kApplications);
  make_patch(folder.path(), "one", kPatch, kRules, with(cases(), GetParam().before, GetParam().after));
  EXPECT_EQ(faults_of(folder.path()), GetParam().faults);
}

INSTANTIATE_TEST_SUITE_P(
    Patches, BrokenTests,
    testing::Values(
        Broken{"TooFew",
               "  - name: case 7\n    kind: benign\n    say: [{client: \"GET / HTTP/1.0\\r\\n\\r\\n\"}]\n",
               "", "patches/one/tests: 7 tests, and 8 are needed\n"},
        Broken{"NoPort", "to: tcp/80", "to: tcp/0",
               "patches/one/tests/t.yaml:1:5: 'tcp/0' is not a port (valid: tcp/445, udp/53)\n"},
        Broken{"NameTwice", "case 7", "case 6",
               "patches/one/tests/t.yaml:28:11: another case is called 'case 6'\n"},
        Broken{"Kind", "kind: benign", "kind: good",
               "patches/one/tests/t.yaml:20:11: 'good' is no kind of test (valid: attack, near, benign)\n"},
        Broken{"AttackWithoutExpectation", "    expect: {block: 9100100}\n", "",
               "patches/one/tests/t.yaml:3:5: 'expect' is missing: an attack must be found\n"},
        Broken{"AttackPasses", "expect: {block: 9100100}", "expect: pass",
               "patches/one/tests/t.yaml:6:13: an attack must not pass (valid: block or alert for an attack, "
               "pass for others)\n"},
        Broken{"OtherRule", "expect: {block: 9100100}", "expect: {block: 9100200}",
               "patches/one/tests/t.yaml:6:21: 9100200 is no rule of this patch\n"},
        Broken{"NoStep", "{client:", "{clients:",
               "patches/one/tests/t.yaml:5:11: is no step (valid: client, server, wait, connect, close or "
               "use)\n"},
        Broken{"NoItem", "client: \"GET / HTTP/1.0\\r\\n\\r\\n\"", "client: {u8: 999}",
               "patches/one/tests/t.yaml:5:25: 999 does not fit into 8 bits\n"},
        Broken{"NoCapture", "say: [{client: \"GET / HTTP/1.0\\r\\n\\r\\n\"}]", "capture: none.pcap",
               "patches/one/tests/t.yaml:5:14: there is no file patches/one/tests/none.pcap\n"}),
    by_name);

}  // namespace
}  // namespace bansoko::patches
