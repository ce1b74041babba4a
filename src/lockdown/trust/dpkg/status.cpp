// SPDX-License-Identifier: Apache-2.0
#include "lockdown/trust/dpkg/status.h"

#include "base/text.h"

namespace bansoko::trust::dpkg {
namespace {

bool has_files(std::string_view status) noexcept {
  const std::string_view state = status.substr(status.rfind(' ') + 1);
  return state != "not-installed" && state != "config-files";
}

/// " /etc/x 0123…" or " /etc/x 0123… obsolete".
void add_conffile(std::string_view line, Package& package) {
  line = trim(line);
  // Names may hold blanks; the sum is the last word that has 32 digits.
  constexpr std::size_t kDigits = 32;
  for (auto blank = line.rfind(' '); blank != std::string_view::npos && blank != 0;
       blank = line.rfind(' ', blank - 1)) {
    const std::string_view word = line.substr(blank + 1, line.find(' ', blank + 1) - blank - 1);
    if (word.size() != kDigits) continue;
    package.conffiles.emplace_back(line.substr(0, blank), word);
    return;
  }
}

}  // namespace

std::string_view next_line(std::string_view& text) noexcept {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::vector<Package> read_status(std::string_view text) {
  std::vector<Package> packages;
  Package package;
  bool installed = false, in_conffiles = false;
  const auto end_stanza = [&] {
    if (installed && !package.name.empty()) packages.push_back(std::move(package));
    package = {};
    installed = in_conffiles = false;
  };
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (line.empty()) {
      end_stanza();
      continue;
    }
    if (line.front() == ' ' || line.front() == '\t') {
      if (in_conffiles) add_conffile(line, package);
      continue;
    }
    const auto colon = line.find(':');
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = colon == std::string_view::npos ? "" : trim(line.substr(colon + 1));
    in_conffiles = key == "Conffiles";
    if (key == "Package") package.name = value;
    if (key == "Version") package.version = value;
    if (key == "Architecture") package.architecture = value;
    if (key == "Multi-Arch") package.multi_arch_same = value == "same";
    if (key == "Status") installed = has_files(value);
  }
  end_stanza();
  return packages;
}

Diversions::Diversions(std::string_view text) {
  while (!text.empty()) {
    const std::string_view from = next_line(text), to = next_line(text), by = next_line(text);
    if (!by.empty()) diversions_.insert_or_assign(from, Diversion{to, by});
  }
}

std::string_view Diversions::place_of(std::string_view path, std::string_view package) const noexcept {
  const auto at = diversions_.find(path);
  return at == diversions_.end() || at->second.by == package ? path : at->second.to;
}

}  // namespace bansoko::trust::dpkg
