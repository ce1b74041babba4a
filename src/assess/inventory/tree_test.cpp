// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/tree.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "assess/inventory/root_folder.h"
#include "assess/inventory/running.h"
#include "assess/inventory/test_host.h"
#include "tests/temporary_folder.h"

namespace bansoko::inventory {
namespace {

namespace fs = std::filesystem;

class Image {
 public:
  Image& file(const std::string& path, std::string_view text) {
    fs::create_directories(fs::path(folder_ / path).parent_path());
    put_file(folder_ / path, text);
    return *this;
  }
  Image& link(const std::string& path, const std::string& to) {
    fs::create_directories(fs::path(folder_ / path).parent_path());
    fs::create_symlink(to, folder_ / path);
    return *this;
  }
  const std::string& path() const noexcept { return folder_.path(); }
  assess::Host read(const Limits& limits = {}) const {
    auto host = read_tree(path(), limits);
    EXPECT_TRUE(host) << host.error().message;
    return host ? std::move(*host) : assess::Host();
  }

 private:
  TemporaryFolder folder_;
};

std::string elf(char machine) {
  std::string bytes(
      "\x7f"
      "ELF\2\1\1",
      7);
  bytes.resize(64);
  bytes[18] = machine;
  return bytes;
}

constexpr const char* kStatus =
    "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2-1\n\n";

TEST(Tree, OfDebianIsWhole) {
  Image image;
  image.file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=Debian\n")
      .file("etc/debian_version", "12.11\n")
      .file("etc/hostname", "web1\n")
      .file("var/lib/dpkg/status", kStatus)
      .file("bin/dash", elf(62))
      .link("bin/sh", "dash")
      .file("lib/modules/6.1.0-18-amd64/x", "")
      .file("etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n")
      .file("etc/ssh/sshd_config.d/a.conf", "PermitRootLogin no\n")
      .file("etc/sysctl.d/a.conf", "a.b = 1\n")
      .file("etc/sysctl.conf", "a.b = 2\n");
  const assess::Host host = image.read();
  EXPECT_EQ(system_of(host), "debian:debian_linux 12.11");
  EXPECT_EQ(host.os.name, "Debian");
  EXPECT_EQ(host.os.arch, assess::Arch::x64);
  EXPECT_EQ(host.name, "web1");
  EXPECT_EQ(packages_of(host), "bash 5.2-1 amd64");
  EXPECT_EQ(host.settings.at("sshd:permitrootlogin").value, "no");
  EXPECT_EQ(host.settings.at("sshd:permitrootlogin").evidence.source,
            image.path() + "/etc/ssh/sshd_config.d/a.conf");
  EXPECT_EQ(host.settings.at("sysctl:a.b").value, "2");
  EXPECT_EQ(host.settings.at("kernel:installed").value, "6.1.0-18-amd64");
  EXPECT_TRUE(host.missing.empty()) << host.missing.front().what;
}

TEST(Tree, OfOtherSystemsRefinesWhatTheyAre) {
  Image centos;
  centos.file("etc/os-release", "ID=\"centos\"\nVERSION_ID=\"7\"\n")
      .file("etc/centos-release", "CentOS Linux release 7.9.2009 (Core)\n")
      .link("etc/redhat-release", "centos-release");
  EXPECT_EQ(system_of(centos.read()), "centos:centos 7.9.2009");
  Image oracle;
  oracle.file("etc/os-release", "ID=\"ol\"\nVERSION_ID=\"7.9\"\n")
      .file("etc/redhat-release", "Red Hat Enterprise Linux Server release 7.9 (Maipo)\n");
  EXPECT_EQ(system_of(oracle.read()), "oracle:linux 7.9");
  EXPECT_FALSE(oracle.read().lacks(assess::Gap::contradiction));
  Image both;
  both.file("etc/os-release", "ID=rocky\nVERSION_ID=8.6\n")
      .file("etc/centos-release", "CentOS Linux release 7.9.2009\n");
  EXPECT_EQ(gaps_of(both.read(), assess::Gap::contradiction),
            "system: rocky:rocky 8.6 and centos:centos 7.9.2009");
}

TEST(Tree, WithoutPackagesIsNeverAnEmptyListThatLooksWhole) {
  const Image image;
  const assess::Host host = image.read();
  for (const assess::Gap gap :
       {assess::Gap::no_os, assess::Gap::no_packages, assess::Gap::no_architecture, assess::Gap::no_settings})
    EXPECT_TRUE(host.lacks(gap));
}

TEST(Tree, OfDistrolessHasOneFileForEachPackage) {
  Image image;
  image.file("var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4+deb12u5\n")
      .file("var/lib/dpkg/status.d/base.md5sums", "00 /etc/x\n")
      .file("var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2024a-0\n");
  const assess::Host host = image.read();
  EXPECT_EQ(packages_of(host), "base-files 12.4+deb12u5; tzdata 2024a-0");
  EXPECT_EQ(system_of(host), "debian:debian_linux 12");
  EXPECT_FALSE(host.lacks(assess::Gap::unreadable));
}

TEST(Tree, IsNeverLeftByALink) {
  Image outside;
  outside.file("status", kStatus).file("os-release", "ID=debian\n");
  Image image;
  image.link("var/lib/dpkg/status", outside.path() + "/status")
      .link("etc/os-release", "../../../../../../../.." + outside.path() + "/os-release")
      .link("etc/ssh", outside.path());
  const assess::Host host = image.read();
  EXPECT_TRUE(host.components.empty());
  EXPECT_TRUE(host.lacks(assess::Gap::no_os));
  EXPECT_TRUE(host.lacks(assess::Gap::no_packages));
  Image inside;
  inside.link("var/lib/dpkg/status", "/real/status").file("real/status", kStatus);
  EXPECT_EQ(packages_of(inside.read()), "bash 5.2-1 amd64");
}

TEST(Tree, TellsWhatItCannotRead) {
  Image image;
  image.file("var/lib/dpkg/status", std::string(2000, 'x')).file("etc/os-release", "ID=debian\n");
  fs::create_directories(image.path() + "/etc/ssh/sshd_config");
  ASSERT_EQ(::mkfifo((image.path() + "/etc/my.cnf").c_str(), 0600), 0);
  image.link("etc/exports", "exports");
  const assess::Host host = image.read({.max_bytes = 1000});
  const std::string told = gaps_of(host, assess::Gap::unreadable);
  EXPECT_NE(told.find("/var/lib/dpkg/status: is larger than 1000 bytes"), std::string::npos) << told;
  EXPECT_NE(told.find("/etc/my.cnf: is no file"), std::string::npos) << told;
}

TEST(Tree, NeedsAFolder) {
  const auto host = read_tree("/nonexistent/image", {});
  ASSERT_FALSE(host);
  EXPECT_EQ(host.error().message, "cannot open /nonexistent/image: No such file or directory");
}

TEST(Tree, OfThisHostTellsWhatRuns) {
  const auto host = read_tree("/", {});
  ASSERT_TRUE(host) << host.error().message;
  EXPECT_FALSE(host->os.product.empty());
  EXPECT_FALSE(host->lacks(assess::Gap::no_packages));
  EXPECT_NE(host->os.arch, assess::Arch::unknown);
  EXPECT_TRUE(host->settings.contains("kernel:running"));
}

TEST(RootFolder, ExpandsPatterns) {
  Image image;
  image.file("a/1/x.conf", "").file("a/2/x.conf", "").file("a/2/.y.conf", "").file("a/2/z", "");
  auto root = RootFolder::open(image.path(), {});
  ASSERT_TRUE(root);
  EXPECT_EQ(root->expand("/a/*/*.conf"), (std::vector<std::string>{"/a/1/x.conf", "/a/2/x.conf"}));
  EXPECT_EQ(root->expand("/a/2/z"), std::vector<std::string>{"/a/2/z"});
  EXPECT_TRUE(root->expand("/a").empty());
  EXPECT_TRUE(root->expand("/nothing/*").empty());
  EXPECT_EQ(root->find({image.path() + "/a/1/x.conf", ""}, "../2/x.*").size(), 1u);
}

TEST(Running, IsReadFromProc) {
  Image proc;
  proc.file(
          "net/tcp",
          "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
          "   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 "
          "1\n"
          "   1: 0100007F:9999 0100007F:0016 01 00000000:00000000 00:00000000 00000000     0        0 1235 "
          "1\n")
      .file("net/udp6",
            "  sl  local_address rem st\n"
            "   0: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 0:0 0:0 0 "
            "0 0 77 2\n"
            "   1: broken:0035 x 07 0:0 0:0 0 0 0 78 2\n")
      .file("10/comm", "sshd\n")
      .file("10/cgroup", "0::/system.slice/ssh.service\n")
      .link("10/exe", "/usr/sbin/sshd")
      .link("10/fd/3", "socket:[1234]")
      .file("10/maps",
            "7f00-7f01 r-xp 00000000 08:01 1   /usr/lib/libssl.so.3 (deleted)\n"
            "7f02-7f03 r-xp 00000000 08:01 2   /usr/lib/libc.so.6\n"
            "7f04-7f05 rw-s 00000000 00:01 3   /memfd:x (deleted)\n7f06-7f07 rw-p 00000000 00:00 0\n")
      .file("11/comm", "named\n")
      .link("11/exe", "/usr/sbin/named (deleted)")
      .link("11/fd/9", "socket:[77]")
      .file("11/maps", "7f00-7f01 r-xp 00000000 08:01 1   /usr/lib/libssl.so.3 (deleted)\n")
      .file("12/comm", "secret\n");
  assess::Host host;
  const FilesInUse in_use = read_running(proc.path(), host);
  ASSERT_EQ(host.listeners.size(), 2u);
  EXPECT_EQ(host.listeners[0].address + " " + std::to_string(host.listeners[0].port) +
                host.listeners[0].protocol + " " + host.listeners[0].program,
            "127.0.0.1 22tcp sshd");
  EXPECT_EQ(host.listeners[1].address + " " + std::to_string(host.listeners[1].port) +
                host.listeners[1].protocol + " " + host.listeners[1].program,
            "::1 53udp named");
  EXPECT_EQ(packages_of(host), "named ; ssh ");
  EXPECT_EQ(host.components[0].running, true);
  EXPECT_EQ(host.settings.at("mapped-old:/usr/lib/libssl.so.3").value, "named, ssh");
  EXPECT_EQ(host.settings.at("mapped-old:/usr/sbin/named").value, "named");
  EXPECT_EQ(host.settings.size(), 2u);
  EXPECT_EQ(gaps_of(host, assess::Gap::unreadable), "1 of 3 processes may not be looked into: run as root");
  EXPECT_EQ(in_use.at("/usr/lib/libc.so.6"), std::set<std::string>{"ssh"});
}

}  // namespace
}  // namespace bansoko::inventory
