// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "shield/rule/rule_text.h"
#include "shield/rule/set_kinds.h"

namespace bansoko::rule {
namespace {

Read<std::uint16_t> read_port(std::string_view text, std::size_t offset) {
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  if (const auto [at, error] = std::from_chars(text.data(), end, port); error == std::errc{} && at == end)
    return port;
  return tl::unexpected(
      TextFault{offset, fmt::format("'{}' is not a port", text), std::string(PortKind::valid)});
}

}  // namespace

Read<PortSet> PortKind::literal(std::string_view text) {
  const auto colon = text.find(':');
  const auto first_text = trim(text.substr(0, colon));
  if (colon == std::string_view::npos) {
    const auto port = read_port(first_text, 0);
    if (!port) return tl::unexpected(port.error());
    return PortSet({{*port, *port}});
  }
  const auto last_text = trim(text.substr(colon + 1));
  if (first_text.empty() && last_text.empty())
    return tl::unexpected(TextFault{0, "a range without a port", std::string(valid)});
  const auto first = first_text.empty() ? Read<std::uint16_t>(std::uint16_t{0}) : read_port(first_text, 0);
  if (!first) return tl::unexpected(first.error());
  const auto last = last_text.empty() ? Read<std::uint16_t>(PortSet::kLast) : read_port(last_text, colon + 1);
  if (!last) return tl::unexpected(last.error());
  if (*last < *first)
    return tl::unexpected(
        TextFault{0, fmt::format("'{}' ends before it begins", text), "the lower port first"});
  return PortSet({{*first, *last}});
}

Result<PortSet> parse_ports(std::string_view text, const Variables& variables, std::size_t& error_offset) {
  auto set = PortReader(variables.ports, variables.addresses).read(text);
  if (set) return std::move(*set);
  error_offset = set.error().offset;
  return fail(Errc::invalid, "{} (valid: {})", set.error().message, set.error().valid);
}

}  // namespace bansoko::rule
