// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <gtest/gtest.h>
#include <iconv.h>
#include <nlohmann/json.hpp>

#include "assess/inventory/test_data.h"
#include "assess/inventory/text.h"

namespace bansoko::inventory::systeminfo {
const Source& describe();

namespace {

using assess::Arch;
using assess::Gap;
using assess::Host;

constexpr std::string_view kServer2003 =
    "\r\nHost Name:                 FILE01\r\n"
    "OS Name:                   Microsoft(R) Windows(R) Server 2003, Standard Edition\r\n"
    "OS Version:                5.2.3790 Service Pack 2 Build 3790\r\n"
    "OS Manufacturer:           Microsoft Corporation\r\n"
    "OS Configuration:          Member Server\r\n"
    "OS Build Type:             Multiprocessor Free\r\n"
    "Product ID:                69712-652-4256684-45431\r\n"
    "System Type:               X86-based PC\r\n"
    "Processor(s):              1 Processor(s) Installed.\r\n"
    "                           [01]: x86 Family 6 Model 78 Stepping 3 GenuineIntel ~2495 Mhz\r\n"
    "BIOS Version:              INTEL  - 6040000\r\n"
    "System Locale:             en-us;English (United States)\r\n"
    "Page File: Max Size:       1,510 MB\r\n"
    "Domain:                    example.jp\r\n"
    "Hotfix(s):                 5 Hotfix(s) Installed.\r\n"
    "                           [01]: File 1\r\n"
    "                           [02]: Q147222\r\n"
    "                           [03]: KB2705219-v2 - Update\r\n"
    "                           [04]: KB978695_WM9\r\n"
    "                           [05]: KB2705219-v2 - Update\r\n"
    "Network Card(s):           1 NIC(s) Installed.\r\n"
    "                           [01]: Intel(R) PRO/1000 MT Network Connection\r\n"
    "                                 DHCP Server:     192.0.2.254\r\n"
    "                                 IP address(es)\r\n"
    "                                 [01]: 192.0.2.15\r\n"
    "                                 [02]: fe80::8c6e:b9:be88:a5d\r\n";

Host read_one(std::string bytes) {
  const Document document{"host.txt", std::move(bytes)};
  EXPECT_TRUE(describe().recognises(document));
  auto hosts = describe().read(document, Limits{});
  if (!hosts || hosts->size() != 1) {
    ADD_FAILURE() << (hosts ? std::to_string(hosts->size()) + " hosts" : hosts.error().message);
    return {};
  }
  return std::move(hosts->front());
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string made(text);
  const std::size_t at = made.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) made.replace(at, from.size(), to);
  return made;
}

/// What a console or PowerShell would have written.
std::string encoded(std::string_view utf8, const char* page) {
  const ::iconv_t handle = ::iconv_open(page, "UTF-8");
  std::string copy(utf8), made(utf8.size() * 4, '\0');
  char* in = copy.data();
  char* out = made.data();
  std::size_t left = copy.size(), room = made.size();
  EXPECT_EQ(::iconv(handle, &in, &left, &out, &room), 0U) << page;
  ::iconv_close(handle);
  made.resize(made.size() - room);
  return made;
}

TEST(Systeminfo, SaysSystemAndUpdates) {
  const Host host = read_one(std::string(kServer2003));
  EXPECT_EQ(host.name, "FILE01");
  EXPECT_EQ(host.os.product, "microsoft:windows_server_2003");
  EXPECT_EQ(host.os.version, "5.2.3790");
  EXPECT_EQ(host.os.build, 3790U);
  EXPECT_EQ(host.os.edition, "standard");
  EXPECT_EQ(host.os.service_pack, 2U);
  EXPECT_EQ(host.os.arch, Arch::x86);
  EXPECT_EQ(host.os.language, "en");
  EXPECT_EQ(host.os.evidence.line, 4U);
  EXPECT_EQ(updates_of(host), (std::set<std::string>{"147222", "2705219", "978695"}));
  EXPECT_EQ(host.updates[1].evidence.line, 19U);
  EXPECT_EQ(host.updates[1].evidence.text, "KB2705219-v2 - Update");
  EXPECT_EQ(host.addresses, (std::vector<std::string>{"192.0.2.15", "fe80::8c6e:b9:be88:a5d"}));
  EXPECT_EQ(host.settings.at("windows:domain_role").value, "member_server");
  EXPECT_EQ(host.settings.at("windows:domain").value, "example.jp");
  ASSERT_EQ(host.missing.size(), 1U);
  EXPECT_EQ(host.missing.front().gap, Gap::no_settings);
}

TEST(Systeminfo, AListThatIsCutIsAGapWithBothNumbers) {
  const Host host = read_one(replaced(kServer2003, "5 Hotfix(s)", "352 Hotfix(s)"));
  EXPECT_EQ(gap_words(host, Gap::updates_cut), "352 announced, 5 listed");
  EXPECT_EQ(host.updates.size(), 3U);
}

TEST(Systeminfo, MoreThanAnnouncedIsAContradiction) {
  const Host host = read_one(replaced(kServer2003, "5 Hotfix(s)", "4 Hotfix(s)"));
  EXPECT_EQ(gap_words(host, Gap::contradiction), "4 updates announced, 5 listed");
}

TEST(Systeminfo, NotAvailableIsNoList) {
  std::string text = replaced(kServer2003, "5 Hotfix(s) Installed.", "N/A");
  const std::size_t from = text.find("[01]: File 1"), to = text.find("Network Card");
  text.erase(from, to - from);
  EXPECT_EQ(gap_words(read_one(text), Gap::no_updates), "instead of a list of updates it says 'N/A'");
}

TEST(Systeminfo, NameAndVersionOfTwoSystemsAreAContradiction) {
  const Host host = read_one(
      replaced(kServer2003, "5.2.3790 Service Pack 2 Build 3790", "6.1.7601 Service Pack 1 Build 7601"));
  EXPECT_EQ(gap_words(host, Gap::contradiction),
            "Microsoft(R) Windows(R) Server 2003, Standard Edition is not version 6.1.7601 Service Pack 1 "
            "Build 7601");
}

/// Wherever the file ends: either it is none of ours, or the host lacks something, or nothing was lost.
TEST(Systeminfo, CutAtEveryByteNeverLooksWhole) {
  const Host whole = read_one(std::string(kServer2003));
  const std::size_t end_of_updates = kServer2003.find("Network Card");
  for (std::size_t size = 0; size <= kServer2003.size(); ++size) {
    const Document document{"cut.txt", std::string(kServer2003.substr(0, size))};
    if (!describe().recognises(document)) {
      EXPECT_LT(size, end_of_updates);
      continue;
    }
    const auto hosts = describe().read(document, Limits{});
    ASSERT_TRUE(hosts) << size;
    const Host& host = hosts->front();
    if (!host.lacks(Gap::no_updates) && !host.lacks(Gap::updates_cut)) {
      EXPECT_EQ(updates_of(host), updates_of(whole)) << size;
    }
    if (!host.lacks(Gap::no_service_pack) && !host.os.product.empty()) {
      EXPECT_EQ(host.os.service_pack, 2U) << size;
    }
    if (size < end_of_updates - 2) {
      EXPECT_TRUE(host.lacks(Gap::no_updates) || host.lacks(Gap::updates_cut)) << size;
    }
  }
}

struct Language {
  std::string code;
  std::array<std::string, 8> labels;  // name, system, version, configuration, type, locale, updates, network
  std::string role, word, na, announced;
  std::vector<const char*> pages;
};

std::string sheet(const Language& of, bool service_pack) {
  const auto& [name, system, version, configuration, type, locale, updates, network] = of.labels;
  return name + ":   HOST1\r\n" + system + ":   Microsoft Windows Server 2008 R2 Standard \r\n" + version +
         ":   6.1.7601 " + (service_pack ? "Service Pack 1" : of.na) + " " + of.word + " 7601\r\n" +
         configuration + ":   " + of.role + "\r\n" + type + ":   x64-based PC\r\n" + locale + ":   " +
         of.code + ";\r\n" + updates + ":   " + of.announced +
         "\r\n       [01]: KB958488\r\n       [02]: KB976902\r\n" + network +
         ":   1\r\n     [01]: x\r\n       [01]: 192.0.2.1\r\n";
}

const std::vector<Language>& languages() {
  static const std::vector<Language> all{
      {"en",
       {"Host Name", "OS Name", "OS Version", "OS Configuration", "System Type", "System Locale", "Hotfix(s)",
        "Network Card(s)"},
       "Member Server",
       "Build",
       "N/A",
       "2 Hotfix(s) Installed.",
       {"CP1252", "UTF-16LE"}},
      {"ja",
       {"ホスト名", "OS 名", "OS バージョン", "OS 構成", "システムの種類", "システム ロケール",
        "ホットフィックス", "ネットワーク カード"},
       "メンバー サーバー",
       "ビルド",
       "N/A",
       "2 ホットフィックスがインストールされています。",
       {"CP932", "UTF-16LE"}},
      {"de",
       {"Hostname", "Betriebssystemname", "Betriebssystemversion", "Betriebssystemkonfiguration", "Systemtyp",
        "Systemgebietsschema", "Hotfix(es)", "Netzwerkkarte(n)"},
       "Mitgliedsserver der Domäne",
       "Build",
       "Nicht zutreffend",
       "2 Hotfix(e) installiert.",
       {"CP1252", "CP850"}},
      {"fr",
       {"Nom de l'hôte", "Nom du système d'exploitation", "Version du système",
        "Configuration du système d'exploitation", "Type du système", "Option régionale du système",
        "Correctif(s)", "Carte(s) réseau"},
       "Serveur membre",
       "version",
       "N/A",
       "2 Corrections installées.",
       {"CP1252", "CP850"}},
      {"es",
       {"Nombre de host", "Nombre del sistema operativo", "Versión del sistema operativo",
        "Configuración del sistema operativo", "Tipo de sistema", "Configuración regional del sistema",
        "Revisión(es)", "Tarjeta(s) de red"},
       "Servidor miembro",
       "Compilación",
       "N/D",
       "2 revisión(es) instaladas.",
       {"CP1252", "CP850"}},
      {"it",
       {"Nome host", "Nome SO", "Versione SO", "Configurazione SO", "Tipo sistema",
        "Impostazioni locali sistema", "Aggiornamenti rapidi", "Schede di rete"},
       "Server membro",
       "build",
       "N/D",
       "2 Aggiornamenti rapidi installati.",
       {"CP1252", "CP850"}},
      {"ko",
       {"호스트 이름", "OS 이름", "OS 버전", "OS 구성", "시스템 종류", "시스템 로캘", "핫픽스",
        "네트워크 카드"},
       "구성원 서버",
       "빌드",
       "해당 없음",
       "핫픽스 2개가 설치되었습니다.",
       {"CP949", "UTF-16LE"}},
      {"zh",
       {"主机名", "OS 名称", "OS 版本", "OS 配置", "系统类型", "系统区域设置", "修补程序", "网卡"},
       "成员服务器",
       "Build",
       "暂缺",
       "安装了 2 个修补程序。",
       {"CP936", "UTF-16LE"}},
      {"pt",
       {"Nome do host", "Nome do sistema operacional", "Versão do sistema operacional",
        "Configuração do sistema operacional", "Tipo de sistema", "Localidade do sistema", "Hotfix(es)",
        "Placa(s) de Rede"},
       "Servidor membro",
       "compilação",
       "N/A",
       "2 hotfix(es) instalado(s).",
       {"CP1252", "CP850"}},
  };
  return all;
}

void expect_whole(const std::string& bytes, const std::string& what, std::uint32_t service_pack) {
  SCOPED_TRACE(what);
  const Host host = read_one(bytes);
  EXPECT_EQ(host.name, "HOST1");
  EXPECT_EQ(host.os.product, "microsoft:windows_server_2008_r2");
  EXPECT_EQ(host.os.service_pack, service_pack);
  EXPECT_EQ(host.os.arch, Arch::x64);
  EXPECT_EQ(updates_of(host), (std::set<std::string>{"958488", "976902"}));
  EXPECT_EQ(host.addresses, std::vector<std::string>{"192.0.2.1"});
  EXPECT_FALSE(host.lacks(Gap::updates_cut) || host.lacks(Gap::no_updates) || host.lacks(Gap::contradiction));
}

TEST(Systeminfo, IsReadInEachLanguageAndCodePage) {
  for (const Language& language : languages()) {
    const std::string text = sheet(language, true);
    expect_whole(text, language.code + " UTF-8", 1);
    expect_whole("\xef\xbb\xbf" + sheet(language, false), language.code + " without a service pack", 0);
    for (const char* const page : language.pages)
      expect_whole(encoded(text, page), language.code + " " + page, 1);
    EXPECT_EQ(read_one(text).os.language, language.code);
    EXPECT_EQ(read_one(text).settings.at("windows:domain_role").value, "member_server") << language.code;
  }
}

TEST(Systeminfo, IsReadByItsFormInALanguageThatWeDoNotKnow) {
  const Language russian{"ru",
                         {"Имя узла", "Название ОС", "Версия ОС", "Параметры ОС", "Тип системы",
                          "Язык системы", "Исправление(я)", "Сетевые адаптеры"},
                         "Рядовой сервер",
                         "построение",
                         "Н/Д",
                         "Число установленных исправлений - 2.",
                         {}};
  expect_whole(sheet(russian, true), "UTF-8", 1);
  EXPECT_EQ(read_one(sheet(russian, true)).os.language, "ru");
}

TEST(Systeminfo, CommaSeparatedValuesAndManyHosts) {
  const std::string head =
      "\"Host Name\",\"OS Name\",\"OS Version\",\"System Type\",\"Hotfix(s)\",\"Network Card(s)\"\r\n";
  const std::string row =
      ",\"Microsoft Windows XP Professional\",\"5.1.2600 Service Pack 3 Build 2600\",\"X86-based PC\","
      "\"2 Hotfix(s) Installed.,[01]: KB958644 - Update,[02]: Q147222\",\"1 NIC(s) Installed.,[01]: "
      "192.0.2.7\"\r\n";
  const auto hosts = describe().read({"all.csv", head + "\"PC1\"" + row + "\"PC2\"" + row}, Limits{});
  ASSERT_TRUE(hosts);
  ASSERT_EQ(hosts->size(), 2U);
  EXPECT_EQ(hosts->back().name, "PC2");
  EXPECT_EQ(hosts->back().os.product, "microsoft:windows_xp");
  EXPECT_EQ(updates_of(hosts->back()), (std::set<std::string>{"958644", "147222"}));
  const auto two =
      describe().read({"all.txt", std::string(kServer2003) + std::string(kServer2003)}, Limits{});
  ASSERT_TRUE(two);
  EXPECT_EQ(two->size(), 2U);
  EXPECT_EQ(
      describe()
          .read({"all.txt", std::string(kServer2003) + std::string(kServer2003)}, Limits{.max_hosts = 1})
          ->size(),
      1U);
}

TEST(Systeminfo, WhatIsOverTheLimitsIsToldOrRefused) {
  EXPECT_EQ(describe().read({"big.txt", std::string(kServer2003)}, Limits{.max_bytes = 10}).error().message,
            "big.txt: larger than 10 bytes");
  const auto hosts = describe().read({"host.txt", std::string(kServer2003)}, Limits{.max_components = 2});
  ASSERT_TRUE(hosts);
  EXPECT_EQ(gap_words(hosts->front(), Gap::updates_cut), "only the first 2 updates were read");
  EXPECT_EQ(describe().read({"x.txt", "Host Name: x\r\n"}, Limits{}).error().message,
            "x.txt:1: not the output of systeminfo");
}

TEST(Systeminfo, OtherTextsAreNotIts) {
  for (const char* const text : {"", "Host Name: x\r\n", "Subject: hello\r\n\r\nWindows 10 is 10.0.19045\r\n",
                                 "{\"OS Name\": \"x\"}", "Caption  HotFixID\r\n", "version: 1.2.3\n"})
    EXPECT_FALSE(describe().recognises({"x.txt", text})) << text;
}

TEST(Systeminfo, PublicInventoriesAreReadAsTheirAnswersSay) {
  const auto folder = shared_data() / "windows_inventory";
  if (shared_data().empty()) GTEST_SKIP() << "the public inventories are not there";
  for (const auto& answer : nlohmann::json::parse(std::ifstream(folder / "EXPECTED.json"))) {
    const std::string file = answer.at("file");
    SCOPED_TRACE(file);
    const Document document = document_of(folder / file);
    ASSERT_TRUE(describe().recognises(document));
    const auto hosts = describe().read(document, Limits{});
    ASSERT_TRUE(hosts);
    ASSERT_EQ(hosts->size(), 1U);
    const Host& host = hosts->front();
    std::set<std::string> expected;
    for (const std::string kb : answer.at("distinct_kb"))
      expected.insert(kb.substr(kb.find_first_of("0123456789")));
    EXPECT_EQ(updates_of(host), expected);
    EXPECT_EQ(host.os.version, answer.at("build"));
    EXPECT_EQ(host.os.service_pack, answer.at("sp").get<std::uint32_t>());
    EXPECT_EQ(host.os.arch, answer.at("arch") == "x86" ? Arch::x86 : Arch::x64);
    EXPECT_EQ(host.lacks(Gap::updates_cut), answer.at("truncated").get<bool>());
    const std::string counts = std::to_string(answer.at("hotfixes_announced").get<int>()) + " announced, " +
                               std::to_string(answer.at("hotfixes_listed").get<int>()) + " listed";
    EXPECT_EQ(gap_words(host, Gap::updates_cut), answer.at("truncated") ? counts : "");
    EXPECT_FALSE(host.os.product.empty() || host.lacks(Gap::contradiction));
  }
}

TEST(Systeminfo, TheJapaneseInventoryOfCodePage932) {
  const auto path = shared_data() / "windows_inventory/ja/srv_2003r2_sp2_x86_ja_SYNTHETIC_cp932.txt";
  if (shared_data().empty()) GTEST_SKIP() << "the public inventories are not there";
  const Host host = read_one(document_of(path).bytes);
  EXPECT_EQ(host.name, "SRV2K3R2SP2X86");
  EXPECT_EQ(host.os.language, "ja");
  EXPECT_EQ(host.os.service_pack, 2U);
  EXPECT_EQ(host.addresses, std::vector<std::string>{"192.168.159.213"});
  EXPECT_EQ(gap_words(host, Gap::updates_cut), "352 announced, 240 listed");
}

}  // namespace
}  // namespace bansoko::inventory::systeminfo
