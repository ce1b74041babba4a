// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/inventory/qfe/install_dates.h"
#include "assess/inventory/test_data.h"

namespace bansoko::inventory::qfe {
const Source& describe();

namespace {

using assess::Gap;
using assess::Host;

Host read_one(const std::string& bytes, std::size_t most = 1000) {
  EXPECT_TRUE(describe().recognises({"qfe.txt", bytes})) << bytes;
  auto hosts = describe().read({"qfe.txt", bytes}, Limits{.max_components = most});
  if (!hosts || hosts->size() != 1) {
    ADD_FAILURE() << (hosts ? "not one host" : hosts.error().message);
    return {};
  }
  return std::move(hosts->front());
}

const std::set<std::string> kBoth{"958644", "2705219"};

TEST(Qfe, IsReadInEachForm) {
  for (const std::string text :
       {"Caption                         CSName  Description      HotFixID      InstalledOn  "
        "ServicePackInEffect  \r\r\n"
        "http://support.microsoft.com    WEB01   Security Update  KB958644      3/17/2019    SP3             "
        "     \r\r\n"
        "                                WEB01                    File 1                     KB2705219-v2    "
        "     \r\r\n\r\r\n",
        "\r\r\nNode,Caption,CSName,HotFixID,InstalledOn\r\r\nWEB01,x,WEB01,KB958644,3/17/"
        "2019\r\r\nWEB01,x,WEB01,2705219,1/2/2019\r\r\n",
        "\r\r\nCSName=WEB01\r\r\nHotFixID=KB958644\r\r\nInstalledOn=3/17/"
        "2019\r\r\n\r\r\n\r\r\nCSName=WEB01\r\r\nHotFixID=KB2705219-v2\r\r\nInstalledOn=\r\r\n\r\r\n",
        "\nSource        Description      HotFixID      InstalledBy          InstalledOn              \n"
        "------        -----------      --------      -----------          -----------              \n"
        "WEB01         Update           KB958644      X\\Admin              3/17/2019 12:00:00 AM    \n"
        "WEB01         Update           KB2705219     X\\Admin              1/2/2019 12:00:00 AM     \n\n",
        "\nSource      : WEB01\nHotFixID    : KB958644\nInstalledOn : 3/17/2019 12:00:00 AM\n\nSource      : "
        "WEB01\nHotFixID    : KB2705219\nInstalledOn : \n\n",
        "#TYPE System.Management\n\"PSComputerName\",\"InstalledOn\",\"HotFixID\"\n\"WEB01\",\"3/17/2019 "
        "0:00\",\"KB958644\"\n\"WEB01\",\"\",\"KB2705219\"\n"}) {
    const Host host = read_one(text);
    EXPECT_EQ(host.name, "WEB01") << text;
    EXPECT_EQ(updates_of(host), kBoth) << text;
    EXPECT_EQ(host.updates.front().installed, *assess::parse_date("2019-03-17")) << text;
    EXPECT_FALSE(host.lacks(Gap::updates_cut)) << text;
  }
}

TEST(Qfe, ARowThatIsCutIsAGap) {
  const std::string list = "CSName=A\r\nHotFixID=KB958644\r\n\r\nCSName=A\r\nHotFixID=KB2705219\r\n";
  for (const std::string& text : {list.substr(0, list.size() - 4), list + "\r\nCSName=A\r\n",
                                  std::string("CSName  HotFixID  \nA       KB958644  \nA       KB2705")}) {
    const Host host = read_one(text);
    EXPECT_TRUE(host.lacks(Gap::updates_cut)) << text;
    EXPECT_FALSE(updates_of(host).contains("2705"));
  }
  EXPECT_TRUE(read_one("CSName=A\r\nHotFixID=KB958644\r\n\r\nCSName=A\r\nHotFixID=KB958645\r\n\r\n", 1)
                  .lacks(Gap::updates_cut));
}

TEST(Qfe, AnEmptyListIsNone) {
  EXPECT_EQ(gap_words(read_one("Caption  CSName  HotFixID  \r\n\r\n"), Gap::no_updates),
            "the list of updates is empty");
  EXPECT_FALSE(describe().recognises({"x", "No Instance(s) Available.\r\n"}));
}

TEST(Qfe, Dates) {
  EXPECT_EQ(order_of({"3/4/2019", "17.3.2019"}), DateOrder::day_first);
  EXPECT_EQ(order_of({"3/4/2019", "3/17/2019"}), DateOrder::month_first);
  EXPECT_FALSE(install_date("3/4/2019", DateOrder::unknown));
  for (const char* const text : {"01d4dfd0fb4eb361", "20190321", "2019/03/21", "21.03.2019"})
    EXPECT_EQ(install_date(text, DateOrder::day_first), *assess::parse_date("2019-03-21")) << text;
  for (const char* const text : {"", "x", "ffffffffffffffff", "20191321", "1/2", "31/31/2019"})
    EXPECT_FALSE(install_date(text, DateOrder::day_first)) << text;
}

struct Shared {
  const char* file;
  const char* name;
  std::size_t updates;
};

TEST(Qfe, PublicInventories) {
  if (shared_data().empty()) GTEST_SKIP() << "the public inventories are not there";
  for (const Shared& of :
       {Shared{"srv_2012r2_u1_qfe.txt", "SRV12R2U1X64", 154},
        Shared{"vista_x64_sp1_qfe.txt", "WINVISTASP0X64", 173}, Shared{"xp_sp1_x86_qfe.txt", "WINXPSP1", 2},
        Shared{"xp_sp3_x86_professional_en-us_qfe.txt", "WINXPSP3", 135}}) {
    const Host host = read_one(document_of(shared_data() / "windows_inventory" / of.file).bytes);
    EXPECT_EQ(host.name, of.name);
    EXPECT_EQ(host.updates.size(), of.updates) << of.file;
    EXPECT_FALSE(host.lacks(Gap::updates_cut) || host.lacks(Gap::no_updates));
  }
}

}  // namespace
}  // namespace bansoko::inventory::qfe
