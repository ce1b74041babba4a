// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <utility>

#include "lockdown/approved/list_file.h"

// What is accepted finds all that it holds, and reads the same from what it writes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  const auto list = approved::read_list({data, size});
  if (!list) return 0;
  for (std::size_t i = 0; i < (*list)->size(); ++i) {
    const approved::Entry entry = (*list)->at_by_path(i);
    const std::size_t found = (*list)->find(entry.digest);
    if (found == approved::List::npos || (*list)->at(found).digest != entry.digest) std::abort();
    if ((*list)->find_path(entry.path) == approved::List::npos) std::abort();
  }
  const std::string bytes = approved::list_bytes(**list);
  const auto again = approved::read_list(as_bytes(bytes));
  if (!again || (*again)->size() != (*list)->size()) std::abort();
  return 0;
}
