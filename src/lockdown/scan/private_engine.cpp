// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/private_engine.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/packed_file.h"
#include "archive/stream.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/printable.h"
#include "base/unique_fd.h"

namespace bansoko::scan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "malware-";
constexpr std::size_t kMaxJournal = 1U << 20U;
constexpr std::size_t kCopyPiece = 256U << 10U;

/// What clamscan(1) reads of a folder of signatures.
constexpr std::array<std::string_view, 34> kSignatures{
    ".cvd", ".cld", ".cud", ".ndb", ".ndu", ".hdb", ".hdu",  ".hsb", ".hsu",  ".mdb", ".mdu", ".msb",
    ".msu", ".ldb", ".ldu", ".cbc", ".fp",  ".sfp", ".ftm",  ".ign", ".ign2", ".idb", ".zmd", ".rmd",
    ".pdb", ".gdb", ".wdb", ".cfg", ".crb", ".yar", ".yara", ".imp", ".cat",  ".info"};

std::string journal_in(const std::string& folder) { return folder + "/malware.journal"; }

/// Where a file of the bundle goes: by the last part of its name; empty: it is not needed.
std::string place_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const bool is_signature = std::ranges::any_of(kSignatures, [name](std::string_view suffix) {
    return name.size() > suffix.size() && name.ends_with(suffix);
  });
  if (is_signature) return fmt::format("signatures/{}", name);
  const bool is_program = name == "clamscan" || name.find(".so") != std::string_view::npos;
  return is_program ? fmt::format("programs/{}", name) : "";
}

/// Tells the disk of the folder before it is made.
Result<> note(const std::string& folder, const std::string& name) {
  const std::string path = journal_in(folder);
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) return fail_errno("cannot open " + path, errno);
  BANSOKO_CHECK(write_all(file.get(), name + "\n", path));
  if (::fsync(file.get()) != 0) return fail_errno("cannot save " + path, errno);
  return {};
}

Result<std::string> make_private_folder(const std::string& folder) {
  std::array<std::uint8_t, 8> random{};
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
    return fail_errno("cannot get random numbers", errno);
  const std::string name = fmt::format("{}{}", kPrefix, hexadecimal(random));
  BANSOKO_CHECK(note(folder, name));
  const std::string place = folder + "/" + name;
  for (const char* const part : {"", "/programs", "/signatures", "/work"})
    if (::mkdir((place + part).c_str(), 0700) != 0) return fail_errno("cannot make " + place + part, errno);
  return place;
}

/// Writes the files of a bundle to where they belong.
class Unpacker {
 public:
  explicit Unpacker(const std::string& place) : place_(place), piece_(kCopyPiece) {}

  /// `read` fills a span and says how much; 0: the end.
  template <class Read>
  Result<> take(std::string_view path, const Read& read) {
    if (++files_ > PrivateEngine::kMaxFiles)
      return fail(Errc::limit, "the bundle has more than {} files", PrivateEngine::kMaxFiles);
    const std::string to = place_of(path);
    if (to.empty() || to.ends_with('/')) return {};
    const std::string whole = place_ + "/" + to;
    const UniqueFd file(::open(whole.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0700));
    if (!file.valid() && errno == EEXIST)
      return fail(Errc::invalid, "the bundle has two files of the name {}", printable(to));
    if (!file.valid()) return fail_errno("cannot make " + printable(whole), errno);
    for (;;) {
      BANSOKO_TRY(const std::size_t got, read(std::span(piece_)));
      if (got == 0) return {};
      bytes_ += got;
      if (bytes_ > PrivateEngine::kMaxBytes)
        return fail(Errc::limit, "the bundle has more than {} bytes", PrivateEngine::kMaxBytes);
      BANSOKO_CHECK(write_all(file.get(), std::string_view(piece_.data(), got), whole));
    }
  }

 private:
  const std::string& place_;
  std::vector<char> piece_;
  std::uint64_t files_ = 0, bytes_ = 0;
};

