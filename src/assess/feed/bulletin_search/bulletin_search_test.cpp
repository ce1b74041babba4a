// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "archive/test_archive.h"
#include "assess/feed/test_samples.h"

namespace bansoko::feed::bulletin_search {
const FeedFormat& describe();

namespace {

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

struct Parts {
  std::string rows;
  std::string strings =
      "<si><t>Bulletin Id</t></si><si><r><t>Affected</t></r><r><t xml:space='preserve'> Product</t></r></si>";
  std::string properties = "";
};

std::string workbook(const Parts& parts) {
  return archive::TestArchive(archive::TestArchive::Form::zip)
      .file("[Content_Types].xml", "<Types/>")
      .file("xl/workbook.xml", "<workbook><workbookPr " + parts.properties + "/></workbook>")
      .file("xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + parts.rows + "</sheetData></worksheet>")
      .file("xl/sharedStrings.xml", "<sst>" + parts.strings + "</sst>")
      .bytes();
}

std::string text(std::string_view text) {
  return fmt::format("<c t='inlineStr'><is><t>{}</t></is></c>", text);
}

/// Bulletin, product, KB, day, CVEs, what it supersedes, bulletin's KB, severity twice.
const std::string kHeadings = "<row><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>" +
                              text("Component KB") + text("Date\nPosted") + text("CVEs") +
                              text("Supersedes") + text("Bulletin KB") + text("Severity") +
                              text("SEVERITY ") + "</row>";

std::string row(std::string_view kb, std::string_view day, std::string_view cves,
                std::string_view supersedes) {
  return kHeadings + "<row>" + text("MS08-067") + text("Windows 2000 Service Pack 4") +
         fmt::format("<c><v>{}</v></c>", kb) + fmt::format("<c><v>{}</v></c>", day) + text(cves) +
         text(supersedes) + text("958644") + text("Critical") + text("Important") + "</row>";
}

class BulletinSearch : public testing::TestWithParam<Case> {};

TEST_P(BulletinSearch, IsRead) {
  EXPECT_EQ(told(describe(), "BulletinSearch.xlsx", workbook({.rows = GetParam().text})), GetParam().told);
}

constexpr std::string_view kTold =
    "CVE-2008-4250 KB958644 'Windows 2000 Service Pack 4' '' MS08-067 '' Important,  <921883> 2008-10-23\n"
    "BulletinSearch 2008-10-23  1\n";

INSTANTIATE_TEST_SUITE_P(
    All, BulletinSearch,
    testing::Values(
        Case{"Row", row("958644", "39744", "CVE-2008-4250", "MS06-040[921883]"), kTold},
        Case{"KbOfTheBulletin", row("", "39744", "CVE-2008-4250", "MS06-040[921883]"), kTold},
        Case{"DayInWords", row("958644", "10/23/2008", "CVE-2008-4250", "MS06-040[921883]"), kTold},
        Case{"DayOfIso", row("958644", "2008-10-23", "CVE-2008-4250", "MS06-040[921883]"), kTold},
        Case{
            "NoCve", row("958644", "x", "", ""),
            " KB958644 'Windows 2000 Service Pack 4' '' MS08-067 '' Important,  <> -\nBulletinSearch -  1\n"},
        Case{"OtherNames",
             row("958644", "39744", "CAN-2001-0001, CVE-2008-4250;CVE-2008-4251", "MS01-001,MS01-002 x"),
             "CVE-2008-4250 KB958644 'Windows 2000 Service Pack 4' '' MS08-067 '' Important,  <> 2008-10-23\n"
             "CVE-2008-4251 KB958644 'Windows 2000 Service Pack 4' '' MS08-067 '' Important,  <> 2008-10-23\n"
             "BulletinSearch 2008-10-23  2; name that is no CVE 1; superseded bulletin without a KB 2\n"},
        Case{"RowsThatSayNothing",
             kHeadings + "<row/><row><c r='H3'/></row><row>" + text("MS08-067") + text("x") + "</row><row>" +
                 text("MS08-067") + "<c r='C9'><v>958644</v></c></row>",
             "BulletinSearch -  0; row without a KB 1; row without a product 1\n"},
        Case{"NoHeadings", "<row>" + text("x") + "</row>",
             "a workbook without the columns 'Bulletin Id' and 'Affected Product'"},
        Case{"TextThatIsLacking", "<row><c t='s'><v>7</v></c></row>",
             "xl/worksheets/sheet1.xml: line 1, column 49: row 1: a text that the workbook does not have"},
        Case{"TooManyColumns", "<row><c r='ZZZ1'/></row>",
             "xl/worksheets/sheet1.xml: line 1, column 41: row 1: more than 256 columns"},
        Case{"Doctype", "<!DOCTYPE a>",
             "xl/worksheets/sheet1.xml: line 1, column 25: not well-formed (invalid token)"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(BulletinSearchFormat, DaysFrom1904) {
  const std::string bytes = workbook(
      {.rows = row("958644", "38282", "CVE-2008-4250", "MS06-040[921883]"), .properties = "date1904='1'"});
  EXPECT_EQ(told(describe(), "BulletinSearch.xlsx", bytes), kTold);
}

TEST(BulletinSearchFormat, WhatIsNoArchiveIsRefused) {
  const std::string bytes = workbook({.rows = kHeadings});
  EXPECT_FALSE(told(describe(), "x.xlsx", "PK\x03\x04").ends_with('\n'));
  EXPECT_FALSE(
      told(describe(), "x.xlsx", std::string_view(bytes).substr(0, bytes.size() / 2)).ends_with('\n'));
  EXPECT_TRUE(describe().recognises("a/BulletinSearch.XLSX", bytes));
  EXPECT_TRUE(describe().recognises("download", bytes));
  EXPECT_FALSE(describe().recognises("nvd.zip", "PK\x03\x04"));
}

}  // namespace
}  // namespace bansoko::feed::bulletin_search
