// SPDX-License-Identifier: Apache-2.0
#include "patches/message_writer.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "patches/expression.h"
#include "patches/message_items.h"

namespace bansoko::patches {

std::string MessageWriter::write(const Node& items, const Scope& scope) {
  const std::size_t before = faults_.size();
  before_.clear();
  for (int pass = 0; pass < kPasses; ++pass) {
    faults_.resize(before);
    bytes_.clear();
    now_.clear();
    expansions_ = 0;
    is_first_pass_ = pass == 0;
    is_full_ = false;
    put(items, scope);
    if (now_ == before_ && pass > 0) return std::exchange(bytes_, {});
    before_ = std::exchange(now_, {});
  }
  if (faults_.size() == before)
    fault(items, scope, "the sizes of its blocks depend on each other in a circle");
  return {};
}

void MessageWriter::fault(const Node& at, const Scope& scope, std::string message, std::string valid) {
  FaultSink(*scope.file, faults_).add(at, std::move(message), std::move(valid));
}

std::optional<std::int64_t> MessageWriter::number(const Node& node, const Scope& scope) {
  if (node.kind != Kind::scalar) {
    fault(node, scope, "is not a number", "a number, or names, size(BLOCK) and at(BLOCK) with + - * / % ( )");
    return {};
  }
  const Names names{
      .number = [&scope](std::string_view name) -> Result<std::int64_t> {
        const Argument* const known = scope.find(name);
        if (known != nullptr && known->kind == ParameterKind::number) return known->number;
        return fail(Errc::invalid, "'{}' is not the name of a number", name);
      },
      .of_block = [this, &scope](std::string_view function,
                                 std::string_view name) { return block(function, name, scope); }};
  const auto value = evaluate(node.text, names);
  if (value) return *value;
  fault(node, scope, value.error().message);
  return {};
}

Result<std::int64_t> MessageWriter::block(std::string_view function, std::string_view name,
                                          const Scope& scope) const {
  if (function != "size" && function != "at")
    return fail(Errc::invalid, "there is no function {}(): size() and at() are known", function);
  for (const Scope* each = &scope; each != nullptr; each = each->around) {
    const auto found = before_.find(fmt::format("{}:{}", each->key, name));
    if (found != before_.end()) return function == "size" ? found->second.size : found->second.at;
  }
  if (is_first_pass_) return 0;
  return fail(Errc::not_found, "there is no block '{}' here", name);
}

std::string MessageWriter::text(const Node& node, const Scope& scope) {
  if (node.kind != Kind::scalar) {
    fault(node, scope, "is not a text");
    return {};
  }
  if (!scope.is_template) return node.text;
  std::string made;
  std::string_view rest = node.text;
  for (auto begin = rest.find("${"); begin != std::string_view::npos; begin = rest.find("${")) {
    const auto end = rest.find('}', begin);
    if (end == std::string_view::npos) break;
    const std::string_view name = rest.substr(begin + 2, end - begin - 2);
    const Argument* const known = scope.find(name);
    if (known == nullptr || known->kind == ParameterKind::bytes)
      fault(node, scope, fmt::format("'{}' is not the name of a text or a number", name));
    else
      made.append(rest.substr(0, begin))
          .append(known->kind == ParameterKind::text ? known->text : std::to_string(known->number));
    rest.remove_prefix(end + 1);
  }
  return made.append(rest);
}

void MessageWriter::put(const Node& node, const Scope& scope) {
  if (depth_ == kDepth) {
    fault(node, scope, fmt::format("more than {} items within each other", kDepth));
    return;
  }
  ++depth_;
  if (node.kind == Kind::list)
    for (const Node& item : node.items) put(item, scope);
  else if (node.kind == Kind::scalar)
    append(text(node, scope), node, scope);
  else if (node.kind == Kind::map)
    put_map(node, scope);
  else
    fault(node, scope, "nothing stands here", "\"\" for no bytes");
  --depth_;
}

void MessageWriter::append(std::string_view bytes, const Node& at, const Scope& scope) {
  if (is_full_) return;
  if (bytes.size() <= kLargest - bytes_.size()) {
    bytes_ += bytes;
    return;
  }
  is_full_ = true;
  fault(at, scope, fmt::format("the message is larger than {} bytes", kLargest));
}

std::string MessageWriter::apart(const Node& node, const Scope& scope) {
  std::string outside = std::exchange(bytes_, {});
  put(node, scope);
  return std::exchange(bytes_, std::move(outside));
}

struct MessageWriter::Kinds {
  using Put = void (MessageWriter::*)(const Item&, const Scope&);
  std::string_view name;
  Put put;
  std::array<std::string_view, 2> also = {};  // other keys it takes
  std::uint32_t size = 0;                     // of an integer
  bool big_endian = false;
};

struct MessageWriter::Item {
  const Kinds* kind = nullptr;
  const Node* node = nullptr;
  const Node* value = nullptr;

