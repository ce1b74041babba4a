// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "assess/feed/json_reader.h"
#include "assess/feed/test_feed.h"
#include "base/bytes.h"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

/// What is heard, and the error behind it.
std::string heard(std::string_view text, std::size_t piece, std::string_view place) {
  using namespace bansoko;
  feed::TextSource source(text, piece);
  std::string all;
  const std::array<std::string_view, 1> places{place};
  const auto read = feed::read_json(source, {.max_text = 100, .max_depth = 10}, places,
                                    [&all](auto, auto path, const nlohmann::json& record) -> Result<> {
                                      for (const std::string& key : path) all += "/" + key;
                                      all += record.dump() + "\n";
                                      return {};
                                    });
  return read ? all : all + read.error().message;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = bansoko::as_text({data, size});
  for (const std::string_view place : {"", "*/*"})
    require(heard(text, text.size() + 1, place) == heard(text, 1, place));
  return 0;
}
