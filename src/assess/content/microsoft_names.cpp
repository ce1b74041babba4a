// SPDX-License-Identifier: Apache-2.0
#include "assess/content/microsoft_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace bansoko::content {
namespace {

using assess::Arch;

/// What says which processor a row is for. The longer of two that begin alike comes first.
struct ArchWords {
  std::string_view words;
  Arch arch;
};
constexpr std::array<ArchWords, 17> kArchWords{{{"for 32-bit systems", Arch::x86},
                                                {"for x64-based systems", Arch::x64},
                                                {"for itanium-based systems", Arch::ia64},
                                                {"for itanium based systems", Arch::ia64},
                                                {"for arm64-based systems", Arch::arm64},
                                                {"for arm systems", Arch::other},
                                                {"for hololens", Arch::other},
                                                {"itanium edition", Arch::ia64},
                                                {"x64 edition", Arch::x64},
                                                {"(32-bit editions)", Arch::x86},
                                                {"(32-bit edition)", Arch::x86},
                                                {"(32-bit version)", Arch::x86},
                                                {"(64-bit editions)", Arch::x64},
                                                {"(64-bit edition)", Arch::x64},
                                                {"(64-bit version)", Arch::x64},
                                                {"(x64)", Arch::x64},
                                                {"x64", Arch::x64}}};
constexpr std::array<std::string_view, 14> kEditionWords{"express edition with advanced services",
                                                         "express edition",
                                                         "desktop engine (msde 2000)",
                                                         "media center edition 2005",
                                                         "tablet pc edition 2005",
                                                         "subscription edition",
                                                         "standard edition",
                                                         "enterprise edition",
                                                         "datacenter edition",
                                                         "professional",
                                                         "edition",
                                                         "analysis services",
                                                         "reporting services",
                                                         "azure connect feature pack"};
constexpr std::array<std::string_view, 4> kUpdates{"cumulative update", "update rollup",
                                                   "supportability update", "update"};

bool is_numeral(char c) noexcept { return c >= '0' && c <= '9'; }

bool ends_word(std::string_view text, std::size_t at) noexcept {
  constexpr std::string_view kEnds = " ,()-";
  return at >= text.size() || kEnds.find(text[at]) != std::string_view::npos;
}

/// The text without blanks, commas and dashes at its beginning.
std::string_view from_next_word(std::string_view text) noexcept {
  const auto at = text.find_first_not_of(" ,-");
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

bool take(std::string_view& text, std::string_view words) noexcept {
  if (!text.starts_with(words) || !ends_word(text, words.size())) return false;
  text = from_next_word(text.substr(words.size()));
  return true;
}

/// The next word, if it begins with a digit: "2014", "4.6/4.6.1", "20h2".
std::string_view take_number(std::string_view& text) noexcept {
  if (text.empty() || !is_numeral(text.front())) return {};
  const std::string_view word = text.substr(0, text.find_first_of(" ,("));
  text = from_next_word(text.substr(word.size()));
  return word;
}

bool take_service_pack(std::string_view& text, MicrosoftName& made) noexcept {
  std::string_view after = text;
  if (!take(after, "service pack")) {
    if (!text.starts_with("sp") || text.size() < 3 || !is_numeral(text[2])) return false;
    after = text.substr(2);
  }
  const std::string_view digits = take_number(after);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  made.service_pack = number;
  text = after;
  return true;
}

bool take_arch(std::string_view& text, MicrosoftName& made) noexcept {
  for (const ArchWords& each : kArchWords)
    if (take(text, each.words)) {
      made.arch = each.arch;
      return true;
    }
  return false;
}

bool take_edition(std::string_view& text, MicrosoftName& made) {
  for (const std::string_view words : kEditionWords)
    if (take(text, words)) {
      if (words != "edition") made.edition = words;
      return true;
    }
  return false;
}

bool take_update(std::string_view& text, MicrosoftName& made) {
  for (const std::string_view words : kUpdates)
    if (take(text, words)) {
      const std::string_view number = take_number(text);
      made.update = std::string(words) + (number.empty() ? "" : " ") + std::string(number);
      return true;
    }
  return false;
}

/// "(Server Core installation)", "(GDR)", "(CU 14)".
bool take_brackets(std::string_view& text, MicrosoftName& made) {
  if (!text.starts_with('(')) return false;
  const auto end = text.find(')');
  if (end == std::string_view::npos) return false;
  const std::string_view inner = trim(text.substr(1, end - 1));
  if (inner == "server core installation")
    made.server_core = true;
  else if (inner == "gdr" || inner == "qfe" || inner.starts_with("cu"))
    made.branch = inner;
  else
    return false;
  text = from_next_word(text.substr(end + 1));
  return true;
}

bool take_version(std::string_view& text, MicrosoftName& made) {
  std::string_view after = text;
  take(after, "version");
  const std::string_view number = take_number(after);
  if (number.empty() || !made.version.empty()) return false;
  made.version = number;
  text = after;
  // "3.5 AND 4.8": one row for two versions.
  std::string_view second = text;
  if (!take(second, "and")) return true;
  if (const std::string_view next = take_number(second); !next.empty()) {
    made.version += " and " + std::string(next);
    text = second;
  }
  return true;
}

/// R2 of a system is its own flag; that of an application is part of its version.
bool take_r2(std::string_view& text, char part, MicrosoftName& made) {
  if (!take(text, "r2")) return false;
  if (part == 'o')
    made.r2 = true;
  else
    made.version += made.version.empty() ? "r2" : " r2";
  return true;
}

void take_qualifiers(std::string_view text, char part, MicrosoftName& made) {
  while (!text.empty()) {
    const bool took = take_service_pack(text, made) || take_arch(text, made) || take_r2(text, part, made) ||
                      take_version(text, made) || take_edition(text, made) || take_update(text, made) ||
                      take_brackets(text, made) || take(text, "rtm");
    if (took) continue;
    made.rest = text;
    return;
  }
}

void fill_in_unnamed(const assess::Product& product, MicrosoftName& made) {
  if (made.arch == Arch::unknown) made.arch = product.unnamed_arch;
  if (made.service_pack) return;
  if (const auto at = product.unnamed_pack.find(made.arch); at != product.unnamed_pack.end())
    made.service_pack = at->second;
}

/// In lower case, each run of blanks one blank.
std::string normalised(std::string_view row) {
  std::string text;
  for (const char c : trim(row)) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (blank && text.ends_with(' ')) continue;
    text += blank ? ' ' : to_lower(c);
  }
  return text;
}

std::string_view without_vendor(std::string_view text) noexcept {
  take(text, "microsoft");
  return text;
}

/// Where " on " stands that leads to the system, with what stands before it; npos: nowhere.
struct Division {
  std::size_t left_size = std::string_view::npos;
  std::size_t right = 0;
};
Division divide(std::string_view text) noexcept {
  const auto on = text.rfind(" on ");
  if (on == std::string_view::npos) return {};
  Division found{on, on + 4};
  for (const std::string_view before : {" when installed", " installed"})
    if (text.substr(0, on).ends_with(before)) {
      found.left_size = on - before.size();
      break;
    }
  return found;
}

}  // namespace