Result<> unpack_folder(const std::string& bundle, Unpacker& unpacker) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(bundle, error), end; !error && at != end; at.increment(error)) {
    if (at->is_symlink(error) || !at->is_regular_file(error)) continue;
    BANSOKO_TRY(const UniqueFd file, archive::open_regular(at->path().string()));
    BANSOKO_CHECK(unpacker.take(at->path().string(), [&](std::span<char> out) {
      return archive::read_some(file.get(), {reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
    }));
  }
  if (error) return fail(Errc::io, "{}: {}", bundle, error.message());
  return {};
}

Result<> unpack_archive(const std::string& bundle, Unpacker& unpacker) {
  archive::StreamLimits limits;
  limits.max_member_bytes = PrivateEngine::kMaxBytes;
  limits.max_bytes = PrivateEngine::kMaxBytes;
  limits.max_members = PrivateEngine::kMaxFiles;
  BANSOKO_TRY(auto stream, archive::FileStream::open(bundle, limits));
  for (;;) {
    BANSOKO_TRY(const auto member, stream.next());
    if (!stream.is_archive()) return fail(Errc::invalid, "{} is neither a folder nor an archive", bundle);
    if (!member) return {};
    BANSOKO_CHECK(unpacker.take(member->name, [&](std::span<char> out) { return stream.read(out); }));
  }
}

Result<> remove_folder(const std::string& place) {
  std::error_code error;
  fs::remove_all(place, error);
  if (error) return fail(Errc::io, "cannot remove {}: {}", place, error.message());
  return {};
}

Result<> forget(const std::string& folder) {
  if (::unlink(journal_in(folder).c_str()) != 0 && errno != ENOENT)
    return fail_errno("cannot remove " + journal_in(folder), errno);
  return {};
}

bool is_ours(std::string_view name) noexcept {
  constexpr std::size_t kDigits = 16;
  return name.starts_with(kPrefix) && name.size() == kPrefix.size() + kDigits &&
         name.find_first_not_of("0123456789abcdef", kPrefix.size()) == std::string_view::npos;
}

}  // namespace

Result<PrivateEngine> PrivateEngine::unpack(const std::string& bundle, const std::string& folder) {
  BANSOKO_TRY(std::string place, make_private_folder(folder));
  PrivateEngine engine(folder, std::move(place));
  Unpacker unpacker(engine.place_);
  std::error_code error;
  const bool is_folder = fs::is_directory(bundle, error);
  if (auto done = is_folder ? unpack_folder(bundle, unpacker) : unpack_archive(bundle, unpacker); !done)
    return fail(done.error().code, "{}: {}", printable(bundle), done.error().message);
  if (auto done = engine.settle(); !done)
    return fail(done.error().code, "{}: {}", printable(bundle), done.error().message);
  return engine;
}

/// Archives leave links out: a library is looked for by the first part of its version.
Result<> PrivateEngine::settle() {
  std::error_code error;
  if (!fs::exists(programs() + "/clamscan", error)) return fail(Errc::invalid, "there is no clamscan in it");
  if (fs::is_empty(signatures(), error)) return fail(Errc::invalid, "there are no signatures in it");
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(programs(), error))
    names.push_back(entry.path().filename().string());
  for (const std::string& name : names) {
    if (name.starts_with("ld-linux") || name.starts_with("ld-musl")) loader_ = programs() + "/" + name;
    const auto version = name.find(".so.");
    const auto dot = version == std::string::npos ? version : name.find('.', version + 4);
    if (dot == std::string::npos) continue;
    if (::symlink(name.c_str(), (programs() + "/" + name.substr(0, dot)).c_str()) != 0 && errno != EEXIST)
      return fail_errno("cannot link " + printable(name), errno);
  }
  return {};
}

PrivateEngine::PrivateEngine(PrivateEngine&& other) noexcept
    : folder_(std::move(other.folder_)),
      place_(std::exchange(other.place_, {})),
      loader_(std::move(other.loader_)) {}

PrivateEngine::~PrivateEngine() { static_cast<void>(remove()); }

Result<> PrivateEngine::remove() {
  if (place_.empty()) return {};
  BANSOKO_CHECK(remove_folder(std::exchange(place_, {})));
  return forget(folder_);
}

Result<std::vector<std::string>> remove_left_behind(const std::string& folder) {
  std::vector<std::string> removed;
  const auto journal = read_file(journal_in(folder), kMaxJournal);
  if (!journal && journal.error().code == Errc::not_found) return removed;
  BANSOKO_CHECK(journal);
  std::string_view rest = *journal;
  while (!rest.empty()) {
    const std::string name(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    if (!is_ours(name)) continue;  // torn while it was written: then there is no such folder yet
    const std::string path = fs::path(folder) / name;
    std::error_code error;
    if (fs::exists(path, error)) removed.push_back(path);
    BANSOKO_CHECK(remove_folder(path));
  }
  BANSOKO_CHECK(forget(folder));
  return removed;
}

}  // namespace bansoko::scan
