// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "assess/inventory/cpe.h"
#include "assess/inventory/test_data.h"

namespace bansoko::inventory {
namespace {

using assess::Arch;
using assess::Component;
using assess::ComponentKind;
using assess::Ecosystem;
using assess::Gap;
using assess::Host;

const Source* source_of(const Document& document) {
  const auto sources = all_sources();
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const Source* one) { return one->recognises(document); });
  return found == sources.end() ? nullptr : *found;
}

std::vector<Host> read_as(std::string_view source, const std::string& bytes, const Limits& limits = {}) {
  const Document document{"file", bytes};
  const Source* const found = source_of(document);
  EXPECT_TRUE(found != nullptr && found->name == source) << source << ": " << bytes.substr(0, 200);
  if (found == nullptr) return {};
  auto hosts = found->read(document, limits);
  EXPECT_TRUE(hosts) << hosts.error().message;
  return hosts ? std::move(*hosts) : std::vector<Host>{};
}

std::string error_of(std::string_view source, const std::string& bytes) {
  for (const Source* const one : all_sources())
    if (one->name == source) {
      const auto hosts = one->read({"file", bytes}, Limits{.max_depth = 16});
      return hosts ? "" : hosts.error().message;
    }
  return "no such source";
}

std::string listeners_of(const Host& host) {
  std::string made;
  for (const auto& one : host.listeners)
    made += one.address + " " + one.protocol + std::to_string(one.port) + " " + one.program + "\n";
  return made;
}

const Component* component(const Host& host, std::string_view name) {
  for (const Component& one : host.components)
    if (one.name == name) return &one;
  return nullptr;
}

TEST(WmicOs, SaysTheSystem) {
  const Host host = read_as("wmic_os",
                            "\r\r\nBuildNumber=3790\r\r\nCaption=Microsoft(R) Windows(R) Server 2003, "
                            "Enterprise Edition\r\r\nCSDVersion=\r\r\n"
                            "CSName=FILE01\r\r\nLocalDateTime=20261123024153.000000+540\r\r\nOSLanguage="
                            "1041\r\r\nOtherTypeDescription=R2\r\r\n"
                            "ProductType=2\r\r\nServicePackMajorVersion=0\r\r\nVersion=5.2.3790\r\r\n\r\r\n")
                        .front();
  EXPECT_EQ(host.name, "FILE01");
  EXPECT_EQ(host.os.product, "microsoft:windows_server_2003");
  EXPECT_EQ(host.os.service_pack, 0U);
  EXPECT_TRUE(host.os.r2);
  EXPECT_EQ(host.os.language, "ja");
  EXPECT_EQ(host.collected, *assess::parse_date("2026-11-23"));
  EXPECT_EQ(host.settings.at("windows:domain_role").value, "domain_controller");
  EXPECT_TRUE(host.lacks(Gap::no_updates) && host.lacks(Gap::no_architecture));
  const Host core =
      read_as("wmic_os",
              "Caption=Microsoft Windows Server 2012 R2 Standard\nCSDVersion=\nOSArchitecture=64 "
              "ビット\nOperatingSystemSKU=13\nProductType=3\nVersion=6.3.9600\n")
          .front();
  EXPECT_EQ(core.os.arch, Arch::x64);
  EXPECT_NE(component(core, "server_core"), nullptr);
}

TEST(WmicOs, VerAloneDoesNotTellServerFromWorkstation) {
  const Host host = read_as("wmic_os", "\r\nMicrosoft Windows [Version 6.1.7601]\r\n").front();
  EXPECT_EQ(host.os.version, "6.1.7601");
  EXPECT_EQ(gap_words(host, Gap::no_os), "version 6.1.7601 is Windows 7 or Windows Server 2008 R2");
  EXPECT_EQ(read_as("wmic_os", "\r\nMicrosoft Windows XP [Version 5.1.2600]\r\n").front().os.product,
            "microsoft:windows_xp");
  EXPECT_EQ(read_as("wmic_os", "Microsoft Windows 2000 [バージョン 5.00.2195]\r\n").front().os.product,
            "microsoft:windows_2000");
  EXPECT_EQ(read_as("wmic_os", "Windows NT Version 4.0\r\n").front().os.product, "microsoft:windows_nt");
}