MicrosoftNames::MicrosoftNames(std::span<const assess::Product> products) {
  for (const assess::Product& product : products) {
    if (product.vendor != "Microsoft") continue;
    for (const std::string& name : product.names) names_.push_back({lowered(name), &product});
  }
  std::stable_sort(names_.begin(), names_.end(),
                   [](const Name& a, const Name& b) { return a.text.size() > b.text.size(); });
}

const MicrosoftNames::Name* MicrosoftNames::longest(std::string_view text) const {
  const auto begins = [text](const Name& name) {
    return text.starts_with(name.text) && ends_word(text, name.text.size());
  };
  const auto found = std::find_if(names_.begin(), names_.end(), begins);
  return found == names_.end() ? nullptr : &*found;
}

bool MicrosoftNames::parse_one(std::string_view text, MicrosoftName& made) const {
  text = without_vendor(text);
  const Name* const name = longest(text);
  if (name == nullptr) {
    made.rest = text;
    return false;
  }
  made.product = name->product->id;
  take_qualifiers(from_next_word(text.substr(name->text.size())), name->product->part, made);
  fill_in_unnamed(*name->product, made);
  return true;
}

MicrosoftName MicrosoftNames::parse(std::string_view row) const {
  const std::string text = normalised(row);
  MicrosoftName made;
  if (const Division at = divide(text); at.left_size != std::string_view::npos) {
    const std::string_view right = without_vendor(std::string_view(text).substr(at.right));
    const Name* const system = longest(right);
    if (system != nullptr && system->product->part == 'o') {
      const std::string_view left = std::string_view(text).substr(0, at.left_size);
      MicrosoftName component;
      parse_one(left, component);
      parse_one(right, made);
      made.component = left;
      made.component_product = component.product;
      made.component_version = component.version;
      return made;
    }
  }
  parse_one(text, made);
  return made;
}

}  // namespace bansoko::content
