// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "assess/content/microsoft_names.h"

namespace {

const std::vector<bansoko::assess::Product>& products() {
  static const std::vector<bansoko::assess::Product> all{
      {.id = "microsoft:windows_server_2003",
       .vendor = "Microsoft",
       .part = 'o',
       .names = {"Windows Server 2003"},
       .unnamed_arch = bansoko::assess::Arch::x86,
       .unnamed_pack = {{bansoko::assess::Arch::x86, 0}}},
      {.id = "microsoft:sql_server", .vendor = "Microsoft", .names = {"SQL Server"}},
      {.id = "microsoft:.net_framework", .vendor = "Microsoft", .names = {".NET Framework"}}};
  return all;
}

}  // namespace

/// What is understood names a product; and the parser ends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bansoko::content::MicrosoftNames names(products());
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  const auto name = names.parse({reinterpret_cast<const char*>(data), size});
  if (name.understood() && name.product.empty()) std::abort();
  return 0;
}