  const Node* find(std::string_view key) const noexcept { return value_of(*node, key); }
};

void MessageWriter::put_map(const Node& node, const Scope& scope) {
  using W = MessageWriter;
  static constexpr std::array kKinds{
      Kinds{"text", &W::put_text},
      Kinds{"line", &W::put_line},
      Kinds{"hex", &W::put_hex},
      Kinds{"utf16", &W::put_utf16},
      Kinds{.name = "utf16be", .put = &W::put_utf16, .big_endian = true},
      Kinds{"uuid", &W::put_uuid},
      Kinds{.name = "uuid_be", .put = &W::put_uuid, .big_endian = true},
      Kinds{.name = "u8", .put = &W::put_integer, .size = 1},
      Kinds{.name = "u16le", .put = &W::put_integer, .size = 2},
      Kinds{.name = "u16be", .put = &W::put_integer, .size = 2, .big_endian = true},
      Kinds{.name = "u24le", .put = &W::put_integer, .size = 3},
      Kinds{.name = "u24be", .put = &W::put_integer, .size = 3, .big_endian = true},
      Kinds{.name = "u32le", .put = &W::put_integer, .size = 4},
      Kinds{.name = "u32be", .put = &W::put_integer, .size = 4, .big_endian = true},
      Kinds{.name = "u64le", .put = &W::put_integer, .size = 8},
      Kinds{.name = "u64be", .put = &W::put_integer, .size = 8, .big_endian = true},
      Kinds{.name = "decimal", .put = &W::put_digits, .size = 10},
      Kinds{.name = "hexadecimal", .put = &W::put_digits, .size = 16},
      Kinds{"align", &W::put_align, {"from"}},
      Kinds{"base64", &W::put_base64},
      Kinds{"percent", &W::put_percent},
      Kinds{"dns_name", &W::put_dns_name},
      Kinds{"der", &W::put_der, {"of"}},
      Kinds{"slice", &W::put_slice, {"from", "size"}},
      Kinds{"put", &W::put_argument},
      Kinds{"use", &W::put_template, {"with"}},
      Kinds{"of", &W::put_of},
  };
  Item item{.node = &node};
  for (const Kinds& kind : kKinds)
    if (item.value == nullptr && (item.value = value_of(node, kind.name)) != nullptr) item.kind = &kind;
  if (item.kind == nullptr) {
    std::string names;
    for (const Kinds& kind : kKinds) names.append(names.empty() ? "" : ", ").append(kind.name);
    fault(node, scope, "is no item", names);
    return;
  }
  for (const Node& key : node.keys) {
    const bool is_known = key.text == item.kind->name || key.text == "times" || key.text == "index" ||
                          key.text == "block" ||
                          std::ranges::find(item.kind->also, key.text) != item.kind->also.end();
    if (!is_known)
      fault(key, scope, fmt::format("'{}' is no key of the item '{}'", key.text, item.kind->name));
  }
  put_once(item, scope);
}

void MessageWriter::put_once(const Item& item, const Scope& scope) {
  std::int64_t times = 1;
  if (const Node* node = item.find("times")) {
    times = number(*node, scope).value_or(0);
    if (times < 0 || times > kMostTimes) {
      fault(*node, scope, fmt::format("{} times", times), fmt::format("0 to {}", kMostTimes));
      times = 0;
    }
  }
  const Node* const index = item.find("index");
  const auto begin = static_cast<std::int64_t>(bytes_.size());
  for (std::int64_t i = 0; i < times && !is_full_; ++i) {
    if (times == 1 && index == nullptr) {
      (this->*item.kind->put)(item, scope);
      break;
    }
    Scope repetition{.file = scope.file,
                     .key = fmt::format("{}.{}", scope.key, ++expansions_),
                     .around = &scope,
                     .is_template = scope.is_template};
    if (index != nullptr) repetition.names[index->text] = {.number = i};
    (this->*item.kind->put)(item, repetition);
  }
  if (const Node* name = item.find("block"))
    now_[fmt::format("{}:{}", scope.key, name->text)] = {begin,
                                                         static_cast<std::int64_t>(bytes_.size()) - begin};
}

void MessageWriter::put_of(const Item& item, const Scope& scope) { put(*item.value, scope); }
void MessageWriter::put_text(const Item& item, const Scope& scope) {
  append(text(*item.value, scope), *item.value, scope);
}
void MessageWriter::put_line(const Item& item, const Scope& scope) {
  append(text(*item.value, scope) + "\r\n", *item.value, scope);
}

void MessageWriter::put_hex(const Item& item, const Scope& scope) {
  const auto bytes = bytes_of_hex(text(*item.value, scope));
  if (!bytes) fault(*item.value, scope, bytes.error().message, "4d 5a, in pairs of hexadecimal digits");
  append(bytes.value_or(""), *item.value, scope);
}

void MessageWriter::put_utf16(const Item& item, const Scope& scope) {
  const auto bytes = utf16_of(text(*item.value, scope), item.kind->big_endian);
  if (!bytes) fault(*item.value, scope, bytes.error().message);
  append(bytes.value_or(""), *item.value, scope);
}

void MessageWriter::put_uuid(const Item& item, const Scope& scope) {
  const auto bytes = uuid_of(text(*item.value, scope), item.kind->big_endian);
  if (!bytes) fault(*item.value, scope, bytes.error().message, "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57");
  append(bytes.value_or(""), *item.value, scope);
}

void MessageWriter::put_integer(const Item& item, const Scope& scope) {
  const auto value = number(*item.value, scope);
  const std::uint32_t bits = item.kind->size * 8;
  if (value && bits < 64) {
    const std::int64_t most = (std::int64_t{1} << bits) - 1;
    // What does not fit yet may fit once all sizes are known: only the last pass's faults are told.
    if (*value > most || *value < -(most / 2) - 1)
      fault(*item.value, scope, fmt::format("{} does not fit into {} bits", *value, bits));
  }
  append(integer_bytes(static_cast<std::uint64_t>(value.value_or(0)), item.kind->size, item.kind->big_endian),
         *item.value, scope);
}

void MessageWriter::put_digits(const Item& item, const Scope& scope) {
  const std::int64_t value = number(*item.value, scope).value_or(0);
  append(item.kind->size == 16 ? fmt::format("{:x}", value) : fmt::format("{}", value), *item.value, scope);
}

void MessageWriter::put_align(const Item& item, const Scope& scope) {
  const std::int64_t unit = number(*item.value, scope).value_or(1);
  const Node* const from = item.find("from");
  const std::int64_t begin = from == nullptr ? 0 : number(*from, scope).value_or(0);
  if (unit < 1 || unit > 4096) {
    fault(*item.value, scope, fmt::format("cannot align to {} bytes", unit), "1 to 4096");
    return;
  }
  const std::int64_t over = (static_cast<std::int64_t>(bytes_.size()) - begin) % unit;
  append(std::string(static_cast<std::size_t>(over == 0 ? 0 : (over > 0 ? unit - over : -over)), '\0'),
         *item.value, scope);
}

void MessageWriter::put_base64(const Item& item, const Scope& scope) {
  append(base64_of(apart(*item.value, scope)), *item.value, scope);
}
void MessageWriter::put_percent(const Item& item, const Scope& scope) {
  append(percent_of(apart(*item.value, scope)), *item.value, scope);
}

void MessageWriter::put_dns_name(const Item& item, const Scope& scope) {
  const auto bytes = dns_name_of(text(*item.value, scope));
  if (!bytes) fault(*item.value, scope, bytes.error().message);
  append(bytes.value_or(""), *item.value, scope);
}

void MessageWriter::put_der(const Item& item, const Scope& scope) {
  const std::int64_t tag = number(*item.value, scope).value_or(0);
  if (tag < 0 || tag > 0xFF) fault(*item.value, scope, fmt::format("{} is not a tag of one byte", tag));
  const Node* const of = item.find("of");
  if (of == nullptr) {
    fault(*item.node, scope, "'of' is missing: what the tag is of");
    return;
  }
  const std::string content = apart(*of, scope);
  append(std::string(1, static_cast<char>(tag)) + der_length(content.size()) + content, *item.value, scope);
}

void MessageWriter::put_slice(const Item& item, const Scope& scope) {
  const std::string whole = apart(*item.value, scope);
  const Node* const from = item.find("from");
  const Node* const size = item.find("size");
  const auto all = static_cast<std::int64_t>(whole.size());
  const std::int64_t begin =
      std::clamp<std::int64_t>(from == nullptr ? 0 : number(*from, scope).value_or(0), 0, all);
  const std::int64_t count =
      std::clamp<std::int64_t>(size == nullptr ? all : number(*size, scope).value_or(0), 0, all - begin);
  append(std::string_view(whole).substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)),
         *item.value, scope);
}

