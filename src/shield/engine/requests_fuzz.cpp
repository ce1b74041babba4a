// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/bytes.h"
#include "shield/engine/requests.h"

// Whatever is asked, the answer is one line of JSON that says "ok", and no more than one command is carried
// out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  int commands = 0;
  engine::Quarantine quarantine(engine::ShieldSettings{}, {});
  const engine::Commands known{.status =
                                   [&commands] {
                                     ++commands;
                                     return engine::Status{};
                                   },
                               .reload = [&commands]() -> Result<engine::RulesStatus> {
                                 ++commands;
                                 return engine::RulesStatus{.generation = 1};
                               },
                               .quarantine = [&]() -> engine::Quarantine& {
                                 ++commands;
                                 return quarantine;
                               }};
  const std::string answer = engine::answer_request(as_text({data, size}), known);
  if (commands > 1) std::abort();
  if (answer.find('\n') != std::string::npos) std::abort();
  if (answer.empty() || answer.front() != '{' || answer.back() != '}') std::abort();
  const bool ok = answer.find("\"ok\":true") != std::string::npos;
  if (ok != (commands == 1)) std::abort();
  // Clients take the answer apart.
  static_cast<void>(engine::check_answer(answer));
  static_cast<void>(engine::status_table(answer));
  return 0;
}
