// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/core.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/assess_commands.h"
#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "app/bansoko/status_line.h"
#include "base/file.h"
#include "base/printable.h"
#include "lockdown/approved/store.h"
#include "lockdown/engine/settings.h"
#include "lockdown/scan/approval.h"
#include "lockdown/scan/malware.h"
#include "lockdown/scan/report.h"
#include "lockdown/scan/scan.h"

namespace bansoko::app {
namespace {

constexpr std::size_t kMaxResult = std::size_t{4} << 30U;  // bytes of a result that is read again

struct ScanOptions {
  std::vector<std::string> paths, code_trees, with;
  std::string root = "/", config, recent = "7d", form = "text", lang, malware_bundle;
  bool gentle = false, last = false, all = false, approve = false, yes = false, with_suspicious = false,
       anew = false;
};

/// How many files there are is not known before; a filesystem knows how many it has.
double files_on(const std::string& path) {
  struct statvfs about {};
  if (::statvfs(path.c_str(), &about) != 0) return 0;
  return static_cast<double>(about.f_files - about.f_ffree);
}

class ScanProgress {
 public:
  explicit ScanProgress(const ScanOptions& options)
      : all_(options.paths.empty() && options.root == "/" ? files_on("/") : 0) {}

  void show(const scan::Progress& at) {
    if (::isatty(STDERR_FILENO) == 0 || !line_.is_due()) return;
    constexpr double kMebi = 1024.0 * 1024.0;
    const std::string bar = all_ > 0 ? bar_of(static_cast<double>(at.files) / all_) + " " : "";
    line_.show(fmt::format("{}{} files, {} can execute, {:.0f} MiB read", bar, at.files, at.found,
                           static_cast<double>(at.bytes) / kMebi));
  }
  void tell(std::string_view what) {
    if (::isatty(STDERR_FILENO) != 0) line_.show(what);
  }
  void finish() { line_.finish(); }

