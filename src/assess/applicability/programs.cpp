// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/programs.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace bansoko::assess {
namespace {

/// What may follow a product's name without making it another program; none of it says a version.
constexpr std::array<std::string_view, 27> kFillers{
    "service", "pack",    "sp1",        "sp2",    "sp3",    "sp4",    "update",     "edition",   "standard",
    "web",     "express", "enterprise", "x64",    "x86",    "64-bit", "32-bit",     "extended",  "client",
    "profile", "version", "workgroup",  "engine", "server", "light",  "datacenter", "developer", "r2"};

/// What is called by a year, and counted by versions.
struct Year {
  std::string_view product, name, version;
};
constexpr std::string_view kSqlServer = "microsoft:sql_server", kExchange = "microsoft:exchange_server";
constexpr std::array kYears{
    Year{kSqlServer, "7.0", "7.00"},   Year{kSqlServer, "2000", "8.00"},     Year{kSqlServer, "2005", "9.00"},
    Year{kSqlServer, "2008", "10.00"}, Year{kSqlServer, "2008 r2", "10.50"}, Year{kSqlServer, "2012", "11.0"},
    Year{kSqlServer, "2014", "12.0"},  Year{kSqlServer, "2016", "13.0"},     Year{kSqlServer, "2017", "14.0"},
    Year{kSqlServer, "2019", "15.0"},  Year{kSqlServer, "2022", "16.0"},     Year{kExchange, "2000", "6.0"},
    Year{kExchange, "2003", "6.5"},    Year{kExchange, "2007", "8"},         Year{kExchange, "2010", "14"},
    Year{kExchange, "2013", "15.0"},   Year{kExchange, "2016", "15.1"},      Year{kExchange, "2019", "15.2"}};

std::string_view next_word(std::string_view& text) noexcept {
  constexpr std::string_view kBetween = " ,()";
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(kBetween)));
  const std::string_view word = text.substr(0, text.find_first_of(" ,()"));
  text.remove_prefix(word.size());
  return word;
}

/// "2008", "5.3.29", "1.0.1e", but not "64-bit".
bool is_number(std::string_view word) noexcept {
  const bool begins = word.front() >= '0' && word.front() <= '9';
  return begins && (word.find('.') != std::string_view::npos ||
                    word.find_first_not_of("0123456789") == std::string_view::npos);
}

/// "2008 r2" of " 2008 R2 (64-bit)", in lower case; nothing where another program's name goes on.
std::optional<std::string> version_in(std::string_view rest) {
  std::string version;
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
    const bool is_filler = std::ranges::find(kFillers, word) != kFillers.end();
    if (!is_number(word) && !is_filler) return {};
    if (is_number(word) && version.empty())
      version = word;
    else if (word == "r2")
      version += " r2";
  }
  return version;
}

std::string_view without(std::string_view text, std::string_view beginning) noexcept {
  return text.starts_with(beginning) ? text.substr(beginning.size()) : text;
}

/// What stands behind a product's name, if a program's name begins with it.
std::optional<std::string> version_behind(std::string_view program, std::string_view name) {
  if (!program.starts_with(name)) return {};
  const std::string_view rest = program.substr(name.size());
  constexpr std::string_view kEnds = " ,(";
  if (!rest.empty() && kEnds.find(rest.front()) == std::string_view::npos) return {};
  return version_in(rest);
}

/// Whether an id is "gnu:bash", of a name that is "bash".
bool has_leaf(std::string_view id, std::string_view name) noexcept {
  return id.size() > name.size() && id.ends_with(name) && id[id.size() - name.size() - 1] == ':';
}

}  // namespace

std::string version_named(const ProductId& product, std::string_view name) {
  const auto is_product = [&product](const Year& year) { return year.product == product; };
  if (std::ranges::none_of(kYears, is_product)) return std::string(name);
  for (const Year& year : kYears)
    if (is_product(year) && year.name == name) return std::string(year.version);
  return {};
}

ProgramNames::ProgramNames(std::span<const Product> products) {
  for (const Product& product : products) {
    if (product.part != 'a') continue;
    const std::string vendor = lowered(product.vendor) + " ";
    const auto add = [&](const std::string& name) { names_.push_back({lowered(name), vendor, &product}); };
    std::ranges::for_each(product.programs, add);
    std::ranges::for_each(product.names, add);
    add(product.name.en);
  }
}

void ProgramNames::name_programs(Host& host) const {
  for (Component& component : host.components)
    if (component.kind == ComponentKind::application && component.ecosystem == Ecosystem::windows &&
        component.product.empty() && !component.name.empty())
      name_program(component);
}

void ProgramNames::name_program(Component& component) const {
  const std::string whole = lowered(component.name);
  for (const Name& name : names_) {
    auto version = version_behind(whole, name.text);
    if (!version) version = version_behind(without(whole, name.vendor), name.text);
    if (!version) continue;
    component.product = name.product->id;
    if (component.version.empty()) component.version = version_named(component.product, *version);
    return;
  }
}

bool is_product(const Component& component, const Product& product) noexcept {
  if (component.kind != ComponentKind::package)
    return !component.product.empty() &&
           (component.product == product.id ||
            std::ranges::find(product.also, component.product) != product.also.end());
  return has_leaf(product.id, component.name) ||
         std::ranges::find(product.packages, component.name) != product.packages.end();
}

}  // namespace bansoko::assess
