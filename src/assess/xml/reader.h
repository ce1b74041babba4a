// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "base/result.h"

/// XML 1.0 as it comes from strangers. A document type is refused, and with it every entity that a document
/// could define or fetch; UTF-8, UTF-16, ISO 8859-1 and ASCII are read.
namespace bansoko::xml {

/// More than this, and the document is refused.
struct Limits {
  std::uint64_t max_bytes = std::uint64_t{2} << 30U;
  std::size_t max_depth = 64;
  std::size_t max_name = 256;                    // bytes, without the namespace
  std::size_t max_attributes = 256;              // of one element
  std::size_t max_text = std::size_t{1} << 20U;  // of one element; also of its attributes together
};

struct Attribute {
  std::string_view name;  // without its prefix
  std::string_view value;
};

/// An element, seen at its beginning and at its end. All views are loans for the call.
struct Element {
  std::string_view name;   // without its prefix
  std::string_view space;  // the namespace; empty: none
  std::string_view path;   // names from the root to this one: "cvrfdoc/Vulnerability/CVE"
  std::span<const Attribute> attributes;
  std::string_view text;  // at the end: what stands in it, but not in its children

  /// The value of an attribute; empty: it has none.
  std::string_view attribute(std::string_view wanted) const noexcept;
};

/// Hears of elements in their order. An error stops the reader, which gives it back with line and column.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Result<> begin(const Element& element) = 0;
  virtual Result<> end(const Element& element) = 0;
};

/// Fills the span from its beginning and says how far; 0: the end.
using Read = std::function<Result<std::size_t>(std::span<char>)>;

/// Errors begin with "line 3, column 17: ".
Result<> parse(const Read& read, Handler& handler, const Limits& limits);
Result<> parse(std::string_view bytes, Handler& handler, const Limits& limits);

}  // namespace bansoko::xml
