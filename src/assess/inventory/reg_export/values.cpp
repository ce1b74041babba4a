// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/reg_export/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "assess/inventory/code_page.h"
#include "base/text.h"

namespace bansoko::inventory::reg_export {
namespace {

constexpr std::array kRoots{
    std::pair<std::string_view, std::string_view>{"hkey_local_machine", "hklm"},
    std::pair<std::string_view, std::string_view>{"hkey_current_user", "hkcu"},
    std::pair<std::string_view, std::string_view>{"hkey_classes_root", "hkcr"},
    std::pair<std::string_view, std::string_view>{"hkey_users", "hku"},
    std::pair<std::string_view, std::string_view>{"hkey_current_config", "hkcc"},
};

/// The set that a system was exported from counts as the one in use.
std::string short_key(std::string_view path) {
  std::string key = lowered(path);
  for (const auto& [name, short_name] : kRoots)
    if (key.starts_with(name) && (key.size() == name.size() || key[name.size()] == '\\'))
      key = std::string(short_name) + key.substr(name.size());
  return key;
}

bool is_key_path(std::string_view text) {
  const std::string lower = lowered(text.substr(0, 24));
  return std::any_of(kRoots.begin(), kRoots.end(), [&](const auto& root) {
    return lower.starts_with(root.first) &&
           (lower.size() == root.first.size() || lower[root.first.size()] == '\\');
  });
}

/// A text in quotation marks with \" and \\ in it; `rest` is what stands behind it.
std::optional<std::string> quoted(std::string_view text, std::string_view& rest) {
  if (!text.starts_with('"')) return {};
  std::string made;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      rest = text.substr(i + 1);
      return made;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    made += text[i];
  }
  return {};
}

std::optional<std::uint64_t> hexadecimal(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return {};
  return value;
}

/// "01,00,ff" as bytes; what is no byte ends it, and nobody looks at more than a mebibyte.
std::string bytes_of(std::string_view list) {
  constexpr std::size_t kMost = std::size_t{1} << 20U;
  std::string bytes;
  while (!list.empty() && bytes.size() < kMost) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const auto value = hexadecimal(trim(list.substr(0, comma)));
    if (!value || *value > 255) break;
    bytes += static_cast<char>(static_cast<unsigned char>(*value));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return bytes;
}

std::string joined(std::string text) {
  while (!text.empty() && text.back() == '\0') text.pop_back();
  std::replace(text.begin(), text.end(), '\0', ';');
  return text;
}

std::string number_of(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 8; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return std::to_string(value);
}

/// `hex(2)` and `hex(7)` are text: of REGEDIT4 in a code page, of version 5 in UTF-16.
std::string typed(std::string_view type, std::string_view list, bool version5) {
  const std::string bytes = bytes_of(list);
  if (type == "hex(b)" || type == "hex(4)") return number_of(bytes);
  if (type == "hex(2)" || type == "hex(7)" || type == "hex(1)")
    return joined(version5 ? from_utf16(bytes, true) : bytes);
  std::string made(trim(list));
  made.erase(std::remove(made.begin(), made.end(), ','), made.end());
  return made;
}

/// One file on its way.
class RegFile {
 public:
  explicit RegFile(const std::function<bool(const Seen&)>& take) : take_(take) {}

  /// False: enough.
  bool line(const Line& line, std::string_view text) {
    text = trim(text);
    if (text.starts_with("[-")) {
      value_.key.clear();
      return true;
    }
    if (text.starts_with('[') && text.ends_with(']')) {
      value_ = {short_key(text.substr(1, text.size() - 2)), {}, {}, line.number};
      return take_({value_, true});
    }
    return value_.key.empty() || assignment(line, text);
  }
  void set_version5(bool version5) noexcept { version5_ = version5; }

 private:
  bool assignment(const Line& line, std::string_view text) {
    std::string_view rest;
    std::optional<std::string> name;
    if (text.starts_with("@=")) {
      name.emplace();
      rest = text.substr(1);
    } else {
      name = quoted(text, rest);
    }
    if (!name || !rest.starts_with('=')) return true;
    auto made = data(rest.substr(1));
    if (!made) return true;
    value_.name = lowered(*name);
    value_.text = std::move(*made);
    value_.line = line.number;
    return take_({value_, false});
  }

