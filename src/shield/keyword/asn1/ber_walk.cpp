// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/asn1/ber_walk.h"

#include "shield/proto/ber_reader.h"

namespace bansoko::keyword::asn1 {
namespace {

constexpr std::uint32_t kBitString = 3;
constexpr std::uint32_t kReal = 9;

struct Object : proto::BerHeader {
  Bytes content = {};  // indefinite: none, its objects follow
};

/// Nothing: it cannot be read, or there is less than it states.
std::optional<Object> read_object(ByteReader& reader) noexcept {
  const auto header = proto::read_ber_header(reader);
  if (!header || header->size > reader.rest().size()) return std::nullopt;
  return Object{*header, reader.take(static_cast<std::size_t>(header->size))};
}

bool is_faulty(const Object& object, const Faults& faults) noexcept {
  const Bytes content = object.content;
  if (faults.longer_than && !object.is_indefinite && content.size() > *faults.longer_than) return true;
  if (!object.is_universal() || object.is_constructed() || content.empty()) return false;
  if (faults.bitstring && object.number == kBitString && content[0] > content.size() * 8) return true;
  constexpr std::size_t kLongestReal = 256;
  const bool is_text = (content[0] & 0xc0U) == 0;  // section 8.5.6
  return faults.real && object.number == kReal && is_text && content.size() > kLongestReal;
}

class Walk {
 public:
  explicit Walk(const Faults& faults) noexcept : faults_(faults) {}

  /// Takes one object off the front, with all that is in it. False: it is not whole.
  bool take_object(ByteReader& reader, std::size_t depth, bool& faulty) noexcept {
    if (depth > kMaxDepth || ++seen_ > kMaxInAll) return false;
    const auto object = read_object(reader);
    if (!object) return false;
    faulty |= is_faulty(*object, faults_);
    if (!object->is_constructed()) return true;
    if (object->is_indefinite) return take_until_mark(reader, depth, faulty);
    ByteReader inside(object->content);
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
