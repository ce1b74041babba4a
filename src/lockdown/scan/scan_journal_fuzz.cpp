// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "lockdown/scan/journal.h"
#include "lockdown/scan/malware.h"
#include "lockdown/scan/report.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  Bytes rest(data, size);
  while (!rest.empty()) {
    const std::size_t before = rest.size();
    const auto reading = scan::take_record(rest);
    if (!reading) break;
    const std::string record = scan::to_record(*reading);
    if (before - rest.size() != record.size()) std::abort();
  }
  const std::string_view text = as_text({data, size});
  const auto hit = scan::hit_in(text);
  if (hit && hit->path.size() + hit->name.size() > size) std::abort();
  if (const auto result = scan::from_json_lines(text))
    static_cast<void>(scan::to_text(*result, scan::Lang::en, true));
  return 0;
}
