// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

namespace bansoko::rule {

std::string to_text(const Diagnostic& diagnostic) {
  const auto* const severity = diagnostic.severity == Severity::error ? "error" : "warning";
  auto text = fmt::format("{}:{}:{}: {}: {}", diagnostic.file, diagnostic.line, diagnostic.column, severity,
                          diagnostic.message);
  if (!diagnostic.valid.empty()) text += fmt::format(" (valid: {})", diagnostic.valid);
  return text;
}

std::size_t count_errors(const Diagnostics& diagnostics) noexcept {
  return static_cast<std::size_t>(
      std::count_if(diagnostics.begin(), diagnostics.end(),
                    [](const Diagnostic& each) { return each.severity == Severity::error; }));
}

}  // namespace bansoko::rule
