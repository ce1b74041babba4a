// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ftp/data_port.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace bansoko::proto::ftp {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Reads a number off the front; nothing: there is none, or it is larger than `most`.
std::optional<unsigned> take_number(std::string_view& text, unsigned most) noexcept {
  unsigned number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || number > most) return {};
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return number;
}

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<packet::Address> read_host(std::string_view text, bool is_v6) noexcept {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  std::array<std::uint8_t, 16> bytes{};
  if (text.size() >= copy.size()) return {};
  std::ranges::copy(text, copy.begin());
  if (inet_pton(is_v6 ? AF_INET6 : AF_INET, copy.data(), bytes.data()) != 1) return {};
  return is_v6 ? packet::Address::from_v6(bytes) : packet::Address::from_v4(Bytes(bytes).first(4));
}

}  // namespace

std::optional<DataPort> read_port(std::string_view text) noexcept {
  const auto first = std::find_if(text.begin(), text.end(), is_digit);
  text.remove_prefix(static_cast<std::size_t>(first - text.begin()));
  std::array<std::uint8_t, 6> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && !take(text, ',')) return {};
    const auto number = take_number(text, 255);
    if (!number) return {};
    numbers[i] = static_cast<std::uint8_t>(*number);
  }
  return DataPort{packet::Address::from_v4(Bytes(numbers).first(4)),
                  static_cast<std::uint16_t>(numbers[4] << 8 | numbers[5])};
}

std::optional<DataPort> read_extended_port(std::string_view text) noexcept {
  if (text.empty()) return {};
  const char mark = text.front();  // whatever it is (RFC 2428 section 2)
  text.remove_prefix(1);
  const auto family = take_number(text, 2);
  if (!family || *family == 0 || !take(text, mark)) return {};
  const auto end = text.find(mark);
  if (end == std::string_view::npos) return {};
  const auto host = read_host(text.substr(0, end), *family == 2);
  text.remove_prefix(end + 1);
  const auto port = take_number(text, 65535);
  if (!host || !port || !take(text, mark)) return {};
  return DataPort{host, static_cast<std::uint16_t>(*port)};
}

std::optional<DataPort> read_extended_passive(std::string_view text) noexcept {
  const auto open = text.rfind('(');
  if (open == std::string_view::npos) return {};
  text.remove_prefix(open + 1);
  if (text.empty()) return {};
  const char mark = text.front();
  for (int i = 0; i < 3; ++i)
    if (!take(text, mark)) return {};
  const auto port = take_number(text, 65535);
  if (!port || !take(text, mark)) return {};
  return DataPort{{}, static_cast<std::uint16_t>(*port)};
}

}  // namespace bansoko::proto::ftp
