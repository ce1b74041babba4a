// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/data_set.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/base64.h"
#include "base/range.h"
#include "base/text.h"
#include "shield/packet/address.h"

namespace bansoko::detect {
namespace {

constexpr std::array kTypes{std::pair{std::string_view("string"), DataType::string},
                            std::pair{std::string_view("md5"), DataType::md5},
                            std::pair{std::string_view("sha1"), DataType::sha1},
                            std::pair{std::string_view("sha256"), DataType::sha256},
                            std::pair{std::string_view("ipv4"), DataType::ipv4},
                            std::pair{std::string_view("ip"), DataType::ip}};

Result<std::string> decode_base64_value(std::string_view text) {
  std::string_view digits = text;
  for (int padding = 0; padding < 2 && digits.ends_with('='); ++padding) digits.remove_suffix(1);
  std::vector<std::uint8_t> bytes(digits.size() * 3 / 4);
  const auto is_digit = [](char c) { return base64_value(static_cast<std::uint8_t>(c)) != kNotBase64; };
  if (text.size() % 4 != 0 || bytes.empty() || !std::ranges::all_of(digits, is_digit))
    return fail(Errc::invalid, "'{}' is not base64", text);
  decode_base64(as_bytes(digits), bytes);
  return std::string(as_text(bytes));
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

Result<std::string> decode_hex(std::string_view text, std::size_t size) {
  std::string bytes;
  if (text.size() != 2 * size) return fail(Errc::invalid, "'{}' has not {} digits", text, 2 * size);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return fail(Errc::invalid, "'{}' is not hexadecimal", text);
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

Result<std::string> decode_address(std::string_view text, bool four_only) {
  BANSOKO_TRY(const packet::Address address, packet::parse_address(text));
  if (four_only && !address.is_v4()) return fail(Errc::invalid, "'{}' is not an IPv4 address", text);
  return std::string(as_text(address.bytes));
}

Result<std::string> decode(std::string_view text, DataType type) {
  constexpr std::size_t kMd5 = 16, kSha1 = 20, kSha256 = 32;
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  switch (type) {
    case DataType::md5:
      return decode_hex(word, kMd5);
    case DataType::sha1:
      return decode_hex(word, kSha1);
    case DataType::sha256:
      return decode_hex(word, kSha256);
    case DataType::ipv4:
    case DataType::ip:
      return decode_address(text, type == DataType::ipv4);
    case DataType::string:
      break;
  }
  return decode_base64_value(text);
}

}  // namespace

std::optional<DataType> data_type_of(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kTypes, name, &decltype(kTypes)::value_type::first);
  return found == kTypes.end() ? std::nullopt : std::optional(found->second);
}

Bytes DataSet::bytes_of(const Value& value) const noexcept {
  return as_bytes(std::string_view(bytes_).substr(value.at, value.size));
}

Result<> DataSet::add(std::string_view line, bool numbered) {
  const auto comma = line.find(',');
  Value value{.at = static_cast<std::uint32_t>(bytes_.size())};
  if (numbered) {
    if (comma == std::string_view::npos) return fail(Errc::invalid, "there is no number behind a comma");
    BANSOKO_TRY(const auto number, parse_number(line.substr(comma + 1)));
    if (number > std::numeric_limits<std::uint16_t>::max())
      return fail(Errc::invalid, "{} is more than 65535", number);
    value.number = static_cast<std::uint16_t>(number);
  }
  BANSOKO_TRY(const std::string bytes, decode(trim(numbered ? line.substr(0, comma) : line), type_));
  if (values_.size() == kMaxValues) return fail(Errc::limit, "there are more than {} values", kMaxValues);
  if (bytes.size() > std::numeric_limits<std::uint32_t>::max() - bytes_.size())
    return fail(Errc::limit, "the values are more than 4 GiB");
  value.size = static_cast<std::uint32_t>(bytes.size());
  bytes_ += bytes;
  values_.push_back(value);
  return {};
}

void DataSet::settle() {
  const auto text = [this](const Value& value) { return as_text(bytes_of(value)); };
  std::ranges::stable_sort(values_, {}, text);
  // Of equals the last stays.
  const auto same = [&text](const Value& a, const Value& b) { return text(a) == text(b); };
  const auto kept = std::unique(values_.rbegin(), values_.rend(), same);
  values_.erase(values_.begin(), kept.base());
  values_.shrink_to_fit();
}

Result<DataSet> DataSet::parse(std::string_view text, DataType type, bool numbered) {
  DataSet set;
  set.type_ = type;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (const auto added = set.add(line, numbered); !added)
      return fail(added.error().code, "line {}: {}", number, added.error().message);
  }
  set.settle();
  return set;
}

std::optional<std::uint16_t> DataSet::find(Bytes value) const noexcept {
  packet::Address address;
  if (type_ == DataType::ip || type_ == DataType::ipv4) {
    if (value.size() == 4)
      address = packet::Address::from_v4(value);
    else if (value.size() == 16 && type_ == DataType::ip)
      address = packet::Address::from_v6(value);
    else
      return std::nullopt;
    value = address.bytes;
  }
  const std::string_view wanted = as_text(value);
  const auto found = std::ranges::lower_bound(
      values_, wanted, {}, [this](const Value& known) { return as_text(bytes_of(known)); });
  if (found == values_.end() || as_text(bytes_of(*found)) != wanted) return std::nullopt;
  return found->number;
}

}  // namespace bansoko::detect