void MessageWriter::put_argument(const Item& item, const Scope& scope) {
  const Argument* const given = scope.find(item.value->text);
  if (given == nullptr || given->kind == ParameterKind::number)
    fault(*item.value, scope, fmt::format("'{}' is not the name of bytes or a text", item.value->text));
  else if (given->kind == ParameterKind::text)
    append(given->text, *item.value, scope);
  else
    put(*given->bytes, *given->giver);
}

void MessageWriter::put_template(const Item& item, const Scope& scope) {
  const Template* const used = templates_.find(item.value->text);
  if (used == nullptr || used->of == nullptr) {
    fault(*item.value, scope,
          used == nullptr ? fmt::format("there is no template '{}'", item.value->text)
                          : fmt::format("'{}' is a piece of a dialogue, not of a message", used->name));
    return;
  }
  const Scope inner = scope_of(*used, *item.value, item.find("with"), scope);
  put(*used->of, inner);
}

Scope MessageWriter::scope_of(const Template& used, const Node& at, const Node* with, const Scope& user) {
  static const Node nothing_given = [] {
    Node node;
    node.kind = Kind::map;
    return node;
  }();
  Scope inner{.file = used.file, .key = fmt::format("{}/{}", user.key, ++expansions_), .is_template = true};
  const Node& given = with == nullptr ? nothing_given : *with;
  if (given.kind != Kind::map) fault(given, user, "is no mapping of names to values");
  for (const Parameter& parameter : used.parameters) {
    const Node* const value = value_of(given, parameter.name);
    if (value != nullptr) inner.names[parameter.name] = argument_of(parameter, *value, user);
    if (value != nullptr || parameter.fallback != nullptr) continue;
    fault(at, user, fmt::format("the template '{}' needs '{}'", used.name, parameter.name));
    const bool is_number = parameter.kind == ParameterKind::number;
    inner.names[parameter.name] = {.kind = is_number ? ParameterKind::number : ParameterKind::text};
  }
  // Afterwards, since they may name what was given.
  for (const Parameter& parameter : used.parameters)
    if (parameter.fallback != nullptr && !inner.names.contains(parameter.name))
      inner.names[parameter.name] = argument_of(parameter, *parameter.fallback, inner);
  for (const Node& key : given.keys)
    if (std::ranges::find(used.parameters, key.text, &Parameter::name) == used.parameters.end())
      fault(key, user, fmt::format("the template '{}' takes no '{}'", used.name, key.text));
  return inner;
}

Argument MessageWriter::argument_of(const Parameter& parameter, const Node& node, const Scope& user) {
  Argument argument{.kind = parameter.kind};
  if (parameter.kind == ParameterKind::number)
    argument.number = number(node, user).value_or(0);
  else if (parameter.kind == ParameterKind::text)
    argument.text = text(node, user);
  else
    argument.bytes = &node;
  argument.giver = &user;
  return argument;
}

}  // namespace bansoko::patches
