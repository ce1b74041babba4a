// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/code_page.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>

#include <iconv.h>

#include "assess/inventory/text.h"

namespace bansoko::inventory {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// Owns a conversion descriptor.
class Converter {
 public:
  explicit Converter(const char* from) noexcept : handle_(::iconv_open("UTF-8", from)) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (ok()) ::iconv_close(handle_);
  }
  // NOLINTNEXTLINE(performance-no-int-to-ptr): POSIX says so
  bool ok() const noexcept { return handle_ != reinterpret_cast<::iconv_t>(std::intptr_t{-1}); }

  /// Every byte that begins no character becomes U+FFFD.
  std::string convert(std::string_view bytes) {
    std::string made;
    std::string copy(bytes);  // iconv wants what it only reads to be writable
    char* in = copy.data();
    std::size_t left = copy.size();
    std::array<char, 4096> block{};
    while (left > 0) {
      char* out = block.data();
      std::size_t room = block.size();
      const std::size_t done = ::iconv(handle_, &in, &left, &out, &room);
      const int why = errno;
      made.append(block.data(), block.size() - room);
      if (done != std::numeric_limits<std::size_t>::max() || why == E2BIG) continue;
      made += kReplacement;
      if (why == EINVAL) break;  // cut in the middle of a character
      ++in;
      --left;
    }
    return made;
  }

 private:
  ::iconv_t handle_;
};

enum class Kind : std::uint8_t {
  ascii_letter,
  blank,
  digit,
  latin,
  kana,
  half_kana,
  hangul,
  han,
  symbol,
  bad
};

bool is_latin_letter(char32_t c) noexcept { return c >= 0xc0 && c <= 0x17f && c != 0xd7 && c != 0xf7; }

Kind kind_of(char32_t c) noexcept {
  if (c < 0x80) {
    const auto lower = c | 0x20U;
    if (lower >= 'a' && lower <= 'z') return Kind::ascii_letter;
    return c >= '0' && c <= '9' ? Kind::digit : Kind::blank;
  }
  if (c == 0xfffd || (c >= 0x80 && c < 0xa0) || (c >= 0xe000 && c < 0xf900)) return Kind::bad;
  if (is_latin_letter(c)) return Kind::latin;
  if (c >= 0x3040 && c < 0x3100) return Kind::kana;
  if (c >= 0xff61 && c < 0xffa0) return Kind::half_kana;
  if (c >= 0xac00 && c < 0xd7a4) return Kind::hangul;
  return c >= 0x4e00 && c < 0xa000 ? Kind::han : Kind::symbol;
}

bool is_wide(Kind kind) noexcept { return kind == Kind::kana || kind == Kind::hangul || kind == Kind::han; }

struct Neighbour {
  Kind kind = Kind::blank;
  bool lower = false;
};

/// How likely one character is between its neighbours, in people's text.
int likely(Kind kind, bool lower, char32_t code, const Neighbour& before, const Neighbour& after) noexcept {
  const bool in_word = before.kind == Kind::ascii_letter || after.kind == Kind::ascii_letter ||
                       before.kind == Kind::latin || after.kind == Kind::latin;
  if (kind == Kind::bad) return -8;
  if (kind == Kind::latin) {
    if (!in_word) return code == 0xe0 || code == 0xc0 ? 1 : -2;  // "à" stands alone in French
    return !lower && before.lower ? -3 : 3;
  }
  if (is_wide(kind)) {
    // One ideograph in the middle of a Latin word is two bytes of another code page.
    if (before.lower || (after.lower && !is_wide(before.kind))) return -6;
    return kind == Kind::han ? 2 : 4;
  }
  if (kind == Kind::half_kana) return -2;
  if (code >= 0x2500 && code < 0x2600) return -6;  // frames
  if (code == 0xa0) return before.kind == Kind::digit ? 2 : 0;
  if (code == 0xae || code == 0x2122) return 1;
  return in_word ? -3 : 0;
}