 private:
  double all_;
  StatusLine line_;
};

Result<> scan_with_bundle(const std::string& bundle, const std::string& folder, scan::Scan& result) {
  BANSOKO_TRY(auto engine, scan::PrivateEngine::unpack(bundle, folder));
  auto done = scan::scan_for_malware(engine, {}, result);
  BANSOKO_CHECK(engine.remove());
  return done;
}

Result<scan::Options> scan_options(const ScanOptions& options, const lockdown::LockdownSettings& settings) {
  scan::Options made;
  BANSOKO_TRY(const std::int64_t recent, seconds_of(options.recent));
  made.recent = std::chrono::seconds(recent);
  std::error_code error;
  made.root = std::filesystem::canonical(options.root, error).string();
  if (error) return fail(Errc::not_found, "{}: {}", options.root, error.message());
  for (const std::string& path : options.paths)
    made.paths.push_back(made.root == "/" ? std::filesystem::absolute(path).lexically_normal().string()
                                          : path);
  made.code_trees = settings.code_trees;
  made.code_trees.insert(made.code_trees.end(), options.code_trees.begin(), options.code_trees.end());
  made.state_folder = settings.state_folder;
  made.max_size = settings.limits.digest_size;
  return made;
}

Result<scan::Scan> fresh_scan(const ScanOptions& options, const lockdown::LockdownSettings& settings,
                              const std::string& folder) {
  BANSOKO_TRY(const scan::Options made, scan_options(options, settings));
  BANSOKO_CHECK(make_folder(settings.state_folder, 0700));
  BANSOKO_TRY(auto journal, scan::Journal::open(folder));
  BANSOKO_TRY(const auto removed, scan::remove_left_behind(folder));
  for (const std::string& place : removed)
    fmt::print(stderr, "removed what a scan that was killed left behind: {}\n", place);
  const scan::Pacer pacer(options.gentle);
  pacer.step_back();
  ScanProgress progress(options);
  progress.tell("reading the records of packages");
  BANSOKO_TRY(const auto packages, trust::PackageIndex::read(made.root));
  auto result =
      scan::run(made, packages, journal, pacer, [&](const scan::Progress& at) { progress.show(at); });
  if (result && !options.malware_bundle.empty()) {
    progress.tell(fmt::format("{} files are scanned for malware", result->found.size()));
    if (auto done = scan_with_bundle(options.malware_bundle, folder, *result); !done)
      result = tl::unexpected<Error>(done.error());
  }
  progress.finish();
  return result;
}

Result<scan::Scan> kept_scan(const std::string& path) {
  const auto text = read_file(path, kMaxResult);
  if (!text && text.error().code == Errc::not_found)
    return fail(Errc::not_found, "no scan was made before: {} is not there", path);
  BANSOKO_CHECK(text);
  auto result = scan::from_json_lines(*text);
  if (!result) return fail(result.error().code, "{}: {}", path, result.error().message);
  return result;
}

Result<int> approve(const ScanOptions& options, const scan::Scan& result,
                    const lockdown::LockdownSettings& settings) {
  const scan::Approval approval =
      scan::approval_of(result, {.all_suspicious = options.with_suspicious, .paths = options.with});
  if (!approval.not_found.empty())
    return fail(Errc::not_found, "--with {}: nothing that was found is there",
                printable(approval.not_found.front()));
  if (!is_agreed(options.yes, fmt::format("Approve {} files?", approval.entries.size()))) return kFailed;
  BANSOKO_TRY(auto store, approved::Store::open(settings.state_folder));
  const std::string reason = with_reason("scan", "");
  approved::Change change;
  change.add = approval.entries;
  change.reason = reason;
  BANSOKO_TRY(const auto list, options.anew ? store.replace(approval.entries, reason) : store.commit(change));
  print(fmt::format("{} files are approved; left out: {} suspicious, {} with malware\n",
                    approval.entries.size(), approval.suspicious, approval.malware));
  print(fmt::format("generation {}: {} entries\n", list->head().generation, list->size()));
  tell(settings, "lockdown.approved", reason, list->head().generation);
  return have_it_read_again(settings);
}

Result<int> run_scan(const ScanOptions& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  const std::string folder = settings.state_folder + "/scan", kept = folder + "/result.jsonl";
  BANSOKO_TRY(const scan::Scan result,
              options.last ? kept_scan(kept) : fresh_scan(options, settings, folder));
  const std::string lines = options.last && options.form == "text" ? "" : scan::to_json_lines(result);
  if (!options.last) BANSOKO_CHECK(write_file_atomic(kept, lines, 0600));
  const auto lang = lang_of_report(options.lang) == assess::Lang::ja ? scan::Lang::ja : scan::Lang::en;
  print(options.form == "json" ? lines : scan::to_text(result, lang, options.all));
  if (options.approve) return approve(options, result, settings);
  const bool suspicious =
      std::ranges::any_of(result.found, [](const scan::Found& found) { return found.suspicions.any(); });
  return suspicious ? kFound : kOk;
}

void add_options(CLI::App& command, ScanOptions& options) {
  command.add_option("paths", options.paths, "files and folders; without any, every local filesystem");
  command.add_option("--root", options.root, "a folder that stands for the system, such as a mounted image")
      ->capture_default_str();
  command.add_flag("--gentle", options.gentle,
                   "use less than a tenth of one core, and the disk while it idles");
  command.add_option("--recent", options.recent, "how young is suspicious: 12h, 7d")->capture_default_str();
  command.add_option("--code-tree", options.code_trees,
                     "a folder where all that is named like code is code, besides where interpreters look");
  auto* malware = command.add_option("--malware-scan", options.malware_bundle,
                                     "a folder or archive with clamscan, its libraries and signatures");
  command.add_flag("--last", options.last, "show, or approve, the last scan instead of making one")
      ->excludes(malware);
  command.add_option("--format", options.form, "text, or json: one object a line")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command.add_flag("--all", options.all, "as text: every name, however many");
  command.add_option("--lang", options.lang, "en or ja; by default as LC_MESSAGES or LANG say")
      ->check(CLI::IsMember({"en", "ja"}));
  auto* approve = command.add_flag("--approve", options.approve, "put what was found on the approved list");
  command.add_flag("--yes", options.yes, "do not ask")->needs(approve);
  command.add_flag("--anew", options.anew, "the list holds this scan alone; what was approved before goes")
      ->needs(approve);
  command.add_flag("--with-suspicious", options.with_suspicious, "approve suspicious finds too")
      ->needs(approve);
  command.add_option("--with", options.with, "a file or folder whose suspicious finds are approved too")
      ->needs(approve);
  add_config(command, options.config);
}

}  // namespace

void add_lockdown_scan_command(CLI::App& lockdown, int& exit_code) {
  auto* command = lockdown.add_subcommand(
      "scan",
      "Everything that can execute, whose it is and what is suspicious; puts it on the approved list");
  const auto options = std::make_shared<ScanOptions>();
  add_options(*command, *options);
  run_as(*command, exit_code, [options] { return run_scan(*options); });
}

}  // namespace bansoko::app
