// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "assess/xml/records.h"

/// The first byte says in which pieces the rest comes; whole and in pieces must give the same.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const xml::Limits limits{.max_bytes = 100'000, .max_depth = 8, .max_attributes = 8, .max_text = 1000};
  const auto nodes = [&](const xml::Read* read) {
    std::size_t count = 0;
    xml::Records records([](const xml::Element& element) { return element.path.size() > 2; },
                         [&count](std::string_view, xml::Node& node) -> Result<> {
                           count += 1 + node.children.size() + node.text.size();
                           return {};
                         },
                         {.max_nodes = 100, .max_bytes = 2000});
    const auto done =
        read == nullptr ? xml::parse(bytes, records, limits) : xml::parse(*read, records, limits);
    return done ? count : std::size_t{0};
  };
  std::string_view rest = bytes;
  const std::size_t piece = std::size_t{data[0]} + 1;
  const xml::Read read = [&](std::span<char> out) -> Result<std::size_t> {
    const std::size_t count = std::min({piece, out.size(), rest.size()});
    rest.copy(out.data(), count);
    rest.remove_prefix(count);
    return count;
  };
  if (nodes(nullptr) != nodes(&read)) std::abort();
  return 0;
}