  std::optional<std::string> data(std::string_view text) const {
    std::string_view rest;
    if (text.starts_with('"')) return quoted(text, rest);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return {};
    const std::string type = lowered(text.substr(0, colon));
    const std::string_view list = text.substr(colon + 1);
    if (type.starts_with("hex")) return typed(type, list, version5_);
    const auto value = hexadecimal(trim(list));
    if (type != "dword" || !value) return {};
    return std::to_string(*value);
  }

  const std::function<bool(const Seen&)>& take_;
  Value value_;
  bool version5_ = false;
};

Ending read_reg_file(std::string_view text, const std::function<bool(const Seen&)>& take) {
  RegFile file(take);
  Ending ending;
  std::string pending;
  bool blank = false;
  for (const Line& line : lines_of(text)) {
    ending.lines = line.number;
    blank = line.text.empty() && line.ended;
    if (line.number == 1) file.set_version5(!line.text.starts_with("REGEDIT4"));
    const bool continues = line.text.ends_with('\\') && !line.text.ends_with("\\\\");
    pending += line.text.substr(0, line.text.size() - (continues ? 1 : 0));
    if (continues) continue;
    if (!line.ended && !line.text.empty()) break;
    if (!file.line(line, pending)) return ending;
    pending.clear();
  }
  ending.whole = blank && pending.empty();
  return ending;
}

/// "    SMB1    REG_DWORD    0x1", with tabs on XP and 2003; the name may hold blanks.
std::optional<Value> query_row(std::string_view text) {
  const std::size_t type = text.find("REG_");
  if (type == std::string_view::npos || type == 0) return {};
  const std::string_view name = trim(text.substr(0, type));
  const std::size_t end = std::min(text.find_first_of(" \t", type), text.size());
  const std::string_view kind = text.substr(type, end - type), data = trim(text.substr(end));
  Value value;
  const bool is_default =
      name == "(Default)" || name == "<NO NAME>" || (name.starts_with('(') && name.ends_with(')'));
  value.name = is_default ? std::string() : lowered(name);
  value.text = data;
  if ((kind == "REG_DWORD" || kind == "REG_QWORD") && data.starts_with("0x"))
    if (const auto number = hexadecimal(data.substr(2))) value.text = std::to_string(*number);
  for (std::size_t at = 0; kind == "REG_MULTI_SZ" && (at = value.text.find("\\0")) != std::string::npos;)
    value.text.replace(at, 2, ";");
  return value;
}

Ending read_query(std::string_view text, const std::function<bool(const Seen&)>& take) {
  Ending ending{true, 0};
  Value key;
  for (const Line& line : lines_of(text)) {
    ending.lines = line.number;
    ending.whole = line.ended;
    if (!line.ended) break;
    if (is_key_path(line.text)) {
      key = {short_key(line.text), {}, {}, line.number};
      if (!take({key, true})) return ending;
      continue;
    }
    auto value = key.key.empty() ? std::nullopt : query_row(line.text);
    if (!value) continue;
    value->key = key.key;
    value->line = line.number;
    if (!take({*value, false})) return ending;
  }
  return ending;
}

}  // namespace

Form form_of(std::string_view text) {
  for (const Line& line : lines_of(text.substr(0, 65536))) {
    if (line.text.empty() || line.text.starts_with("! REG.EXE")) continue;
    if (line.text == "REGEDIT4" || line.text.starts_with("Windows Registry Editor Version 5"))
      return Form::reg_file;
    return is_key_path(line.text) ? Form::query : Form::none;
  }
  return Form::none;
}

Ending read_values(std::string_view text, Form form, const std::function<bool(const Seen&)>& take) {
  if (form == Form::reg_file) return read_reg_file(text, take);
  return form == Form::query ? read_query(text, take) : Ending{};
}

}  // namespace bansoko::inventory::reg_export
