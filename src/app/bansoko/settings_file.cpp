// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/settings_file.h"

#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "base/file.h"

namespace bansoko::app {

Result<engine::ShieldSettings> settings_from(const std::string& path,
                                             const engine::ReadLibrary& read_library) {
  if (path.empty()) return engine::default_settings(proto::all_protocols());
  settings::Faults faults;
  auto settings = engine::load_settings(path, proto::all_protocols(), faults, read_library);
  for (std::size_t i = 1; i < faults.size(); ++i) fmt::print(stderr, "{}\n", to_text(faults[i]));
  return settings;
}

void use_pattern_cache(engine::Loader& loader, const engine::ShieldSettings& settings,
                       const std::string& config) {
  if (config.empty()) return;
  if (const auto used = loader.use_cache(settings.pattern_cache); !used)
    fmt::print(stderr, "patterns are compiled anew: {}\n", used.error().message);
}

Result<engine::ShieldSettings> settings_in_force(const std::string& path) {
  std::error_code error;
  if (path.empty() && std::filesystem::exists(kSettingsFile, error)) return settings_from(kSettingsFile);
  return settings_from(path);
}

Result<assess::AssessSettings> assess_settings(const std::string& path) {
  std::error_code error;
  if (path.empty() && !std::filesystem::exists(kSettingsFile, error)) return assess::AssessSettings();
  const std::string file = path.empty() ? kSettingsFile : path;
  const auto text = read_file(file, settings::kMaxFileSize);
  if (!text && !path.empty()) return fail(text.error().code, "{}", text.error().message);
  if (!text) {
    fmt::print(stderr, "what you know of hosts is not used: {}\n", text.error().message);
    return assess::AssessSettings();
  }
  settings::Faults faults;
  auto read = assess::parse_settings(*text, file, faults);
  for (std::size_t i = 1; i < faults.size(); ++i) fmt::print(stderr, "{}\n", to_text(faults[i]));
  return read;
}

}  // namespace bansoko::app
