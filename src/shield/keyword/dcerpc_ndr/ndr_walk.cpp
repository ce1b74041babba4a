// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/dcerpc_ndr/ndr_walk.h"

#include <algorithm>
#include <array>
#include <optional>

#include "shield/keyword/dcerpc_ndr/path_climb.h"

namespace bansoko::keyword::dcerpc_ndr {
namespace {

/// More characters than a call can carry.
constexpr std::uint64_t kMostInOtherOrder = 0xFFFFFF;

/// A string up to its zero, as far as it has come.
struct Text {
  Bytes bytes = {};
  std::uint8_t width = 2;
  bool little_endian = true;
  bool is_whole = false;

  std::size_t size() const noexcept { return bytes.size() / width; }
  std::uint16_t at(std::size_t i) const noexcept {
    if (width == 1) return bytes[i];
    const std::uint8_t first = bytes[i * 2], second = bytes[i * 2 + 1];
    return static_cast<std::uint16_t>(little_endian ? second << 8U | first : first << 8U | second);
  }
};

bool compare(Condition::Operator op, std::uint64_t left, std::uint64_t right) noexcept {
  switch (op) {
    case Condition::Operator::equal:
      return left == right;
    case Condition::Operator::unequal:
      return left != right;
    case Condition::Operator::less:
      return left < right;
    case Condition::Operator::less_or_equal:
      return left <= right;
    case Condition::Operator::greater:
      return left > right;
    case Condition::Operator::greater_or_equal:
      return left >= right;
  }
  return false;
}

bool is_about_text(Condition::About about) noexcept {
  return about == Condition::About::size || about == Condition::About::joined ||
         about == Condition::About::climbs;
}

bool grows_true(Condition::Operator op) noexcept {
  return op == Condition::Operator::greater || op == Condition::Operator::greater_or_equal;
}

/// How numbers are read from one place on.
struct Reading {
  bool little_endian = true;
  bool is_guess = false;   // whether an item begins there is not known
  bool is_stated = true;   // the order is that of the call
  std::uint8_t width = 4;  // of pointers and counts
};

/// One walk from one place.
class Walker {
 public:
  Walker(Bytes stub, std::size_t begin, const Reading& reading) noexcept
      : stub_(stub), at_(begin), little_endian_(reading.little_endian), reading_(reading) {}

  bool walk(const std::vector<Item>& items) noexcept {
    for (std::size_t i = 0; i < items.size(); ++i)
      if (!take(items[i], i + 1 == items.size())) return false;
    return true;
  }

 private:
  /// The counts in front of a string or an array ([C706] sections 14.3.3 and 14.3.4).
  struct Counts {
    std::uint64_t most = 0, offset = 0, count = 0;
  };

  bool take(const Item& item, bool is_last) noexcept {
    const std::optional<bool> is_there = find_referent(item);
    if (!is_there) return false;
    if (!*is_there) return item.condition.about == Condition::About::nothing;
    switch (item.type) {
      case Item::Type::number:
        return take_number(item);
      case Item::Type::pointer:
        return take_pointer();
      case Item::Type::text:
        return take_text(item, is_last);
      case Item::Type::array:
      case Item::Type::varying:
        return take_array(item);
      case Item::Type::opaque:
        align(item.width);
        return skip(item.size);
    }
    return false;
  }

  /// Nothing: its pointer is not there.
  std::optional<bool> find_referent(const Item& item) noexcept {
    if (item.is_unique) {
      const auto pointer = read(reading_.width);
      return pointer ? std::optional(*pointer != 0) : std::nullopt;
    }
    if (!item.is_referent) return true;
    if (first_pointer_ == pointers_) return std::nullopt;
    return is_given_[first_pointer_++];
  }

  void align(std::size_t to) noexcept { at_ = (at_ + to - 1) / to * to; }

  bool skip(std::uint64_t size) noexcept {
    if (at_ > stub_.size() || size > stub_.size() - at_) return false;
    at_ += static_cast<std::size_t>(size);
    return true;
  }

  std::optional<std::uint64_t> read(std::uint8_t width) noexcept {
    align(width);
    const std::size_t from = at_;
    if (!skip(width)) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
      value = value << 8U | stub_[from + (little_endian_ ? width - 1 - i : i)];
    return value;
  }

  bool take_number(const Item& item) noexcept {
    const auto value = read(item.width);
    if (!value) return false;
    keep(item, *value);
    return agrees(item.condition, *value);
  }

  bool take_pointer() noexcept {
    const auto value = read(reading_.width);
    if (!value || pointers_ == kMaxPointers) return false;
    is_given_[pointers_++] = *value != 0;
    return true;
  }

  std::optional<Counts> read_counts(bool varying) noexcept {
    Counts counts;
    const auto most = read(reading_.width);
    if (!most) return std::nullopt;
    counts.most = counts.count = *most;
    if (!varying) return counts;
    const auto offset = read(reading_.width);
    const auto count = read(reading_.width);
    if (!count) return std::nullopt;
    counts.offset = *offset;
    counts.count = *count;
    return counts;
  }

  bool take_text(const Item& item, bool is_last) noexcept {
    const auto counts = read_counts(true);
    if (!counts || (reading_.is_guess && !is_plausible(*counts))) return false;
    const std::uint64_t size = bytes_of(counts->count, item.width);
    const Bytes come =
        stub_.subspan(at_).first(static_cast<std::size_t>(std::min<std::uint64_t>(size, stub_.size() - at_)));
    const Text text = text_in(come, item.width, come.size() == size);
    if (item.name != Operand::kNone) texts_[item.name] = text;
    keep(item, text.size());
    const bool holds = is_about_text(item.condition.about) ? agrees_with(item.condition, text)
                                                           : agrees_with(item.condition, *counts);
    return holds && (is_last || skip(size));
  }

