// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace bansoko::state {

inline constexpr std::size_t kLargestFile = 256U << 10U;

/// The fields of one JSON object, each with its type and its bounds. The first that is wrong is the error.
class Fields {
 public:
  /// `what` is for errors.
  Fields(std::string_view text, std::string_view what);
  Fields(nlohmann::json object, std::string_view what);

  std::int64_t time(const char* key);
  std::uint64_t number(const char* key);
  /// At most 1024 bytes.
  std::string text(const char* key);
  const nlohmann::json* find(const char* key);
  void refuse(std::string_view why);
  Result<> checked() const { return fault_; }

 private:
  std::string what_;
  nlohmann::json object_;
  Result<> fault_;
};

/// Nothing: there is no such file.
Result<std::optional<std::string>> read_if_there(const std::string& path);
Result<> write_json(const std::string& path, const nlohmann::json& object);
Result<> remove_if_there(const std::string& path);

}  // namespace bansoko::state
