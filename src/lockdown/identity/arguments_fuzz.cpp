// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "lockdown/identity/arguments.h"
#include "lockdown/identity/environment.h"
#include "lockdown/identity/language.h"

namespace {

constexpr std::size_t kLongestName = 4095;

void check(const bansoko::identity::CodeArguments& found) {
  if (found.files.size() > bansoko::identity::kMostCodeFiles) std::abort();
  for (const std::string& file : found.files)
    if (file.empty() || file.size() > kLongestName) std::abort();
}

}  // namespace

/// The first byte chooses the language; the rest are words, separated by NUL, once as arguments and once as
/// environment. What is named has a bound.
// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto language = static_cast<bansoko::identity::Language>(data[0] % bansoko::identity::kLanguages);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::vector<std::string_view> words;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\0');
    words.push_back(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  check(bansoko::identity::code_arguments(language, words));
  check(bansoko::identity::code_environment(language, words));
  return 0;
}