  /// A count of 8 bytes may be more than can be reckoned with.
  static std::uint64_t bytes_of(std::uint64_t count, std::uint64_t size) noexcept {
    return size != 0 && count > UINT64_MAX / size ? UINT64_MAX : count * size;
  }

  /// Small numbers are large in the wrong order.
  bool is_plausible(const Counts& counts) const noexcept {
    return counts.offset == 0 && counts.count <= counts.most &&
           (reading_.is_stated || counts.count <= kMostInOtherOrder);
  }

  Text text_in(Bytes bytes, std::uint8_t width, bool has_all) const noexcept {
    Text text{.bytes = bytes, .width = width, .little_endian = little_endian_, .is_whole = has_all};
    const std::size_t most = std::min(text.size(), kMaxText);
    std::size_t size = 0;
    while (size < most && text.at(size) != 0) ++size;
    if (size < text.size()) text.is_whole = true;
    text.bytes = bytes.first(size * width);
    return text;
  }

  bool take_array(const Item& item) noexcept {
    const auto counts = read_counts(item.type == Item::Type::varying);
    if (!counts) return false;
    keep(item, counts->most);
    if (!agrees_with(item.condition, *counts)) return false;
    // What follows an array of which more is to come is not known yet.
    if (!skip(bytes_of(counts->count, item.size))) at_ = stub_.size() + 1;
    return true;
  }

  void keep(const Item& item, std::uint64_t value) noexcept {
    if (item.name != Operand::kNone) numbers_[item.name] = value;
  }
  std::uint64_t value_of(const Operand& operand) const noexcept {
    return operand.name == Operand::kNone ? operand.value : numbers_[operand.name];
  }

  bool agrees(const Condition& condition, std::uint64_t value) const noexcept {
    return condition.about == Condition::About::nothing ||
           compare(condition.op, value, value_of(condition.operand));
  }

  bool agrees_with(const Condition& condition, const Counts& counts) const noexcept {
    switch (condition.about) {
      case Condition::About::offset:
        return agrees(condition, counts.offset);
      case Condition::About::count:
        return agrees(condition, counts.count);
      default:
        return agrees(condition, counts.most);
    }
  }

  bool agrees_with(const Condition& condition, const Text& text) const noexcept {
    const Text behind = condition.joined_with == Operand::kNone ? Text{} : texts_[condition.joined_with];
    if (condition.about == Condition::About::climbs) return climbs(text, behind);
    if (!text.is_whole && !grows_true(condition.op)) return false;
    return agrees(condition, text.size() + behind.size());
  }

  static bool climbs(const Text& prefix, const Text& path) noexcept {
    PathClimb climb;
    for (std::size_t i = 0; i < prefix.size(); ++i) climb.take(prefix.at(i));
    if (prefix.is_whole) climb.end_name();
    for (std::size_t i = 0; prefix.is_whole && i < path.size(); ++i) climb.take(path.at(i));
    if (prefix.is_whole && path.is_whole) climb.end_name();
    return climb.climbs();
  }

  Bytes stub_;
  std::size_t at_;
  bool little_endian_;
  Reading reading_;
  std::array<bool, kMaxPointers> is_given_{};
  std::size_t pointers_ = 0, first_pointer_ = 0;
  std::array<std::uint64_t, kMaxNames> numbers_{};
  std::array<Text, kMaxNames> texts_{};
};

/// There is room in it, and it begins at its beginning: most places fail here.
bool could_be_text(Bytes stub, std::size_t at, std::uint8_t width) noexcept {
  const auto is_zero = [&](std::size_t from) {
    return std::ranges::all_of(stub.subspan(from, width), [](std::uint8_t byte) { return byte == 0; });
  };
  return stub.size() - at >= std::size_t{3} * width && !is_zero(at) && is_zero(at + width);
}

bool holds_somewhere(const Walk& walk, Bytes stub, bool little_endian, std::uint8_t width) noexcept {
  for (std::size_t at = 0; at < stub.size() && at < kMaxBegin; at += width) {
    if (walk.items.front().type == Item::Type::text && !could_be_text(stub, at, width)) continue;
    for (const bool is_stated : {true, false})
      if (Walker(stub, at,
                 {.little_endian = little_endian == is_stated,
                  .is_guess = true,
                  .is_stated = is_stated,
                  .width = width})
              .walk(walk.items))
        return true;
  }
  return false;
}

bool holds_in(const Walk& walk, Bytes stub, bool little_endian, std::uint8_t width) noexcept {
  if (walk.is_anywhere) return holds_somewhere(walk, stub, little_endian, width);
  return Walker(stub, 0, {.little_endian = little_endian, .width = width}).walk(walk.items);
}

}  // namespace

bool holds(const Walk& walk, Bytes stub, bool little_endian, Syntax syntax) noexcept {
  constexpr std::uint8_t kNarrow = 4, kWide = 8;
  if (syntax != Syntax::ndr && holds_in(walk, stub, little_endian, kWide)) return true;
  // What is packed within a call may be in NDR all the same ([MS-RPCE] section 2.2.6).
  return (syntax != Syntax::ndr64 || walk.is_anywhere) && holds_in(walk, stub, little_endian, kNarrow);
}

}  // namespace bansoko::keyword::dcerpc_ndr