TEST(Netstat, ListenersInAnyLanguageAndSystem) {
  const Host windows =
      read_as(
          "netstat",
          "\r\nAktive Verbindungen\r\n\r\n  Proto  Lokale Adresse  Remoteadresse  Status  PID\r\n"
          "  TCP    0.0.0.0:445      0.0.0.0:0        ABHÖREN         4\r\n [System]\r\n"
          "  TCP    192.0.2.1:49153  192.0.2.2:445    HERGESTELLT     4\r\n"
          "  TCP    [::]:3389        [::]:0           ABHÖREN         99\r\n  UDP    0.0.0.0:161  *:*  1\r\n")
          .front();
  EXPECT_EQ(listeners_of(windows), "0.0.0.0 tcp445 System\n:: tcp3389 \n0.0.0.0 udp161 \n");
  const Host linux_host =
      read_as("netstat",
              "Proto Recv-Q Send-Q Local Address  Foreign Address  State  PID/Program name\n"
              "tcp        0      0 0.0.0.0:22     0.0.0.0:*        LISTEN 812/sshd: x\ntcp6 0 0 :::80 :::* "
              "LISTEN 9/apache2\n")
          .front();
  EXPECT_EQ(listeners_of(linux_host), "0.0.0.0 tcp22 sshd\n:: tcp80 apache2\n");
  const Host ss =
      read_as("netstat",
              "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"
              "udp   UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:((\"systemd-resolve\",pid=5,fd=1))\n"
              "tcp   LISTEN 0 128 *:22 *:* users:((\"sshd\",pid=7,fd=3))\ntcp LISTEN 0 5 [::1]:631 [::]:*\n")
          .front();
  EXPECT_EQ(listeners_of(ss), "127.0.0.53 udp53 systemd-resolve\n* tcp22 sshd\n::1 tcp631 \n");
  EXPECT_TRUE(read_as("netstat", "  TCP  0.0.0.0:1  0.0.0.0:0  L 1\r\n  TCP  0.0.0.0:2  0.0.0.0:0")
                  .front()
                  .lacks(Gap::unreadable));
  EXPECT_EQ(source_of({"x", "tcp is a protocol\n"}), nullptr);
}

TEST(Services, AreReadInEachForm) {
  const Host sc = read_as("services",
                          "\r\nSERVICE_NAME: W3SVC\r\nDISPLAY_NAME: IIS\r\n        TYPE : 20\r\n        "
                          "STATE              : 4  RUNNING \r\n"
                          "\r\nSERVICE_NAME: CiSvc\r\n        STATE              : 1  STOPPED \r\n")
                      .front();
  EXPECT_EQ(component(sc, "w3svc")->running, true);
  EXPECT_EQ(component(sc, "cisvc")->running, false);
  const Host wmic =
      read_as("services",
              "Name   StartMode  State    \r\nW3SVC  Auto       Running  \r\nCiSvc  Manual     Stopped  \r\n")
          .front();
  EXPECT_EQ(component(wmic, "w3svc")->running, true);
  EXPECT_EQ(component(wmic, "cisvc")->running, false);
  const Host shell = read_as("services",
                             "\nStatus   Name               DisplayName                           \n------   "
                             "----               -----------                           \n"
                             "Stopped  AeLookupSvc        Application Experience                \n")
                         .front();
  EXPECT_EQ(component(shell, "aelookupsvc")->running, false);
  const Host tasks =
      read_as("services",
              "\"Image Name\",\"PID\",\"Session Name\"\r\n\"inetinfo.exe\",\"812\",\"Console\"\r\n")
          .front();
  EXPECT_EQ(component(tasks, "inetinfo.exe")->running, true);
  EXPECT_TRUE(read_as("services", "SERVICE_NAME: W3SVC\r\n STATE  : 4  RUN").front().lacks(Gap::unreadable));
}

