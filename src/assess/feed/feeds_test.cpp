// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed {
namespace {

TEST(Debug, All) {
  for (const std::string name : {"BulletinSearch.xlsx", "BulletinSearch2001-2008.xlsx"}) {
    std::ifstream in(sample("bulletinsearch/"+name));
    std::string text((std::istreambuf_iterator<char>(in)), {});
      for (const FeedFormat* format : all_formats())
        if (format->recognises(name, std::string_view(text).substr(0, 4096)))
          printf("== %s %s\n%s\n", format->name.data(), name.c_str(), told(*format, name, text).substr(0,3000).c_str());
  }
}

}  // namespace
}  // namespace bansoko::feed
