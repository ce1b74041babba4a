// SPDX-License-Identifier: Apache-2.0
#include "assess/engine/banners.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "assess/inventory/test_host.h"
#include "assess/xml/records.h"
#include "tests/cases.h"
#include "tests/source_folder.h"

namespace bansoko::assess {
namespace {

content::Content shipped() {
  settings::Faults faults;
  return content::read_content(source_folder() + "/content", faults);
}

Host saying(std::string_view topic, std::string_view text, ProductId product = {}) {
  Host host;
  host.components.push_back({.kind = ComponentKind::service,
                             .name = std::string(text),
                             .product = std::move(product),
                             .said = {std::string(topic), std::string(text)}});
  return host;
}

std::string products_of(const Host& host) {
  std::string text;
  for (const Component& one : host.components)
    text += one.product + " " + one.version + (one.vendor.empty() ? "" : " by " + one.vendor) + "; ";
  return text;
}

struct Case {
  std::string_view name;
  std::string_view topic, text;
  std::string products;
  std::string system;
};

class Banners : public testing::TestWithParam<Case> {};

TEST_P(Banners, AreNamed) {
  if (source_folder().empty()) GTEST_SKIP() << "the sources are not here";
  Host host = saying(GetParam().topic, GetParam().text);
  name_banners(shipped(), host);
  EXPECT_EQ(products_of(host), GetParam().products);
  EXPECT_EQ(host.os.product, GetParam().system);
  EXPECT_TRUE(host.os.product.empty() || host.os.accuracy < 60);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, Banners,
    testing::Values(Case{"Iis", "http.server", "Microsoft-IIS/6.0",
                         "microsoft:internet_information_services 6.0; ", "microsoft:windows_server_2003"},
                    Case{"ApacheOfADistribution", "http.server", "Apache/2.4.6 (CentOS) PHP/5.4.16",
                         "apache:http_server 2.4.6 by CentOS; php:php 5.4.16 by CentOS; ", "centos:centos"},
                    Case{"ApacheAlone", "http.server", "Apache", "apache:http_server ; ", ""},
                    Case{"ReplicaPrefix", "mysql.version", "5.5.5-10.0.36-MariaDB-0ubuntu0.16.04.1",
                         "mariadb:mariadb 10.0.36 by Ubuntu; ", "canonical:ubuntu_linux"},
                    Case{"Ssh", "ssh", "SSH-2.0-OpenSSH_5.3p1 Debian-3ubuntu7",
                         "openbsd:openssh 5.3p1 by Ubuntu; ", "canonical:ubuntu_linux"},
                    Case{"SqlServer", "tds.version", "8.0.2039", "microsoft:sql_server 8.0.2039; ", ""},
                    Case{"NobodyKnows", "http.server", "gws", " ; ", ""},
                    Case{"OtherTopic", "ftp", "nginx/1.0", " ; ", ""}),
    by_name);

TEST(BannersOfAHost, SayNothingAgainstWhatAnInventoryKnows) {
  if (source_folder().empty()) GTEST_SKIP() << "the sources are not here";
  Host host = saying("ssh", "SSH-2.0-OpenSSH_5.3p1 Debian-3");
  host.os.product = "centos:centos";
  name_banners(shipped(), host);
  EXPECT_EQ(host.os.product, "centos:centos");
  EXPECT_EQ(inventory::gaps_of(host, Gap::contradiction), "");
  host.os.accuracy = 90;
  name_banners(shipped(), host);
  EXPECT_TRUE(inventory::gaps_of(host, Gap::contradiction).starts_with(kTwoSystems));
}

/// Examples of public fingerprints, where they are there: how many of the products that content knows are
/// recognised.
class Recog {
 public:
  Recog() : content_(shipped()) {}

  void read(const std::string& file, std::string topic) {
    std::ifstream in(source_folder() + "/../shared/data/knowledge/recog/" + file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.empty()) return;
    const auto take = [&](std::string_view, xml::Node& node) -> Result<> {
      look(node, topic);
      return {};
    };
    xml::Records records([](const xml::Element& at) { return at.path == "fingerprints/fingerprint"; }, take);
    const auto done = xml::parse(bytes, records, {});
    EXPECT_TRUE(done) << file;
  }

  int examples = 0, products = 0, versions = 0, right_versions = 0;

 private:
  /// "openbsd:openssh" of "cpe:/a:openbsd:openssh:{service.version}".
  ProductId product_of(const xml::Node& fingerprint) const {
    for (const xml::Node& child : fingerprint.children) {
      if (child.name != "param" || child.attribute("name") != "service.cpe23") continue;
      std::string_view cpe = child.attribute("value");
      cpe.remove_prefix(std::min(cpe.size(), std::string_view("cpe:/a:").size()));
      const std::size_t vendor = std::min(cpe.find(':'), cpe.size());
      const std::string_view id = cpe.substr(0, cpe.find(':', vendor + 1));
      const Product* const product = content_.spelled(id, {});
      return product == nullptr ? ProductId() : product->id;
    }
    return {};
  }

  void look(const xml::Node& fingerprint, const std::string& topic) {
    const ProductId wanted = product_of(fingerprint);
    if (wanted.empty()) return;
    for (const xml::Node& child : fingerprint.children) {
      if (child.name != "example" || !child.attribute("_encoding").empty()) continue;
      Host host = saying(topic, topic == "ssh" ? "SSH-2.0-" + child.text : child.text);
      name_banners(content_, host);
      ++examples;
      const auto found = std::ranges::find(host.components, wanted, &Component::product);
      if (found == host.components.end()) continue;
      ++products;
      const std::string_view version = child.attribute("service.version");
      if (version.empty()) continue;
      ++versions;
      right_versions += version.starts_with(found->version) ? 1 : 0;
    }
  }

  content::Content content_;
};

TEST(BannersOfRecog, AreRecognised) {
  if (source_folder().empty()) GTEST_SKIP() << "the sources are not here";
  Recog recog;
  recog.read("ssh_banners.xml", "ssh");
  recog.read("ftp_banners.xml", "ftp");
  recog.read("smtp_banners.xml", "smtp");
  recog.read("http_servers.xml", "http.server");
  recog.read("mysql_banners.xml", "mysql.version");
  recog.read("dns_versionbind.xml", "dns.version");
  if (recog.examples == 0) GTEST_SKIP() << "the shared data are not here";
  RecordProperty("examples", recog.examples);
  RecordProperty("products", recog.products);
  EXPECT_GE(recog.products * 100, recog.examples * 95) << recog.products << " of " << recog.examples;
  EXPECT_GE(recog.right_versions * 100, recog.versions * 98)
      << recog.right_versions << " of " << recog.versions;
}

}  // namespace
}  // namespace bansoko::assess
