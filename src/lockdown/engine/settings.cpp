// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/settings.h"

#include <array>

#include <fmt/core.h>

#include "base/file.h"
#include "event/spool_settings.h"

namespace bansoko::lockdown {
namespace {

using settings::Choice;
using settings::Section;
using namespace std::chrono_literals;

constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::uint64_t kTiB = std::uint64_t{1} << 40U;

constexpr std::array<std::string_view, 3> kOtherPrograms{"shield", "assess", "console"};
constexpr std::array<Choice<policy::Mode>, 2> kModes{
    {{"observe", policy::Mode::observe}, {"enforce", policy::Mode::enforce}}};
constexpr std::array<Choice<OnFailure>, 2> kOnFailure{
    {{"open", OnFailure::open}, {"closed", OnFailure::closed}}};
constexpr std::array<Choice<policy::Answer>, 2> kAnswers{
    {{"allow", policy::Answer::allow}, {"deny", policy::Answer::deny}}};
constexpr std::array<Choice<KernelClass>, 4> kKernelClasses{
    {{"automatic", KernelClass::automatic},
     {"current", KernelClass::current},
     {"no-open-exec-perm", KernelClass::no_open_exec_perm},
     {"mount-marks-only", KernelClass::mount_marks_only}}};

void bind_watch(Section& section, WatchSettings& watch) {
  section.list(
      "paths", watch.paths,
      "A path on each filesystem to be watched, whole. Empty: every filesystem but those of except_types, "
      "also what is mounted later.");
  section.list("except_types", watch.except_types, "Filesystems that hold no programs, by type.");
  section.choice("kernel_class", watch.kernel_class, kKernelClasses,
                 "Which of the kernel's means are used. automatic takes the best there is.");
}

void bind_limits(Section& section, LimitSettings& limits) {
  section.number(
      "leases", limits.leases, 16, 1U << 20U,
      "Files whose answer the kernel keeps until they change; each is an open descriptor. The one longest "
      "not used is given up for another.");
  section.size("digest_size", limits.digest_size, kMiB, kTiB,
               "A larger file is not read while somebody waits: on_fault.limit answers.");
  section.number("waiting", limits.waiting, 16, 1U << 16U,
                 "Held at one time while their files are read. Beyond it on_fault.limit answers.");
  section.duration("answer_time", limits.answer_time, 100ms, 10min,
                   "One that waits longer is answered as on_fault.limit says.");
}

void bind_fault(Section& section, policy::OnFault& fault) {
  section.choice("limit", fault.limit, kAnswers, "A limit was reached before the file was identified.");
  section.choice("error", fault.error, kAnswers, "The file could not be identified.");
}

void bind_failure(Section& section, FailureSettings& failure) {
  section.choice(
      "crash", failure.crash, kOnFailure,
      "The engine died: until the next is up, open lets all start, closed only the core (init, loader, our "
      "programs, the rescue shell).");
  section.choice("hang", failure.hang, kOnFailure, "The same for one that hung and was ended.");
  section.duration("hang_time", failure.hang_time, 500ms, 1min, "Silence after which the engine is ended.");
}

void bind_trust(Section& section, LockdownSettings& s) {
  section.text("rules_file", s.rules_file, "Rules of the operator: allow and deny. May be absent.");
  section.list("code_trees", s.code_trees,
               "Folders whose files are code if they are named like it (.py, .php, .js), besides those where "
               "interpreters look. 'bansoko "
               "lockdown scan' takes them in.");
  section.list(
      "updaters", s.updaters,
      "Programs that may bring programs: what they and those that they start write, as root, is registered.");
  section.list("readers", s.readers,
               "Programs that read programs and never run what they read: copies, checksums, backups.");
  section.text("rescue_shell", s.rescue_shell, "A shell that is never denied.");
}

settings::Part part_of(LockdownSettings& s) {
  const auto bind = [&s](Section& section) {
    section.choice("mode", s.mode, kModes,
                   "observe reports and never denies; enforce denies what is not registered.");
    section.text("state_folder", s.state_folder, "The approved lists, keys and windows.");
    section.duration(
        "confirm_within", s.confirm_within, 0min, 24h,
        "After enforce begins for the first time: without \"bansoko lockdown confirm\" in this time it "
        "falls back to observe. 0 min: it holds at once.");
    section.sub("watch", "What is watched.", [&](Section& inner) { bind_watch(inner, s.watch); });
    bind_trust(section, s);
    section.sub("on_fault", "The answer where a file cannot be identified.",
                [&](Section& inner) { bind_fault(inner, s.on_fault); });
    section.sub("limits", "The bounds.", [&](Section& inner) { bind_limits(inner, s.limits); });
    section.sub("on_failure", "What becomes of program starts when the engine fails.",
                [&](Section& inner) { bind_failure(inner, s.on_failure); });
    section.sub("spool", "The events.", [&](Section& inner) { event::bind_spool(inner, s.spool); });
    section.text("control_socket", s.control_socket, "Where the bansoko command talks to the engine.");
  };
  return {"lockdown", "Lockdown: only registered programs, libraries and scripts start.", bind};
}

}  // namespace

Result<LockdownSettings> parse_settings(std::string_view text, std::string_view file,
                                        settings::Faults& faults) {
  LockdownSettings s;
  const std::size_t before = faults.size();
  if (settings::read(text, file, part_of(s), kOtherPrograms, faults)) return s;
  const std::size_t more = faults.size() - before - 1;
  return fail(Errc::invalid, "{}{}", settings::to_text(faults[before]),
              more == 0 ? "" : fmt::format(" (and {} more)", more));
}

Result<LockdownSettings> load_settings(const std::string& path, settings::Faults& faults) {
  BANSOKO_TRY(const std::string text, read_file(path, settings::kMaxFileSize));
  return parse_settings(text, path, faults);
}

std::string default_settings_yaml() {
  LockdownSettings s;
  return settings::write(part_of(s), settings::Comments::all);
}

std::string settings_yaml(const LockdownSettings& settings) {
  LockdownSettings s = settings;
  return settings::write(part_of(s), settings::Comments::none);
}

}  // namespace bansoko::lockdown