constexpr const char* kRegistry =
    "Windows Registry Editor Version 5.00\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\r\n\"ProductName\"=\"Microsoft "
    "Windows Server 2003\"\r\n"
    "\"CurrentVersion\"=\"5.2\"\r\n\"CurrentBuildNumber\"=\"3790\"\r\n\"CSDVersion\"=\"Service Pack "
    "2\"\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows "
    "NT\\CurrentVersion\\HotFix\\KB958644]\r\n\"Installed\"=dword:00000001\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\HotFix\\KB958644\\File 1]\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows "
    "NT\\CurrentVersion\\HotFix\\KB100000]\r\n\"Installed\"=dword:00000000\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates\\Windows Server 2003\\SP3\\KB2705219-v2]\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{1}]\r\n\"DisplayName\"="
    "\"7-Zip \\\"9\\\"\"\r\n\"DisplayVersion\"=\"9.20\"\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based "
    "Servicing\\Packages\\Package_for_KB2533552~x]\r\n\"CurrentState\"=dword:00000070\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp]\r\n\"MajorVersion\"=dword:"
    "00000006\r\n\"MinorVersion\"=dword:00000000\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions]\r\n\"ProductType\"="
    "\"ServerNT\"\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName]"
    "\r\n\"ComputerName\"=\"FILE01\"\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC]\r\n\"Type\"=dword:"
    "00000020\r\n\"Start\"=dword:00000004\r\n"
    "\"ImagePath\"=hex(2):43,00,3a,00,\\\r\n  "
    "5c,00,78,00,00,00\r\n\"List\"=hex(7):61,00,00,00,62,00,00,00,00,00\r\n@=\"x\"\r\n\r\n";

TEST(RegExport, SaysSystemUpdatesProgramsAndValues) {
  const Host host = read_as("reg_export", kRegistry).front();
  EXPECT_EQ(host.name, "FILE01");
  EXPECT_EQ(host.os.product, "microsoft:windows_server_2003");
  EXPECT_EQ(host.os.version, "5.2.3790");
  EXPECT_EQ(host.os.service_pack, 2U);
  EXPECT_EQ(updates_of(host), (std::set<std::string>{"958644", "2705219", "2533552"}));
  EXPECT_EQ(component(host, "7-Zip \"9\"")->version, "9.20");
  EXPECT_EQ(component(host, "iis")->version, "6.0");
  EXPECT_EQ(component(host, "w3svc")->running, false);
  EXPECT_EQ(host.settings.at("service:w3svc:start").value, "disabled");
  const std::string service = "reg:hklm\\system\\currentcontrolset\\services\\w3svc\\";
  EXPECT_EQ(host.settings.at(service + "start").value, "4");
  EXPECT_EQ(host.settings.at(service + "imagepath").value, "C:\\x");
  EXPECT_EQ(host.settings.at(service + "list").value, "a;b");
  EXPECT_EQ(host.settings.at(service).value, "x");
  EXPECT_FALSE(host.lacks(Gap::unreadable) || host.lacks(Gap::updates_cut) || host.lacks(Gap::no_settings));
}

TEST(RegExport, NtNamesNoEdition) {
  const Host host =
      read_as(
          "reg_export",
          "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\n"
          "\"CurrentVersion\"=\"4.0\"\n\"CurrentBuildNumber\"=\"1381\"\n\"CSDVersion\"=\"Service Pack 6\"\n\n"
          "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions]\n\"ProductType\"="
          "\"ServerNT\"\n\n")
          .front();
  EXPECT_EQ(host.os.product, "microsoft:windows_nt");
  EXPECT_EQ(host.os.edition, "standard");
  EXPECT_EQ(host.os.service_pack, 6U);
}