int score(std::string_view utf8) {
  std::u32string codes;
  for (std::size_t at = 0; at < utf8.size();) {
    const Character next = next_character(utf8.substr(at));
    codes += next.code;
    at += next.size;
  }
  const auto neighbour = [&](std::size_t at) {
    if (at >= codes.size()) return Neighbour{};
    const char32_t c = codes[at];
    const bool lower = (c >= 'a' && c <= 'z') || (c >= 0xdf && c < 0x180);
    return Neighbour{kind_of(c), lower};
  };
  int total = 0;
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (codes[i] >= 0x80) {
      const Neighbour here = neighbour(i);
      total +=
          likely(here.kind, here.lower, codes[i], i == 0 ? Neighbour{} : neighbour(i - 1), neighbour(i + 1));
    }
  return total;
}

/// Of two-byte pages: how many of the characters are of the rows that hold what is often written.
int often_written(std::string_view bytes, unsigned char first, unsigned char last) noexcept {
  int total = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x81) continue;
    if (lead >= first && lead <= last)
      ++total;
    else if (lead > last)
      total -= 2;
    ++i;
  }
  return total;
}

struct CodePage {
  const char* name;
  unsigned char first, last;  // rows of characters that are often written; 0: of single bytes
};

// Rows: JIS X 0208 level 1 begins at 0x88 and kana are before it; GB 2312 level 1 is 0xb0 to 0xd7; KS X
// 1001's Hangul are 0xb0 to 0xc8; Big5's level 1 is 0xa4 to 0xc6.
constexpr std::array kPages{CodePage{"CP1252", 0, 0},      CodePage{"CP850", 0, 0},
                            CodePage{"CP932", 0x82, 0x97}, CodePage{"CP949", 0xb0, 0xc8},
                            CodePage{"CP936", 0xa1, 0xd7}, CodePage{"CP950", 0xa1, 0xc6}};

}  // namespace

Character next_character(std::string_view utf8) noexcept {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(utf8[at]); };
  if (utf8.empty()) return {0, 1};
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xc2 || lead > 0xf4 || utf8.size() < size) return {0xfffd, 1};
  char32_t code = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {0xfffd, 1};
    code = code << 6U | (byte(i) & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < kLeast[size] || code > 0x10ffff || surrogate) return {0xfffd, 1};
  return {code, size};
}

void append_utf8(std::string& to, char32_t code) {
  const auto put = [&](char32_t value) { to += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0U | code >> 6U);
  } else {
    if (code < 0x10000) {
      put(0xe0U | code >> 12U);
    } else {
      put(0xf0U | code >> 18U);
      put(0x80U | (code >> 12U & 0x3fU));
    }
    put(0x80U | (code >> 6U & 0x3fU));
  }
  put(0x80U | (code & 0x3fU));
}

std::string from_utf16(std::string_view bytes, bool little_endian) {
  const auto unit = [&](std::size_t at) -> char32_t {
    const auto first = static_cast<unsigned char>(bytes[at]),
               second = static_cast<unsigned char>(bytes[at + 1]);
    return little_endian ? char32_t{first} | char32_t{second} << 8U
                         : char32_t{second} | char32_t{first} << 8U;
  };
  std::string made;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t code = unit(at);
    if (code == 0xfeff) continue;
    if (code >= 0xd800 && code < 0xdc00 && at + 3 < bytes.size() && (unit(at + 2) & 0xfc00U) == 0xdc00) {
      code = 0x10000 + ((code & 0x3ffU) << 10U) + (unit(at + 2) & 0x3ffU);
      at += 2;
    } else if (code >= 0xd800 && code < 0xe000) {
      code = 0xfffd;
    }
    append_utf8(made, code);
  }
  return made;
}

std::string from_code_page(std::string_view bytes) {
  constexpr std::size_t kSample = 32768;
  const std::string_view sample = bytes.substr(0, bytes.size() > kSample ? kSample : bytes.size());
  const char* best = kPages.front().name;
  int best_score = std::numeric_limits<int>::min();
  for (const CodePage& page : kPages) {
    Converter converter(page.name);
    if (!converter.ok()) continue;
    int points = score(converter.convert(sample));
    if (page.first != 0) points += 2 * often_written(sample, page.first, page.last);
    if (points > best_score) {
      best_score = points;
      best = page.name;
    }
  }
  Converter converter(best);
  return converter.ok() ? converter.convert(bytes) : shown(bytes, bytes.size() * 4);
}

}  // namespace bansoko::inventory
