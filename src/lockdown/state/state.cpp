// SPDX-License-Identifier: Apache-2.0
#include "lockdown/state/state.h"

#include "lockdown/state/json_file.h"

namespace bansoko::state {
namespace {

using nlohmann::json;

constexpr const char* kWindow = "/window.json";
constexpr const char* kBreakGlass = "/break-glass.json";
constexpr const char* kConfirmation = "/confirmed.json";

/// As much as is read back.
std::string bounded(const std::string& text) { return text.substr(0, 1024); }

template <class T>
Result<std::optional<T>> read_with(const std::string& path,
                                   Result<T> (*parse)(std::string_view, std::string_view)) {
  BANSOKO_TRY(const auto text, read_if_there(path));
  if (!text) return std::optional<T>();
  BANSOKO_TRY(T value, parse(*text, path));
  return std::optional(std::move(value));
}

}  // namespace

Result<Window> parse_window(std::string_view text, std::string_view what) {
  Fields fields(text, what);
  Window window{.opened = fields.time("opened"),
                .until = fields.time("until"),
                .closed = fields.time("closed"),
                .generation = fields.number("generation"),
                .by = fields.text("by"),
                .note = fields.text("note")};
  BANSOKO_CHECK(fields.checked());
  return window;
}

Result<BreakGlass> parse_break_glass(std::string_view text, std::string_view what) {
  Fields fields(text, what);
  BreakGlass glass{.opened = fields.time("opened"),
                   .until = fields.time("until"),
                   .by = fields.text("by"),
                   .note = fields.text("note")};
  BANSOKO_CHECK(fields.checked());
  return glass;
}

Result<Confirmation> parse_confirmation(std::string_view text, std::string_view what) {
  Fields fields(text, what);
  Confirmation confirmation{.confirmed = fields.time("confirmed"), .by = fields.text("by")};
  BANSOKO_CHECK(fields.checked());
  return confirmation;
}

Result<std::optional<Window>> read_window(const std::string& folder) {
  return read_with(folder + kWindow, parse_window);
}
Result<std::optional<BreakGlass>> read_break_glass(const std::string& folder) {
  return read_with(folder + kBreakGlass, parse_break_glass);
}
Result<std::optional<Confirmation>> read_confirmation(const std::string& folder) {
  return read_with(folder + kConfirmation, parse_confirmation);
}

Result<> write(const std::string& folder, const Window& window) {
  return write_json(folder + kWindow, {{"opened", static_cast<std::uint64_t>(window.opened)},
                                       {"until", static_cast<std::uint64_t>(window.until)},
                                       {"closed", static_cast<std::uint64_t>(window.closed)},
                                       {"generation", window.generation},
                                       {"by", bounded(window.by)},
                                       {"note", bounded(window.note)}});
}

Result<> write(const std::string& folder, const BreakGlass& glass) {
  return write_json(folder + kBreakGlass, {{"opened", static_cast<std::uint64_t>(glass.opened)},
                                           {"until", static_cast<std::uint64_t>(glass.until)},
                                           {"by", bounded(glass.by)},
                                           {"note", bounded(glass.note)}});
}

Result<> write(const std::string& folder, const Confirmation& confirmation) {
  return write_json(
      folder + kConfirmation,
      {{"confirmed", static_cast<std::uint64_t>(confirmation.confirmed)}, {"by", bounded(confirmation.by)}});
}

Result<> remove_window(const std::string& folder) { return remove_if_there(folder + kWindow); }
Result<> remove_break_glass(const std::string& folder) { return remove_if_there(folder + kBreakGlass); }
Result<> remove_confirmation(const std::string& folder) { return remove_if_there(folder + kConfirmation); }

}  // namespace bansoko::state
