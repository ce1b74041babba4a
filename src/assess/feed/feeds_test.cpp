// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed {
namespace {

TEST(Debug, All) {
  for (const std::string name :
       {"debian-oval/oval-definitions-bullseye.xml.bz2",
        "redhat-oval-v2/jboss-ws-5-including-unpatched.oval.xml.bz2",
        "redhat-oval-v2/rhel-9-including-unpatched.oval.xml.bz2",
        "ubuntu-oval/oci.com.ubuntu.jammy.cve.oval.xml.bz2", "jvn-rss/jvndb_2021.rdf",
        "jvn-rss/jvndb_2022.rdf", "jvn-detail/jvndb_detail_2021.rdf", "jvn-detail/jvndb_detail_2022.rdf",
        "msrc-cvrf/2016-Apr", "osv-debian/all.zip", "redhat-csaf/rhsa-2023_7435.json",
        "debian-tracker-json/advisory.json", "debian-tracker-json/invalid.json"})
    for (const auto& [member, text] : unpacked(sample(name)))
      for (const FeedFormat* format : all_formats())
        if (format->recognises(member, std::string_view(text).substr(0, 4096)))
          printf("== %s %s\n%s\n", format->name.data(), member.c_str(),
                 told(*format, member, text).substr(0, 3000).c_str());
}

}  // namespace
}  // namespace bansoko::feed
