// SPDX-License-Identifier: Apache-2.0
#include "patches/literals.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "shield/keyword/arguments.h"
#include "shield/selection/source_rule.h"

namespace bansoko::patches {
namespace {

constexpr std::size_t kLargestRuleFile = std::size_t{256} << 20U;

/// One content of a rule, its case gone.
struct Literal {
  const LibraryPatch* patch = nullptr;
  const PatchRule* rule = nullptr;
  const rule::Option* option = nullptr;
  std::string bytes;
};

std::string content_of(const rule::Option& option) {
  if (option.name != "content" && option.name != "uricontent") return {};
  const auto quoted = rule::unquote(option.value);
  if (!quoted) return {};
  const auto bytes = keyword::content_bytes(quoted->text);
  return bytes ? lowered(*bytes) : std::string();
}

bool is_excused(const Patch& patch, const std::string& bytes) {
  return std::ranges::any_of(patch.protocol_literals, [&bytes](const ProtocolLiteral& literal) {
    return lowered(literal.bytes).find(bytes) != std::string::npos;
  });
}

std::vector<Literal> ours(const Library& library) {
  std::vector<Literal> literals;
  for (const LibraryPatch& patch : library.patches)
    for (const PatchRule& rule : patch.rules)
      for (const rule::Option& option : rule.text.options)
        if (std::string bytes = content_of(option);
            bytes.size() > kLongestShared && !is_excused(patch.patch, bytes))
          literals.push_back({&patch, &rule, &option, std::move(bytes)});
  return literals;
}

/// Any kLongestShared + 1 bytes in a row that both hold; empty: none.
std::string shared_run(const std::string& mine, const std::set<std::string, std::less<>>& theirs) {
  for (std::size_t at = 0; at + kLongestShared < mine.size(); ++at)
    if (std::string run = mine.substr(at, kLongestShared + 1); theirs.contains(run)) return run;
  return {};
}

/// Of all runs in contents of a file, those that we have too.
Result<> keep_runs(const std::string& file, const std::set<std::string, std::less<>>& wanted,
                   std::set<std::string, std::less<>>& found) {
  BANSOKO_TRY(const std::string text, read_file(file, kLargestRuleFile));
  for (const selection::SourceRule& rule : selection::parse_source_rules(text, file))
    for (const rule::Option& option : selection::options_of(rule)) {
      const std::string bytes = content_of(option);
      for (std::size_t at = 0; at + kLongestShared < bytes.size(); ++at) {
        std::string run = bytes.substr(at, kLongestShared + 1);
        if (wanted.contains(run)) found.insert(std::move(run));
      }
    }
  return {};
}

}  // namespace

Result<> check_literals(const Library& library, const std::vector<std::string>& files, Faults& faults) {
  const std::vector<Literal> literals = ours(library);
  std::set<std::string, std::less<>> wanted;
  for (const Literal& literal : literals)
    for (std::size_t at = 0; at + kLongestShared < literal.bytes.size(); ++at)
      wanted.insert(literal.bytes.substr(at, kLongestShared + 1));
  for (const std::string& file : files) {
    std::set<std::string, std::less<>> found;
    BANSOKO_CHECK(keep_runs(file, wanted, found));
    for (const Literal& literal : literals)
      if (!shared_run(literal.bytes, found).empty())
        faults.push_back(
            {literal.rule->text.file,
             literal.option->value_line,
             literal.option->value_column,
             {},
             fmt::format("more than {} bytes of this content also stand in {}", kLongestShared, file),
             "what the hole itself shows, or protocol_literals in patch.yaml, with the reason"});
  }
  return {};
}

}  // namespace bansoko::patches