TEST(RegExport, CutAtEachLineIsAGap) {
  const std::string whole = kRegistry;
  for (std::size_t at = whole.find("HotFix"); at < whole.size() - 2; at = whole.find('\n', at) + 1) {
    const bool between = whole.substr(0, at).ends_with("\r\n\r\n");
    const Host host = read_as("reg_export", whole.substr(0, at)).front();
    EXPECT_EQ(host.lacks(Gap::unreadable), !between) << at;
  }
}

TEST(RegExport, WhatRegQueryPrints) {
  const Host host =
      read_as(
          "reg_export",
          "\r\n! REG.EXE VERSION 3.0\r\n\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Lsa\r\n"
          "    RestrictAnonymous\tREG_DWORD\t0x1\r\n    <NO NAME>\tREG_SZ\tx y\r\n    Packages    "
          "REG_MULTI_SZ    a\\0b\r\n")
          .front();
  const std::string lsa = "reg:hklm\\system\\currentcontrolset\\control\\lsa\\";
  EXPECT_EQ(host.settings.at(lsa + "restrictanonymous").value, "1");
  EXPECT_EQ(host.settings.at(lsa).value, "x y");
  EXPECT_EQ(host.settings.at(lsa + "packages").value, "a;b");
  EXPECT_TRUE(read_as("reg_export", kRegistry, Limits{.max_components = 5}).front().lacks(Gap::unreadable));
}

TEST(Nmap, SaysWhatAnswersAndGuessesTheRest) {
  const std::string xml =
      "<?xml version='1.0'?>\n<!DOCTYPE nmaprun>\n<nmaprun><host><status state='up'/><address "
      "addr='192.0.2.1' addrtype='ipv4'/>"
      "<address addr='00:11:22:33:44:55' addrtype='mac'/><hostnames><hostname name='web01.example.jp' "
      "type='PTR'/></hostnames><ports>"
      "<port protocol='tcp' portid='80'><state state='open'/><service name='http' product='Microsoft IIS "
      "httpd' version='6.0'>"
      "<cpe>cpe:/a:microsoft:iis:6.0</cpe></service></port><port protocol='tcp' portid='81'><state "
      "state='closed'/></port></ports>"
      "<os><osmatch name='Microsoft Windows Server 2003 SP2' "
      "accuracy='98'><osclass><cpe>cpe:/o:microsoft:windows_server_2003::sp2</cpe></osclass></osmatch>"
      "<osmatch name='Linux' "
      "accuracy='90'><osclass><cpe>cpe:/o:linux:linux_kernel:3</cpe></osclass></osmatch></os></host>"
      "<host><status state='down'/><address addr='192.0.2.2' addrtype='ipv4'/></host>"
      "<host><status state='up'/><address addr='192.0.2.3' addrtype='ipv4'/><hostscript><script "
      "id='smb-os-discovery'>"
      "<elem key='os'>Windows Server 2003 R2 3790 Service Pack 2</elem><elem "
      "key='server'>FILE01\\x00</elem></script></hostscript></host></nmaprun>";
  const auto hosts = read_as("nmap", xml);
  ASSERT_EQ(hosts.size(), 2U);
  const Host& guessed = hosts.front();
  EXPECT_EQ(guessed.name, "web01.example.jp");
  EXPECT_EQ(guessed.addresses, std::vector<std::string>{"192.0.2.1"});
  EXPECT_EQ(listeners_of(guessed), "192.0.2.1 tcp80 Microsoft IIS httpd\n");
  EXPECT_EQ(component(guessed, "Microsoft IIS httpd")->product, "microsoft:iis");
  EXPECT_EQ(guessed.os.product, "microsoft:windows_server_2003");
  EXPECT_EQ(guessed.os.accuracy, 98);
  EXPECT_TRUE(guessed.lacks(Gap::no_os) && guessed.lacks(Gap::no_updates) && guessed.lacks(Gap::no_settings));
  EXPECT_EQ(hosts.back().name, "FILE01");
  EXPECT_EQ(hosts.back().os.accuracy, 100);
  EXPECT_EQ(hosts.back().os.service_pack, 2U);
  EXPECT_TRUE(hosts.back().os.r2);
  EXPECT_TRUE(read_as("nmap", xml.substr(0, xml.size() - 20)).back().lacks(Gap::unreadable));
  EXPECT_TRUE(read_as("nmap", xml, Limits{.max_hosts = 1}).back().lacks(Gap::unreadable));
}

