// SPDX-License-Identifier: Apache-2.0
#include "archive/archive.h"

#include <cstdlib>

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const archive::Limits limits{.max_bytes = 1U << 20U, .max_member_bytes = 1U << 18U, .max_members = 100};
  const auto read = archive::read_archive(Bytes(data, size), limits,
                                          [](std::string_view path) { return path.ends_with(".rules"); });
  if (!read) {
    require(!read.error().message.empty());
    return 0;
  }
  std::size_t bytes = 0;
  for (const archive::Member& member : read->members) {
    const auto again = archive::safe_path(member.path);
    require(again.has_value() && *again == member.path && member.path.ends_with(".rules"));
    require(member.bytes.size() <= limits.max_member_bytes);
    bytes += member.bytes.size();
  }
  require(bytes <= limits.max_bytes && read->members.size() + read->ignored.size() <= limits.max_members);
  return 0;
}
