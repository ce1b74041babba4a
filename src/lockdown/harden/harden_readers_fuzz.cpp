// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <set>
#include <string>

#include "base/bytes.h"
#include "lockdown/harden/check.h"
#include "lockdown/harden/learn.h"
#include "lockdown/harden/learned_file.h"
#include "lockdown/harden/snapshot.h"
#include "lockdown/harden/sockets.h"
#include "lockdown/harden/systemd.h"
#include "lockdown/harden/trace_record.h"

namespace {

void require(bool claim) {
  if (!claim) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const std::string_view text = as_text(Bytes(data, size));
  if (const auto learned = harden::parse_learned(text, "x"); learned) {
    const std::string written = harden::to_text(*learned);
    const auto again = harden::parse_learned(written, "x");
    require(again.has_value() && harden::to_text(*again) == written);
  }
  static_cast<void>(harden::habits_of_maps(text));
  static_cast<void>(harden::has_inode(text, 9, {"1"}));
  static_cast<void>(harden::is_in_group(std::string(text), "/a"));
  static_cast<void>(harden::parse_check(text));
  static_cast<void>(harden::http_status(text));
  static_cast<void>(harden::parse_manager(text));
  require(harden::parse_properties(text).size() <= size);
  std::size_t records = 0;
  harden::read_records(Bytes(data, size), [&records](const harden::TraceRecord&) { ++records; });
  require(records <= size / 8);
  return 0;
}
