// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "assess/feed/test_feed.h"
#include "base/bytes.h"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

}  // namespace

// Each format that takes the text reads it, whole and byte by byte.
// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const std::string_view text = as_text({data, size});
  const feed::Limits limits{.max_bytes = 1U << 20U, .max_records = 1000, .max_text = 1000, .max_depth = 20};
  for (const feed::FeedFormat* const format : feed::all_formats()) {
    if (!format->recognises("a.json", text.substr(0, 4096))) continue;
    feed::KeptRecords whole, split;
    const auto at_once = feed::read_text(*format, "a.json", text, whole, limits);
    const auto in_bytes = feed::read_text(*format, "a.json", text, split, limits, 1);
    require(at_once.has_value() == in_bytes.has_value() && whole.count() == split.count());
    if (at_once) require(at_once->records == whole.count() && at_once->records <= limits.max_records);
    if (!at_once)
      require(!at_once.error().message.empty() && at_once.error().message == in_bytes.error().message);
  }
  return 0;
}
