// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/range.h"
#include "shield/pattern/finder.h"
#include "shield/pattern/regex.h"

/// What a rule looks for inside one buffer, in compact form: a list of steps, each of which may move the
/// position that later, relative steps count from. Meanings follow the Suricata rule language
/// (user guide, chapters "Payload keywords" and "Transformations").
namespace bansoko::detect {

/// A number in a rule: written out, or read from traffic into a variable by byte_extract or byte_math.
struct Amount {
  static constexpr std::uint8_t kConstant = 0xff;
  std::int64_t value = 0;
  std::uint8_t variable = kConstant;
};

/// How many variables one rule may have.
inline constexpr std::size_t kMaxVariables = 16;

/// `content`: a byte string, perhaps confined to a part of the buffer.
struct Content {
  pattern::Finder finder;
  bool negated = false;
  bool has_depth = false, has_offset = false, has_distance = false, has_within = false;
  bool at_end = false;                          // endswith
  bool fast_pattern = false;                    // the author's choice for the prefilter
  std::uint16_t fast_first = 0, fast_size = 0;  // fast_pattern:first,size; size 0: all
  Amount depth, offset, distance, within;
  bool is_relative() const noexcept { return has_distance || has_within; }
};

/// `pcre`.
struct Expression {
  std::shared_ptr<const pattern::Regex> regex;
  bool negated = false;
  bool relative = false;
};

/// `isdataat`.
struct DataAt {
  Amount at;
  bool negated = false;
  bool relative = false;
};

/// `bsize`.
struct BufferSize {
  Range size;
};

/// Where and how a number stands in traffic.
struct NumberForm {
  enum class Base : std::uint8_t { binary = 0, octal = 8, decimal = 10, hexadecimal = 16 };
  Amount size;  // bytes: 1 to 8 binary, to 23 as text
  Amount offset;
  std::uint64_t mask = 0;  // 0: none
  Base base = Base::binary;
  bool little_endian = false;
  bool stated_order = false;  // as the message says: `dce`
  bool relative = false;
};

/// `byte_test`.
struct NumberTest {
  enum class Operator : std::uint8_t {
    less,
    greater,
    equal,
    less_or_equal,
    greater_or_equal,
    bits_and,
    bits_xor
  };
  NumberForm number;
  Operator op = Operator::equal;
  bool negated = false;
  Amount value;
};

/// `byte_jump`.
struct NumberJump {
  enum class From : std::uint8_t { here, beginning, end };
  NumberForm number;
  std::uint64_t multiplier = 1;
  bool align = false;
  From from = From::here;
  Amount post_offset;
};

/// `byte_extract`.
struct NumberExtract {
  NumberForm number;
  std::uint64_t multiplier = 1;
  std::uint8_t align = 0;  // 0, 2 or 4
  std::uint8_t variable = 0;
};

/// `byte_math`.
struct NumberMath {
  enum class Operator : std::uint8_t { add, subtract, multiply, divide, shift_left, shift_right };
  NumberForm number;
  Operator op = Operator::add;
  Amount value;
  std::uint8_t variable = 0;
};

struct Step;

/// `base64_decode`, and what `base64_data` asks of the bytes that come out.
struct Base64Decode {
  Amount bytes;  // to decode; 0: all there are
  Amount offset;
  bool relative = false;
  std::vector<Step> steps;
};

/// A test that an option brings along. Immutable; all copies of a rule share it.
class BytesTest {
 public:
  BytesTest() = default;
  BytesTest(const BytesTest&) = delete;
  BytesTest& operator=(const BytesTest&) = delete;
  virtual ~BytesTest() = default;
  /// `bytes` are the whole buffer; `at` is the end of the match before, 0 if there was none.
  virtual bool holds(Bytes bytes, std::size_t at) const noexcept = 0;
};
struct OwnTest {
  std::shared_ptr<const BytesTest> test;
  bool relative = false;  // it looks at `at`
};

using StepKind = std::variant<Content, Expression, DataAt, BufferSize, NumberTest, NumberJump, NumberExtract,
                              NumberMath, Base64Decode, OwnTest>;

struct Step {
  StepKind kind;
  bool retry = false;  // something after it depends on where it matched: on failure look for its next place
  /// A content whose search begins at the same place however much the buffer has grown: where it was nowhere,
  /// only new bytes can bring it.
  bool settled = false;
  /// The first content that is tried again, where its search begins so. Of a buffer that grows, those of its
  /// places are not tried once more at which nothing can change.
  bool resumes = false;
};

bool is_relative(const Step& step);
/// Whether a match of it sets the position for what follows.
bool moves(const Step& step);

/// Works out `retry`, `settled` and `resumes` for each step of one buffer.
///
/// A content does not try its next place for the sake of another that may stand anywhere behind it: what lies
/// behind the next place lies behind the first as well.
void link_steps(std::vector<Step>& steps);

}  // namespace bansoko::detect
