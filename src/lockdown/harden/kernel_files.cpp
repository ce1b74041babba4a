// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "base/unique_fd.h"
#include "lockdown/harden/drop_in.h"
#include "lockdown/harden/gather.h"
#include "lockdown/harden/kernel_settings.h"
#include "lockdown/harden/proc_file.h"

namespace bansoko::harden {
namespace {

constexpr std::size_t kMostText = 65'536;
using Values = std::map<std::string, std::int64_t, std::less<>>;

std::string path_of(const KernelFiles& files, std::string_view name) {
  std::string path(name);
  std::replace(path.begin(), path.end(), '.', '/');
  return fmt::format("{}/{}", files.settings, path);
}

std::optional<std::int64_t> number_in(std::string_view text) {
  text = trim(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> value_now(const KernelFiles& files, std::string_view name) {
  return number_in(proc_file(path_of(files, name)));
}

Result<> set_value(const KernelFiles& files, std::string_view name, std::int64_t value) {
  const std::string path = path_of(files, name);
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return fail_errno("cannot open " + path, errno);
  return write_all(file.get(), fmt::format("{}\n", value), path);
}

/// The names that we set, with the values that they had.
Values values_before(const KernelFiles& files) {
  Values values;
  const std::string text = file_head(files.before, kMostText);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    if (const auto number = number_in(line.substr(equals + 1)); number)
      values.emplace(line.substr(0, equals), *number);
  }
  return values;
}

Result<> remember(const KernelFiles& files, const Values& values) {
  std::string text;
  for (const auto& [name, value] : values) text += fmt::format("{}={}\n", name, value);
  BANSOKO_CHECK(make_folder(files.before.substr(0, files.before.find_last_of('/')), 0755));
  return write_file_atomic(files.before, text, 0600);
}

Result<bool> ours_is_there(const KernelFiles& files) {
  struct stat about {};
  if (::lstat(files.drop_in.c_str(), &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return fail_errno("cannot look at " + files.drop_in, errno);
  }
  if (S_ISREG(about.st_mode) && is_ours(file_head(files.drop_in, kMostText))) return true;
  return fail(Errc::denied, "{} is not ours, and stays as it is", files.drop_in);
}

std::string file_text(const std::vector<KernelLine>& plan) {
  std::string text =
      "# Written by bansoko lockdown harden --kernel\n# To withdraw it: bansoko lockdown harden --kernel "
      "--withdraw\n";
  for (const KernelLine& line : plan)
    if (line.choice == KernelChoice::set)
      text += fmt::format("# {}\n{} = {}\n", line.setting->reason, line.setting->name, line.value);
  return text;
}

}  // namespace

std::vector<KernelLine> kernel_plan(const KernelFiles& files) {
  KernelState kernel;
  utsname names{};
  if (::uname(&names) == 0) read_release(names.release, kernel);
  const Values before = values_before(files);
  return make_kernel_plan(
      [&files, &before](std::string_view name) {
        // What we set is judged by the value of before: else a second call would drop it from the file.
        const auto found = before.find(name);
        return found == before.end() ? value_now(files, name) : std::optional(found->second);
      },
      kernel.major, kernel.minor);
}

Result<std::string> apply_kernel(const KernelFiles& files) {
  BANSOKO_TRY(const bool there, ours_is_there(files));
  const auto plan = kernel_plan(files);
  Values before = values_before(files);
  for (const KernelLine& line : plan)
    if (line.choice == KernelChoice::set && line.now) before.emplace(line.setting->name, *line.now);
  BANSOKO_CHECK(remember(files, before));
  BANSOKO_CHECK(make_folder(files.drop_in.substr(0, files.drop_in.find_last_of('/')), 0755));
  BANSOKO_CHECK(write_file_atomic(files.drop_in, file_text(plan), 0644));
  std::string text = fmt::format("{} {}\n", there ? "renewed" : "wrote", files.drop_in);
  for (const KernelLine& line : plan) {
    if (line.choice != KernelChoice::set) continue;
    const auto done = set_value(files, line.setting->name, line.value);
    text += done ? fmt::format("set       {}={}\n", line.setting->name, line.value)
                 : fmt::format("refused   {}={}: {}\n", line.setting->name, line.value, done.error().message);
  }
  return text;
}

Result<std::string> withdraw_kernel(const KernelFiles& files) {
  BANSOKO_TRY(const bool there, ours_is_there(files));
  const Values before = values_before(files);
  if (!there && before.empty()) return fail(Errc::not_found, "there is no {}", files.drop_in);
  if (there && ::unlink(files.drop_in.c_str()) != 0)
    return fail_errno("cannot remove " + files.drop_in, errno);
  std::string text = fmt::format("removed {}\n", files.drop_in);
  for (const auto& [name, value] : before) {
    const auto done = set_value(files, name, value);
    text += done ? fmt::format("set       {}={}\n", name, value)
                 : fmt::format("stays     {} until the next start of the system: {}\n", name,
                               done.error().message);
  }
  if (::unlink(files.before.c_str()) != 0 && errno != ENOENT)
    return fail_errno("cannot remove " + files.before, errno);
  return text;
}

}  // namespace bansoko::harden