TEST(Nmap, PublicScans) {
  if (shared_data().empty()) GTEST_SKIP() << "the public scans are not there";
  for (const auto& [file, count] : std::map<std::string, std::size_t>{{"1_hosts.xml", 1},
                                                                      {"1_hosts_banner.xml", 1},
                                                                      {"1_hosts_down.xml", 1},
                                                                      {"1_os_banner_scripts.xml", 1},
                                                                      {"2_hosts_version.xml", 2},
                                                                      {"fullscan.xml", 2},
                                                                      {"test_osclass.xml", 1},
                                                                      {"dionaea_scan.xml", 1}})
    EXPECT_EQ(read_as("nmap", document_of(shared_data() / "nmap" / file).bytes).size(), count) << file;
  const Host honeypot = read_as("nmap", document_of(shared_data() / "nmap/dionaea_scan.xml").bytes).front();
  EXPECT_EQ(honeypot.os.product, "microsoft:windows_xp");
  EXPECT_NE(component(honeypot, "smb1"), nullptr);
}

constexpr const char* kBom =
    "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\",\"metadata\":{\"timestamp\":\"2026-11-23T00:00:"
    "00Z\",\"component\":{\"type\":\"device\",\"name\":\"web01\"}},"
    "\"components\":[{\"type\":\"operating-system\",\"name\":\"centos\",\"version\":\"7\"},"
    "{\"type\":\"library\",\"name\":\"openssl-libs\",\"version\":\"1.0.2k-19.el7\",\"purl\":\"pkg:rpm/centos/"
    "openssl-libs@1.0.2k-19.el7?arch=x86_64&epoch=1&upstream=openssl-1.0.2k-19.el7.src.rpm&distro=centos-7\","
    "\"components\":[{\"type\":\"library\",\"name\":\"inner\",\"version\":\"1\",\"cpe\":\"cpe:2.3:a:x:inner:"
    "1:*:*:*:*:*:*:*\"}]}]}";

void expect_bill(const Host& host) {
  EXPECT_EQ(host.os.product, "centos:centos");
  EXPECT_EQ(host.os.version, "7");
  const Component* const ssl = component(host, "openssl-libs");
  ASSERT_NE(ssl, nullptr);
  EXPECT_EQ(ssl->kind, ComponentKind::package);
  EXPECT_EQ(ssl->ecosystem, Ecosystem::rpm);
  EXPECT_EQ(ssl->version, "1:1.0.2k-19.el7");
  EXPECT_EQ(ssl->source_package, "openssl");
  EXPECT_EQ(ssl->source_version, "1.0.2k-19.el7");
  EXPECT_EQ(host.os.arch, Arch::x64);
  EXPECT_FALSE(host.lacks(Gap::packages_cut) || host.lacks(Gap::no_packages));
}

