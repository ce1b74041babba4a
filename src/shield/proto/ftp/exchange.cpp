// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ftp/exchange.h"

#include <algorithm>

#include "base/text.h"

namespace bansoko::proto::ftp {

void Exchange::reset() noexcept {
  progress = {};
  notes = {};
  mode = DataMode::none;
  port = 0;
  is_bounce = false;
  text_.clear();
  verb_size_ = argument_size_ = line_count_ = 0;
}

bool Exchange::set_command(std::string_view verb, std::string_view argument) {
  std::array<std::uint8_t, 32> upper{};
  const std::size_t size = std::min(verb.size(), upper.size());
  std::transform(verb.begin(), verb.begin() + static_cast<std::ptrdiff_t>(size), upper.begin(), [](char c) {
    return static_cast<std::uint8_t>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
  });
  if (!text_.append(Bytes(upper).first(size), limits_.line)) return false;
  verb_size_ = size;
  if (!text_.append(as_bytes(argument), limits_.line)) return false;
  argument_size_ = argument.size();
  return true;
}

bool Exchange::add_line(std::string_view code, std::string_view text) {
  const std::size_t most = verb_size_ + argument_size_ + limits_.reply;
  if (line_count_ == kMostLines || text_.size() + code.size() + text.size() > most) return false;
  const auto at = static_cast<std::uint32_t>(text_.size());
  if (!text_.append(as_bytes(code), most)) return false;
  if (!text_.append(as_bytes(text), most)) text = {};
  lines_[line_count_++] = {at, static_cast<std::uint16_t>(code.size()),
                           static_cast<std::uint16_t>(text.size())};
  return true;
}

std::optional<Bytes> Exchange::line(unsigned instance) const noexcept {
  if (instance >= line_count_) return {};
  const Place& place = lines_[instance];
  return text_.bytes().subspan(place.at + place.code_size, place.size);
}

/// One for each answer.
std::optional<Bytes> Exchange::code(unsigned instance) const noexcept {
  for (const Place& place : std::span(lines_).first(line_count_))
    if (place.code_size > 0 && instance-- == 0) return text_.bytes().subspan(place.at, place.code_size);
  return {};
}

}  // namespace bansoko::proto::ftp
