// SPDX-License-Identifier: Apache-2.0
// The input is rules, a line of "----", then a payload: the rules are compiled and asked about it.
#include <cassert>

#include "shield/detect/rule_set_state.h"
#include "shield/keyword/rule_harness.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko;
  constexpr std::string_view kDivider = "----\n";
  const std::string_view input = as_text({data, size});
  const auto divider = input.find(kDivider);
  const std::string_view rules = input.substr(0, divider);
  const std::string_view payload =
      divider == std::string_view::npos ? "" : input.substr(divider + kDivider.size());
  keyword::RuleHarness harness(rules);
  if (!harness.set) return 0;
  packet::Packet packet{.payload = as_bytes(payload), .ip_version = 4, .protocol = 17, .has_transport = true};
  flow::Flow flow;
  harness.packet(packet, &flow);
  for (const detect::Match& match : harness.inspector().matches()) {
    assert(match.rule < harness.set->rules().size());
    // What a transform made may be longer than the payload.
    assert(!harness.set->state().chains.empty() || match.offset + match.size <= payload.size());
    assert(match.sample_size <= match.size);
  }
  // The same bytes in two parts of a stream.
  harness.stream(payload.substr(0, payload.size() / 2));
  harness.stream(payload.substr(payload.size() / 2));
  return 0;
}
