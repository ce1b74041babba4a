// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/fingerprint.h"

#include <array>
#include <charconv>

namespace bansoko::proto::tls {
namespace {

/// Numbers with dashes between, in a line of lists with commas between.
class Lists {
 public:
  explicit Lists(BudgetedBytes& text) noexcept : text_(text) {}

  void begin() {
    put(',');
    is_first_ = true;
  }
  void add(std::uint16_t number) {
    if (!is_first_) put('-');
    is_first_ = false;
    std::array<char, 5> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    write({digits.data(), end});
  }
  void add_known(std::uint16_t number) {
    if (!is_grease(number)) add(number);
  }

 private:
  void put(char sign) { write({&sign, 1}); }
  void write(std::string_view words) {
    constexpr std::size_t kAmple = 1 << 20;  // it grows by doubling
    text_.append(as_bytes(words), kAmple);
  }

  BudgetedBytes& text_;
  bool is_first_ = true;
};

}  // namespace

void write_ja3(const Hello& hello, BudgetedBytes& text) {
  Lists lists(text);
  const auto add_known = [&lists](std::uint16_t number) { lists.add_known(number); };
  lists.add(hello.stated_version);
  lists.begin();
  for_each_number(hello.ciphers, add_known);
  lists.begin();
  for_each_extension(hello.extensions, [&](std::uint16_t type, Bytes) { lists.add_known(type); });
  lists.begin();
  for_each_number(hello.groups, add_known);
  lists.begin();
  for (const std::uint8_t format : hello.point_formats) lists.add(format);
}

void write_ja3s(const Hello& hello, BudgetedBytes& text) {
  Lists lists(text);
  lists.add(hello.stated_version);
  lists.begin();
  for_each_number(hello.ciphers, [&lists](std::uint16_t number) { lists.add(number); });
  lists.begin();
  for_each_extension(hello.extensions, [&](std::uint16_t type, Bytes) { lists.add_known(type); });
}

}  // namespace bansoko::proto::tls
