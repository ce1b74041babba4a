// SPDX-License-Identifier: Apache-2.0
#include "lockdown/state/json_file.h"

#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/file.h"

namespace bansoko::state {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxText = 1024;
constexpr int kDeepest = 8;

/// One that is nested without end would be without end to read.
json parsed(std::string_view text) {
  if (text.size() > kLargestFile) return json(json::value_t::discarded);
  const auto is_shallow = [](int depth, json::parse_event_t /*event*/, json& /*value*/) {
    return depth <= kDeepest;
  };
  return json::parse(text.begin(), text.end(), is_shallow, false);
}

}  // namespace

Fields::Fields(std::string_view text, std::string_view what) : Fields(parsed(text), what) {}

Fields::Fields(json object, std::string_view what) : what_(what), object_(std::move(object)) {
  if (!object_.is_object()) refuse("it is no object of JSON");
}

void Fields::refuse(std::string_view why) {
  if (fault_) fault_ = fail(Errc::invalid, "{}: {}", what_, why);
}

const json* Fields::find(const char* key) {
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(key);
  if (found != object_.end()) return &*found;
  refuse(fmt::format("'{}' is missing", key));
  return nullptr;
}

std::uint64_t Fields::number(const char* key) {
  const json* const value = find(key);
  if (value == nullptr) return 0;
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  refuse(fmt::format("'{}' is no whole number", key));
  return 0;
}

std::int64_t Fields::time(const char* key) {
  constexpr std::uint64_t kLatest = 253'402'300'799;  // the end of the year 9999
  const std::uint64_t seconds = number(key);
  if (seconds > kLatest) refuse(fmt::format("'{}' is no time", key));
  return seconds > kLatest ? 0 : static_cast<std::int64_t>(seconds);
}

std::string Fields::text(const char* key) {
  const json* const value = find(key);
  if (value == nullptr) return {};
  if (value->is_string() && value->get_ref<const std::string&>().size() <= kMaxText)
    return value->get<std::string>();
  refuse(fmt::format("'{}' is no text of up to {} bytes", key, kMaxText));
  return {};
}

Result<std::optional<std::string>> read_if_there(const std::string& path) {
  auto text = read_file(path, kLargestFile);
  if (!text && text.error().code == Errc::not_found) return std::optional<std::string>();
  if (!text) return tl::unexpected<Error>(text.error());
  return std::optional(std::move(*text));
}

Result<> write_json(const std::string& path, const json& object) {
  return write_file_atomic(path, object.dump(2, ' ', false, json::error_handler_t::replace) + "\n", 0600);
}

Result<> remove_if_there(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno("cannot remove " + path, errno);
  return {};
}

}  // namespace bansoko::state
