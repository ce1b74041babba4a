// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/config.h"

#include <map>

#include <fnmatch.h>
#include <gtest/gtest.h>

#include "assess/inventory/test_document.h"
#include "assess/inventory/test_host.h"

namespace bansoko::inventory {
namespace {

using Files = std::map<std::string, std::string>;

class FakeTree : public Includes {
 public:
  explicit FakeTree(Files files) : files_(std::move(files)) {}

  std::vector<Document> find(const Document& from, const std::string& pattern) override {
    const std::string folder = from.name.substr(0, from.name.rfind('/') + 1);
    const std::string whole = pattern.starts_with('/') ? pattern : folder + pattern;
    std::vector<Document> found;
    for (const auto& [name, text] : files_)
      if (::fnmatch(whole.c_str(), name.c_str(), FNM_PATHNAME) == 0) found.push_back({name, text});
    return found;
  }

 private:
  Files files_;
};

struct Case {
  const char* name = "";
  std::string file = {};
  std::string text = {};
  std::string settings = {};
  std::string unreadable = {};
  Files others = {};
};

std::string settings_of(const assess::Host& host) {
  std::string text;
  for (const auto& [name, setting] : host.settings)
    text += (text.empty() ? "" : " | ") + name + "=" + setting.value;
  return text;
}

class ConfigFile : public testing::TestWithParam<Case> {};

TEST_P(ConfigFile, GivesItsSettings) {
  const Case& at = GetParam();
  const Document document{at.file, at.text};
  const Source* const source = source_of(document);
  ASSERT_NE(source, nullptr);
  FakeTree tree(at.others);
  const auto hosts = source->read_within(document, tree, {});
  ASSERT_TRUE(hosts);
  EXPECT_EQ(settings_of(hosts->front()), at.settings);
  EXPECT_EQ(gaps_of(hosts->front(), assess::Gap::unreadable), at.unreadable);
}

const std::string kSshd = "/etc/ssh/sshd_config", kHttpd = "/etc/httpd/conf/httpd.conf",
                  kNamed = "/etc/named.conf", kMysql = "/etc/my.cnf", kSamba = "/etc/samba/smb.conf",
                  kPostgres = "/etc/postgresql/15/main/postgresql.conf";

INSTANTIATE_TEST_SUITE_P(
    Sshd, ConfigFile,
    testing::Values(
        Case{"TheFirstHolds", kSshd,
             "# remark\nPermitRootLogin no\npermitrootlogin yes\nProtocol=2 # remark\n",
             "sshd:permitrootlogin=no | sshd:protocol=2"},
        Case{"Lists", kSshd, "Port 22\nPort 2222\nPort 22\nAllowUsers a b\n",
             "sshd:allowusers=a b | sshd:port=22, 2222"},
        Case{"Match", kSshd,
             "PasswordAuthentication no\nMatch User x\n  PasswordAuthentication yes\nMatch all\nUseDNS no\n",
             "sshd:match=User x | sshd:match:passwordauthentication=yes | sshd:passwordauthentication=no | "
             "sshd:usedns=no"},
        Case{"Included",
             kSshd,
             "Include sshd_config.d/*.conf\nPermitRootLogin yes\nX11Forwarding yes\n",
             "sshd:match=Group g | sshd:match:banner=none | sshd:permitrootlogin=no | sshd:x11forwarding=yes",
             "",
             {{"/etc/ssh/sshd_config.d/a.conf", "PermitRootLogin no\nMatch Group g\nBanner none\n"}}},
        Case{"IncludesItself",
             kSshd,
             "Include /etc/ssh/sshd_config\nUseDNS no\n",
             "sshd:usedns=no",
             "/etc/ssh/sshd_config is not read: included more than 16 deep, or beyond 1000 files",
             {{kSshd, "Include /etc/ssh/sshd_config\n"}}},
        Case{"NoText", kSshd, std::string("UseDNS no\n\0\0", 12), "sshd:\\x00\\x00= | sshd:usedns=no",
             "the file is no text"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Httpd, ConfigFile,
    testing::Values(
        Case{"TheLastHolds", kHttpd, "ServerTokens Full\nservertokens \"Prod\"\n", "httpd:servertokens=Prod"},
        Case{"Joined", kHttpd, "ServerAdmin \\\n  root@x\n", "httpd:serveradmin=root@x"},
        Case{"ModulesAndLists", kHttpd, "LoadModule dav_module modules/mod_dav.so\nListen 80\nListen 443\n",
             "httpd:listen=80, 443 | httpd:module:dav_module=modules/mod_dav.so"},
        Case{"Sections", kHttpd,
             "<IfModule mod_x.c>\nTraceEnable Off\n</IfModule>\n<IfModule !mod_y.c>\nServerTokens "
             "Full\n</IfModule>\n"
             "<IfDefine SSL>\nListen 443\n</IfDefine>\n"
             "<VirtualHost *:80>\nTraceEnable On\n<Directory \"/a\">\nOptions "
             "Indexes\n</Directory>\n</VirtualHost>\n"
             "<DirectoryMatch b>\nOptions None\n</DirectoryMatch>\n",
             "httpd:directory:options=Indexes, None | httpd:traceenable=Off | "
             "httpd:virtualhost:traceenable=On"},
        Case{"Included",
             kHttpd,
             "ServerRoot /opt/httpd\nInclude conf.d/*.conf\nIncludeOptional none.conf\nInclude lost.conf\n",
             "httpd:serverroot=/opt/httpd | httpd:serversignature=Off",
             "/opt/httpd/lost.conf is included and not there",
             {{"/opt/httpd/conf.d/a.conf", "ServerSignature Off\n"}}},
        Case{"Unbalanced", kHttpd, "</Directory>\n<Directory /a>\nOptions None\n",
             "httpd:directory:options=None",
             "a section ends that did not begin; the file ends within a section"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Named, ConfigFile,
    testing::Values(
        Case{"Options", kNamed,
             "// remark\noptions {\n  recursion yes; # remark\n  version \"none; {\";\n  allow-query { any; "
             "!10.0.0.0/8; };\n"
             "  listen-on port 53 { 127.0.0.1; }; /* more\n */ };\n",
             "named:allow-query=any; !10.0.0.0/8 | named:listen-on=port 53 127.0.0.1 | named:recursion=yes | "
             "named:version=none; {"},
        Case{"ZonesAndViews", kNamed,
             "view \"a\" { recursion no; zone \"x\" IN { type master; allow-transfer { any; }; }; };\n"
             "zone y { type slave; allow-transfer { none; }; };\nkey k { algorithm a; secret \"s\"; };\n",
             "named:view:recursion=no | named:zone:allow-transfer=any, none | named:zone:type=master, slave"},
        Case{"Included",
             kNamed,
             "include \"/etc/named/o.conf\";\noptions { include \"in.conf\"; };\n",
             "named:dnssec-validation=auto | named:recursion=no",
             "",
             {{"/etc/named/o.conf", "options { recursion no; };"},
              {"/etc/in.conf", "dnssec-validation auto;"}}},
        Case{"Cut", kNamed, "options { recursion yes; allow-query { any;", "named:recursion=yes",
             "the file ends within a block"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Others, ConfigFile,
    testing::Values(
        Case{"Mysql",
             kMysql,
             "[client]\nport=1\n[mysqld]\nbind_address = '0.0.0.0' # "
             "remark\nskip-networking\npassword=x\n!includedir /etc/my.cnf.d\n",
             "mysql:bind-address=127.0.0.1 | mysql:skip-networking=on",
             "",
             {{"/etc/my.cnf.d/s.cnf", "[server]\nbind-address=127.0.0.1\n[mysqldump]\nquick\n"}}},
        Case{"Php", "/etc/php.ini",
             "; remark\n[PHP]\nexpose_php = On\nexpose_php = Off ; remark\nmysqli.default_pw = "
             "x\n[PATH=/a]\nexpose_php = On\n"
             "[Session]\nextension=a.so\nextension=b.so\n",
             "php:expose_php=Off | php:extension=a.so, b.so"},
        Case{"Samba", kSamba,
             "[global]\n  Min  Protocol = NT1\n ; remark\n server signing = \\\n auto\n[pub]\n public = "
             "yes\n hosts allow = a\n[b]\n guest ok = no\n",
             "samba:server min protocol=NT1 | samba:server signing=auto | samba:share:guest ok=yes | "
             "samba:share:hosts allow=a | samba:shares=pub, b"},
        Case{"Postgres",
             kPostgres,
             "listen_addresses = '*'  # remark\nssl on\ninclude_dir 'conf.d'\ninclude 'none.conf'\n",
             "postgresql:listen_addresses=* | postgresql:ssl=off",
             "none.conf is included and not there",
             {{"/etc/postgresql/15/main/conf.d/a.conf", "ssl = off\n"}}},
        Case{"PgHba", "pg_hba.conf",
             "# TYPE\nlocal all postgres peer\nhost all all 10.0.0.0 255.0.0.0 md5\nhostssl all all all "
             "scram-sha-256\nhost all\n",
             "postgresql:hba:any address=yes | postgresql:hba:ident=no | postgresql:hba:md5=yes | "
             "postgresql:hba:methods=peer, md5, scram-sha-256 | postgresql:hba:password=no | "
             "postgresql:hba:trust=no",
             "line 5 has no method"},
        Case{"Exports", "/etc/exports",
             "/srv *(rw,no_root_squash) 10.0.0.1(ro)\n\"/a b\" \\\n h(ro)\n/open\n",
             "nfs:everyone=yes | nfs:exports=/srv *(rw,no_root_squash), /srv 10.0.0.1(ro), /a b h(ro), /open "
             "* | "
             "nfs:insecure=no | nfs:no_root_squash=yes | nfs:rw=yes"},
        Case{"Redis", "redis.conf", "# remark\nbind 127.0.0.1 ::1\nprotected-mode no\nrequirepass secret\n",
             "redis:bind=127.0.0.1 ::1 | redis:protected-mode=no | redis:requirepass=(set)"},
        Case{"Sysctl", "/etc/sysctl.conf", "net.ipv4.ip_forward=1\n-net/ipv4/ip_forward = 0\n; remark\n",
             "sysctl:net.ipv4.ip_forward=0"}),
    [](const auto& row) { return row.param.name; });

TEST(ConfigEvidence, IsFileAndLine) {
  const Document document{"/mnt/etc/ssh/sshd_config", "\n  PermitRootLogin yes\n"};
  const auto hosts = source_of(document)->read(document, {});
  const assess::Evidence& evidence = hosts->front().settings.at("sshd:permitrootlogin").evidence;
  EXPECT_EQ(evidence.source, "/mnt/etc/ssh/sshd_config");
  EXPECT_EQ(evidence.line, 2u);
  EXPECT_EQ(evidence.text, "PermitRootLogin yes");
}

TEST(ConfigAlone, TellsWhatIsIncluded) {
  const Document document{"sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n"};
  const auto hosts = source_of(document)->read(document, {});
  EXPECT_EQ(gaps_of(hosts->front(), assess::Gap::unreadable),
            "/etc/ssh/sshd_config.d/*.conf is included and not at hand");
}

TEST(ConfigLimits, AreToldAtTheirNumbers) {
  std::string many;
  for (int i = 0; i <= 20'000; ++i) many += "k" + std::to_string(i) + " = 1\n";
  const Document document{"sysctl.conf", many + "long = " + std::string(100, 'x') + "\n"};
  const auto hosts = source_of(document)->read(document, {.max_text = 10});
  EXPECT_EQ(hosts->front().settings.size(), 20'000u);
  EXPECT_EQ(gaps_of(hosts->front(), assess::Gap::unreadable), "only the first 20000 settings are kept");
  std::string ports;
  for (int i = 0; i < 10; ++i) ports += "Port " + std::to_string(i) + "\n";
  const auto brief = source_of({"sshd_config", ports})->read({"sshd_config", ports}, {.max_text = 10});
  EXPECT_EQ(brief->front().settings.at("sshd:port").value, "0, 1, 2, 3");
  EXPECT_EQ(gaps_of(brief->front(), assess::Gap::unreadable), "sshd:port has more values than are kept");
  std::string deep;
  for (int i = 0; i < 70; ++i) deep += "<Directory /a>\n";
  for (int i = 0; i < 70; ++i) deep += "</Directory>\n";
  const auto nested = source_of({"httpd.conf", deep})->read({"httpd.conf", deep}, {});
  EXPECT_EQ(gaps_of(nested->front(), assess::Gap::unreadable), "sections are nested more than 64 deep");
}

}  // namespace
}  // namespace bansoko::inventory
