// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/asn1/ber_walk.h"

namespace bansoko::keyword::asn1 {
namespace {

constexpr std::uint32_t kBitString = 3;
constexpr std::uint32_t kReal = 9;

struct Object {
  bool universal = false;
  bool constructed = false;
  bool indefinite = false;
  std::uint32_t tag = 0;
  Bytes content = {};  // indefinite: none, its objects follow
};

/// X.690 section 8.1.2: a tag above 30 has its own bytes, seven bits each.
bool read_tag(ByteReader& reader, Object& object) noexcept {
  constexpr std::uint32_t kLongForm = 31;
  const std::uint8_t first = reader.u8();
  object.universal = first >> 6U == 0;
  object.constructed = (first & 0x20U) != 0;
  object.tag = first & 0x1fU;
  if (object.tag != kLongForm) return reader.ok();
  object.tag = 0;
  std::uint8_t byte = 0;
  do {
    byte = reader.u8();
    if (object.tag >> 25U != 0) return false;
    object.tag = object.tag << 7U | (byte & 0x7fU);
  } while ((byte & 0x80U) != 0 && reader.ok());
  return reader.ok();
}

/// Section 8.1.3. False: it cannot be read, or there is less than it states.
bool read_content(ByteReader& reader, Object& object) noexcept {
  const std::uint8_t first = reader.u8();
  std::uint64_t size = first;
  if (first == 0x80) {
    object.indefinite = true;
    return reader.ok() && object.constructed;
  }
  if (first > 0x80) {
    const std::size_t digits = first & 0x7fU;
    if (digits > 8) return false;
    size = 0;
    for (std::size_t i = 0; i < digits; ++i) size = size << 8U | reader.u8();
  }
  if (size > reader.rest().size()) return false;
  object.content = reader.take(static_cast<std::size_t>(size));
  return reader.ok();
}

bool is_faulty(const Object& object, const Faults& faults) noexcept {
  const Bytes content = object.content;
  if (faults.longer_than && !object.indefinite && content.size() > *faults.longer_than) return true;
  if (!object.universal || object.constructed || content.empty()) return false;
  if (faults.bitstring && object.tag == kBitString && content[0] > content.size() * 8) return true;
  constexpr std::size_t kLongestReal = 256;
  const bool is_text = (content[0] & 0xc0U) == 0;  // section 8.5.6
  return faults.real && object.tag == kReal && is_text && content.size() > kLongestReal;
}

class Walk {
 public:
  explicit Walk(const Faults& faults) noexcept : faults_(faults) {}

  /// Takes one object off the front, with all that is in it. False: it is not whole.
  bool take_object(ByteReader& reader, std::size_t depth, bool& faulty) noexcept {
    Object object;
    if (depth > kMaxDepth || ++seen_ > kMaxInAll) return false;
    if (!read_tag(reader, object) || !read_content(reader, object)) return false;
    faulty |= is_faulty(object, faults_);
    if (!object.constructed) return true;
    if (object.indefinite) return take_until_mark(reader, depth, faulty);
    ByteReader inside(object.content);
    while (!inside.rest().empty())
      if (!take_object(inside, depth + 1, faulty)) return false;
    return true;
  }

 private:
  /// The mark is an object of two zero bytes (section 8.1.5).
  bool take_until_mark(ByteReader& reader, std::size_t depth, bool& faulty) noexcept {
    for (;;) {
      ByteReader ahead = reader;
      if (ahead.u16() == 0 && ahead.ok()) {
        reader = ahead;
        return true;
      }
      if (!take_object(reader, depth + 1, faulty)) return false;
    }
  }

  const Faults& faults_;
  std::size_t seen_ = 0;
};

}  // namespace

bool has_fault(Bytes bytes, const Faults& faults) noexcept {
  ByteReader reader(bytes);
  Walk walk(faults);
  bool found = false;
  for (std::size_t count = 0; !reader.rest().empty(); ++count) {
    // As in Suricata: of more objects than that none is looked at.
    if (count == kMaxObjects) return false;
    bool faulty = false;
    if (!walk.take_object(reader, 1, faulty)) break;
    found |= faulty;
  }
  return found;
}

}  // namespace bansoko::keyword::asn1
