// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/places.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"
#include "lockdown/harden/drop_in.h"
#include "lockdown/harden/learned_file.h"
#include "lockdown/harden/systemd.h"

namespace bansoko::harden {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr std::uint32_t kPublic = 0644;
constexpr std::uint32_t kFolder = 0755;

Result<std::optional<std::string>> read_if_there(const std::string& path) {
  struct stat about {};
  // lstat: a link that leads nowhere is there, and not ours.
  if (::lstat(path.c_str(), &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
    return fail_errno("cannot look at " + path, errno);
  }
  BANSOKO_TRY(std::string text, read_file(path, kMostBytes));
  return std::optional(std::move(text));
}

Result<> remove_if_there(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno("cannot remove " + path, errno);
  return {};
}

Result<> rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    return fail_errno(fmt::format("cannot rename {} to {}", from, to), errno);
  return {};
}

}  // namespace

ServiceFiles::ServiceFiles(const Places& places, std::string service)
    : state_folder_(places.state),
      drop_in_(fmt::format("{}/{}.d/{}", places.units, service, kDropInName)),
      kept_(drop_in_ + ".old"),
      base_(fmt::format("{}/{}", places.state, service)) {}

Result<DropInState> ServiceFiles::state() const {
  struct stat about {};
  if (::lstat(drop_in_.c_str(), &about) == 0 && !S_ISREG(about.st_mode)) return DropInState::foreign;
  BANSOKO_TRY(const auto found, read_if_there(drop_in_));
  if (!found) return DropInState::absent;
  return is_ours(*found) ? DropInState::ours : DropInState::foreign;
}

Result<std::string> ServiceFiles::text() const { return read_file(drop_in_, kMostBytes); }

Result<bool> ServiceFiles::keep() const {
  BANSOKO_TRY(const DropInState there, state());
  if (there != DropInState::ours) return false;
  BANSOKO_TRY(const std::string before, text());
  BANSOKO_CHECK(write_file_atomic(kept_, before, kPublic));
  return true;
}

Result<> ServiceFiles::write(const std::string& text) const {
  BANSOKO_TRY(const DropInState there, state());
  if (there == DropInState::foreign)
    return fail(Errc::denied, "{} is not ours, and stays as it is", drop_in_);
  BANSOKO_CHECK(make_folder(drop_in_.substr(0, drop_in_.find_last_of('/')), kFolder));
  return write_file_atomic(drop_in_, text, kPublic);
}

Result<> ServiceFiles::withdraw() const {
  BANSOKO_TRY(const DropInState there, state());
  if (there == DropInState::foreign)
    return fail(Errc::denied, "{} is not ours, and stays as it is", drop_in_);
  if (there == DropInState::absent) return {};
  return rename_file(drop_in_, kept_);
}

Result<> ServiceFiles::take_back(const Step& step) const {
  BANSOKO_TRY(const DropInState there, state());
  if (there == DropInState::foreign)
    return fail(Errc::denied, "{} is not ours, and stays as it is", drop_in_);
  if (!step.had_before) return remove_if_there(drop_in_);
  BANSOKO_TRY(const auto before, read_if_there(kept_));
  if (!before) return fail(Errc::not_found, "{} is gone: the drop-in of before cannot be put back", kept_);
  return write_file_atomic(drop_in_, *before, kPublic);
}

Result<std::optional<Step>> ServiceFiles::step() const {
  BANSOKO_TRY(const auto text, read_if_there(base_ + ".step"));
  if (!text) return std::optional<Step>();
  Step step;
  step.had_before = text->find("had_before=yes") != std::string::npos;
  step.restarted = text->find("restarted=yes") != std::string::npos;
  return std::optional(step);
}

Result<> ServiceFiles::note(const Step& step) const {
  BANSOKO_CHECK(make_folder(state_folder_, kFolder));
  return write_file_atomic(base_ + ".step",
                           fmt::format("had_before={}\nrestarted={}\n", step.had_before ? "yes" : "no",
                                       step.restarted ? "yes" : "no"),
                           kPublic);
}

Result<> ServiceFiles::done() const { return remove_if_there(base_ + ".step"); }

Result<std::optional<Learned>> ServiceFiles::learned() const {
  const std::string path = base_ + ".learned";
  BANSOKO_TRY(const auto text, read_if_there(path));
  if (!text) return std::optional<Learned>();
  BANSOKO_TRY(Learned learned, parse_learned(*text, path));
  return std::optional(std::move(learned));
}

Result<> ServiceFiles::remember(const Learned& learned) const {
  BANSOKO_CHECK(make_folder(state_folder_, kFolder));
  return write_file_atomic(base_ + ".learned", to_text(learned), kPublic);
}

Result<std::optional<Properties>> ServiceFiles::own_settings() const {
  BANSOKO_TRY(const auto text, read_if_there(base_ + ".unit"));
  if (!text) return std::optional<Properties>();
  return std::optional(parse_properties(*text));
}

Result<> ServiceFiles::remember(const Properties& properties) const {
  BANSOKO_CHECK(make_folder(state_folder_, kFolder));
  std::string text;
  for (const auto& [name, value] : properties) text += fmt::format("{}={}\n", name, value);
  return write_file_atomic(base_ + ".unit", text, 0600);  // Environment= may hold secrets
}

Result<UniqueFd> ServiceFiles::lock() const {
  BANSOKO_CHECK(make_folder(state_folder_, kFolder));
  const std::string path = base_ + ".lock";
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.valid()) return fail_errno("cannot open " + path, errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Errc::denied, "another call of 'bansoko lockdown harden' is at this service");
  return file;
}

}  // namespace bansoko::harden
