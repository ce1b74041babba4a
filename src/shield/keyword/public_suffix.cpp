// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/public_suffix.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bansoko::keyword {
namespace {

struct Country {
  std::string_view code;
  std::string_view second_level;  // words between blanks
};

// Country codes below which names are registered at the third level, with the second levels for that.
constexpr std::array kCountries{
    Country{"ar", "com edu gob gov int mil net org tur"},
    Country{"at", "ac co gv or"},
    Country{"au", "asn com edu gov id net org"},
    Country{"bd", "ac com edu gov info mil net org"},
    Country{"br", "adm adv app art blog com eco edu eng gov ind inf jus leg mil net org tv"},
    Country{"cn", "ac com edu gov mil net org"},
    Country{"co", "com edu gov mil net nom org"},
    Country{"cy", "ac com gov net org"},
    Country{"eg", "com edu eun gov mil name net org sci"},
    Country{"es", "com edu gob nom org"},
    Country{"fr", "asso com gouv nom prd tm"},
    Country{"gr", "com edu gov net org"},
    Country{"hk", "com edu gov idv net org"},
    Country{"hu", "co info org sport"},
    Country{"id", "ac biz co desa go mil my net or sch web"},
    Country{"il", "ac co gov idf k12 muni net org"},
    Country{"in", "ac co edu firm gen gov ind mil net nic org res"},
    Country{"jp", "ac ad co ed go gr lg ne or"},
    Country{"ke", "ac co go info me mobi ne or sc"},
    Country{"kr", "ac co es go hs kg mil ms ne or pe re sc"},
    Country{"mx", "com edu gob net org"},
    Country{"my", "com edu gov mil name net org"},
    Country{"ng", "com edu gov i mil mobi name net org sch"},
    Country{"nz", "ac co cri geek gen govt health iwi kiwi maori mil net org parliament school"},
    Country{"pe", "com edu gob mil net nom org"},
    Country{"ph", "com edu gov i mil net ngo org"},
    Country{"pk", "biz com edu gob gok gop gos gov info net org web"},
    Country{"pl", "aid biz com edu gov info mil net org pc waw"},
    Country{"pt", "com edu gov int net nome org publ"},
    Country{"ro", "arts com firm info nom nt org rec store tm www"},
    Country{"rs", "ac co edu gov in org"},
    Country{"sa", "com edu gov med net org pub sch"},
    Country{"sg", "com edu gov net org"},
    Country{"th", "ac co go in mi net or"},
    Country{"tr", "av bbs bel biz com dr edu gen gov info k12 kep mil name net org pol tel tsk tv web"},
    Country{"tw", "club com ebiz edu game gov idv mil net org"},
    Country{"ua", "com edu gov in kiev kyiv lviv net odessa org"},
    Country{"uk", "ac co gov ltd me net nhs org plc police sch"},
    Country{"uy", "com edu gub mil net org"},
    Country{"ve", "co com edu gob info mil net org web"},
    Country{"vn", "ac biz com edu gov health info int name net org pro"},
    Country{"za", "ac agric alt co edu gov law mil net ngo nom org school web"}};

bool has_word(std::string_view words, std::string_view word) noexcept {
  while (!words.empty()) {
    const auto blank = words.find(' ');
    if (same_text(words.substr(0, blank), word)) return true;
    words = blank == std::string_view::npos ? std::string_view{} : words.substr(blank + 1);
  }
  return false;
}

std::string_view without_last_dot(std::string_view name) noexcept {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

/// Where the label that ends at `end` begins.
std::size_t label_before(std::string_view name, std::size_t end) noexcept {
  if (end == 0) return 0;
  const auto dot = name.rfind('.', end - 1);
  return dot == std::string_view::npos ? 0 : dot + 1;
}

}  // namespace

std::string_view public_suffix(std::string_view name) noexcept {
  name = without_last_dot(name);
  const std::size_t last = label_before(name, name.size());
  const std::string_view top = name.substr(last);
  const auto country =
      std::ranges::find_if(kCountries, [top](const Country& known) { return same_text(known.code, top); });
  if (country == kCountries.end() || last == 0) return top;
  const std::size_t second = label_before(name, last - 1);
  const std::string_view word = name.substr(second, last - 1 - second);
  return has_word(country->second_level, word) ? name.substr(second) : top;
}

std::string_view registered_domain(std::string_view name) noexcept {
  name = without_last_dot(name);
  const std::size_t suffix = public_suffix(name).size();
  if (suffix >= name.size()) return {};
  return name.substr(label_before(name, name.size() - suffix - 1));
}

}  // namespace bansoko::keyword