TEST(CycloneDx, JsonAndXml) {
  const Host json = read_as("cyclonedx", kBom).front();
  expect_bill(json);
  EXPECT_EQ(json.name, "web01");
  EXPECT_EQ(json.collected, *assess::parse_date("2026-11-23"));
  ASSERT_NE(component(json, "inner"), nullptr);
  EXPECT_EQ(component(json, "inner")->product, "x:inner");
  expect_bill(
      read_as("cyclonedx",
              "<?xml version='1.0'?><bom xmlns='http://cyclonedx.org/schema/bom/1.4'><components>"
              "<component type='operating-system'><name>centos</name><version>7</version></component>"
              "<component "
              "type='library'><name>openssl-libs</name><version>1.0.2k-19.el7</version><purl>pkg:rpm/centos/"
              "openssl-libs@1.0.2k-19.el7?arch=x86_64&amp;epoch=1&amp;upstream=openssl-1.0.2k-19.el7.src.rpm<"
              "/purl>"
              "</component></components></bom>")
          .front());
}

TEST(CycloneDx, WhatIsCutOrTooMuchIsTold) {
  const std::string text = kBom;
  EXPECT_TRUE(read_as("cyclonedx", text.substr(0, text.size() - 2)).front().lacks(Gap::packages_cut));
  EXPECT_TRUE(read_as("cyclonedx", text, Limits{.max_components = 1}).front().lacks(Gap::packages_cut));
  EXPECT_EQ(error_of("cyclonedx", "{\"bomFormat\":\"CycloneDX\",\"x\":" + std::string(40, '[')),
            "file: more than 16 deep");
  EXPECT_NE(error_of("cyclonedx",
                     "<!DOCTYPE bom SYSTEM 'http://x'><bom xmlns='http://cyclonedx.org/schema/bom/1.4'/>")
                .find("DOCTYPE"),
            std::string::npos);
}

TEST(Spdx, JsonAndTagValue) {
  expect_bill(read_as("spdx",
                      "{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{\"name\":\"openssl-libs\","
                      "\"versionInfo\":\"1.0.2k-19.el7\",\"externalRefs\":["
                      "{\"referenceCategory\":\"PACKAGE-MANAGER\",\"referenceType\":\"purl\","
                      "\"referenceLocator\":\"pkg:rpm/centos/"
                      "openssl-libs@1.0.2k-19.el7?arch=x86_64&epoch=1&upstream=openssl-1.0.2k-19.el7.src.rpm&"
                      "distro=centos-7\"}]}]}")
                  .front());
  const std::string tags =
      "SPDXVersion: SPDX-2.2\nCreated: 2026-11-23T00:00:00Z\nPackageName: openssl-libs\nPackageVersion: "
      "1.0.2k-19.el7\n"
      "PackageComment: <text>PackageName: none\nof it</text>\n"
      "ExternalRef: PACKAGE-MANAGER purl "
      "pkg:rpm/centos/"
      "openssl-libs@1.0.2k-19.el7?arch=x86_64&epoch=1&upstream=openssl-1.0.2k-19.el7.src.rpm&distro=centos-"
      "7\n";
  const Host host = read_as("spdx", tags).front();
  expect_bill(host);
  EXPECT_EQ(host.components.size(), 1U);
  EXPECT_TRUE(read_as("spdx", tags + "PackageName: bash\nPackageName: x").front().lacks(Gap::packages_cut));
}

TEST(Cpe, NamesOfBothForms) {
  EXPECT_EQ(parse_cpe("cpe:/o:microsoft:windows_xp::sp3")->update, "sp3");
  EXPECT_EQ(parse_cpe("cpe:2.3:a:x\\:y:z:1.0:*:*:*:*:*:*:*")->vendor, "x:y");
  EXPECT_FALSE(parse_cpe("cpe:/o:microsoft"));
  EXPECT_EQ(parse_purl("pkg:maven/org.apache/log4j%2Dcore@2.14.1#x")->name, "log4j-core");
  EXPECT_EQ(parse_purl("pkg:npm/%40angular/core@1.0")->space, "@angular");
  EXPECT_FALSE(parse_purl("pkg:npm"));
}

}  // namespace
}  // namespace bansoko::inventory
