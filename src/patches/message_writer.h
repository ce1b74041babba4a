// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "patches/scope.h"
#include "patches/templates.h"
#include "patches/yaml.h"

namespace bansoko::patches {

/// Makes bytes of the items that describe a message (docs/patches.md says which there are).
///
/// A length may name a block that comes later or that it is part of itself. So a message is written again
/// and again, each time with the sizes and places of the time before, until they hold.
class MessageWriter {
 public:
  static constexpr std::size_t kLargest = std::size_t{1} << 20U;  // bytes of one message; more is a fault
  static constexpr int kPasses = 16;
  static constexpr int kDepth = 48;  // items and templates within each other
  static constexpr std::int64_t kMostTimes = std::int64_t{1} << 20U;

  /// Both must outlive the writer.
  MessageWriter(const Templates& templates, Faults& faults) : templates_(templates), faults_(faults) {}

  /// What is wrong goes to the faults; then the bytes are of no use.
  std::string write(const Node& items, const Scope& scope);

  /// A number outside of any message: there are no blocks.
  std::optional<std::int64_t> number(const Node& node, const Scope& scope);
  /// A text, with ${names} filled in where that is a template's.
  std::string text(const Node& node, const Scope& scope);
  /// The scope of a template that is used with these arguments (null: none).
  Scope scope_of(const Template& used, const Node& at, const Node* with, const Scope& user);
  void fault(const Node& at, const Scope& scope, std::string message, std::string valid = {});

 private:
  struct Block {
    std::int64_t at = 0;
    std::int64_t size = 0;
    friend bool operator==(const Block&, const Block&) = default;
  };
  using Blocks = std::map<std::string, Block, std::less<>>;
  struct Item;
  struct Kinds;

  void put(const Node& node, const Scope& scope);
  void put_map(const Node& node, const Scope& scope);
  void put_once(const Item& item, const Scope& scope);
  void put_text(const Item& item, const Scope& scope);
  void put_line(const Item& item, const Scope& scope);
  void put_hex(const Item& item, const Scope& scope);
  void put_utf16(const Item& item, const Scope& scope);
  void put_uuid(const Item& item, const Scope& scope);
  void put_integer(const Item& item, const Scope& scope);
  void put_digits(const Item& item, const Scope& scope);
  void put_of(const Item& item, const Scope& scope);
  void put_align(const Item& item, const Scope& scope);
  void put_base64(const Item& item, const Scope& scope);
  void put_percent(const Item& item, const Scope& scope);
  void put_dns_name(const Item& item, const Scope& scope);
  void put_der(const Item& item, const Scope& scope);
  void put_slice(const Item& item, const Scope& scope);
  void put_argument(const Item& item, const Scope& scope);
  void put_template(const Item& item, const Scope& scope);

  /// The bytes of items by themselves.
  std::string apart(const Node& node, const Scope& scope);
  void append(std::string_view bytes, const Node& at, const Scope& scope);
  Result<std::int64_t> block(std::string_view function, std::string_view name, const Scope& scope) const;
  Argument argument_of(const Parameter& parameter, const Node& node, const Scope& user);

  const Templates& templates_;
  Faults& faults_;
  std::string bytes_;
  Blocks before_, now_;
  bool is_first_pass_ = false;
  bool is_full_ = false;  // kLargest is reached
  int depth_ = 0;
  std::size_t expansions_ = 0;
};

}  // namespace bansoko::patches
