// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/ja4.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "shield/proto/tls/record.h"

namespace bansoko::proto::tls {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSigns = "0123456789abcdef";
constexpr std::size_t kShownDigest = 6;  // bytes of it

// Of what is neither, drafts included, "00".
std::string_view version_of(std::uint16_t version) noexcept {
  constexpr std::array kNames{"s3"sv, "10"sv, "11"sv, "12"sv, "13"sv};
  if (version == ssl2) return "s2";
  return version >= ssl3 && version <= tls1_3 ? kNames[version - ssl3] : "00"sv;
}

bool is_letter_or_digit(std::uint8_t byte) noexcept {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

// The first and last sign of the first protocol; of what is no letter or digit, of its hexadecimal form.
std::array<char, 2> protocol_of(Bytes protocols) noexcept {
  ByteReader in(protocols);
  const Bytes first = in.take(in.u8());
  if (!in.ok() || first.empty()) return {'0', '0'};
  const std::uint8_t begin = first.front(), end = first.back();
  if (is_letter_or_digit(begin) && is_letter_or_digit(end))
    return {static_cast<char>(begin), static_cast<char>(end)};
  return {kSigns[begin >> 4U], kSigns[end & 0xfU]};
}

/// Numbers in hexadecimal digits with commas between, into a digest.
class DigestedList {
 public:
  explicit DigestedList(Digest& digest) noexcept : digest_(digest) {}

  void add(std::uint16_t number) noexcept {
    const std::array<char, 5> written{separator_, kSigns[number >> 12U], kSigns[number >> 8U & 0xfU],
                                      kSigns[number >> 4U & 0xfU], kSigns[number & 0xfU]};
    digest_.add(as_bytes(std::string_view(written.data(), written.size()).substr(separator_ == 0 ? 1 : 0)));
    separator_ = ',';
    is_empty_ = false;
  }
  void begin_second() noexcept { separator_ = '_'; }

  void finish(BudgetedBytes& text) {
    const Bytes digest = digest_.finish();
    for (std::size_t i = 0; i < kShownDigest; ++i) {
      const std::array<char, 2> digits{is_empty_ ? '0' : kSigns[digest[i] >> 4U],
                                       is_empty_ ? '0' : kSigns[digest[i] & 0xfU]};
      text.append(as_bytes({digits.data(), digits.size()}), 64);
    }
  }

 private:
  Digest& digest_;
  char separator_ = 0;
  bool is_empty_ = true;
};

bool note(std::uint16_t number, std::vector<std::uint16_t>& numbers) {
  if (is_grease(number)) return true;
  if (numbers.size() == Ja4Scratch::kMostNumbers) return false;
  numbers.push_back(number);
  return true;
}

bool collect_ciphers(const Hello& hello, std::vector<std::uint16_t>& numbers) {
  numbers.clear();
  bool fits = true;
  for_each_number(hello.ciphers, [&](std::uint16_t number) { fits = fits && note(number, numbers); });
  return fits;
}
bool collect_extensions(const Hello& hello, std::vector<std::uint16_t>& numbers) {
  numbers.clear();
  bool fits = true;
  for_each_extension(hello.extensions,
                     [&](std::uint16_t type, Bytes) { fits = fits && note(type, numbers); });
  return fits;
}

void write_head(const Hello& hello, std::size_t ciphers, std::size_t extensions, BudgetedBytes& text) {
  const auto write = [&](std::string_view words) { text.append(as_bytes(words), 64); };
  const auto write_count = [&](std::size_t count) {
    const std::size_t shown = std::min<std::size_t>(count, 99);
    const std::array<char, 2> digits{kSigns[shown / 10], kSigns[shown % 10]};
    write({digits.data(), digits.size()});
  };
  write("t");
  write(version_of(hello.version));
  write(hello.has_names ? "d" : "i");
  write_count(ciphers);
  write_count(extensions);
  const std::array<char, 2> protocol = protocol_of(hello.protocols);
  write({protocol.data(), protocol.size()});
  write("_");
}

}  // namespace

void write_ja4(const Hello& hello, Ja4Scratch& scratch, BudgetedBytes& text) {
  std::vector<std::uint16_t>& numbers = scratch.numbers;
  if (!collect_extensions(hello, numbers)) return;
  const std::size_t extensions = numbers.size();
  if (!collect_ciphers(hello, numbers)) return;
  write_head(hello, numbers.size(), extensions, text);

  std::ranges::sort(numbers);
  DigestedList ciphers(scratch.sha256);
  for (const std::uint16_t number : numbers) ciphers.add(number);
  ciphers.finish(text);
  text.append(as_bytes("_"), 64);

  collect_extensions(hello, numbers);
  std::ranges::sort(numbers);
  DigestedList rest(scratch.sha256);
  for (const std::uint16_t number : numbers)
    if (number != Extension::server_name && number != Extension::alpn) rest.add(number);
  rest.begin_second();
  for_each_number(hello.signatures, [&](std::uint16_t number) {
    if (!is_grease(number)) rest.add(number);
  });
  rest.finish(text);
}

}  // namespace bansoko::proto::tls
