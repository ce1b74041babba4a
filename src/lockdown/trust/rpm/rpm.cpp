// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/file.h"
#include "lockdown/trust/hexadecimal.h"
#include "lockdown/trust/source.h"
#include "rpmdb/database.h"
#include "rpmdb/header.h"

/// Packages of rpm: its databases hold a digest of each file, of SHA-256 since about 2009, of MD5 before.
namespace bansoko::trust::rpm {
namespace {

constexpr std::size_t kMaxDatabase = std::size_t{512} << 20U;

std::optional<std::string> database_in(const std::string& root) {
  for (const std::string_view path : rpmdb::kPaths) {
    struct stat about {};
    std::string whole = root + std::string(path);
    if (::stat(whole.c_str(), &about) == 0 && S_ISREG(about.st_mode)) return whole;
  }
  return std::nullopt;
}

RecordKind kind_of_algorithm(std::uint32_t algorithm, std::size_t size) noexcept {
  if (algorithm == 1 && size == 16) return RecordKind::md5;
  return algorithm == 8 && size == 32 ? RecordKind::sha256 : RecordKind::other;
}

class Reader : public rpmdb::Visitor {
 public:
  explicit Reader(Collector& into) : into_(into) {}

  void header(Bytes blob) override {
    const auto header = rpmdb::read_header(blob);
    if (!header) return damage(header.error().message);
    const std::string epoch = header->epoch ? fmt::format("{}:", *header->epoch) : "";
    into_.package(header->name, fmt::format("{}{}-{}", epoch, header->version, header->release));
    if (auto done = rpmdb::read_files(blob, [this](const rpmdb::FileRecord& file) { take(file); }); !done)
      damage(fmt::format("{}: {}", header->name, done.error().message));
  }

  void damage(std::string what) override { into_.fault("rpm: " + std::move(what)); }

 private:
  void take(const rpmdb::FileRecord& file) {
    if (file.ghost || (file.mode != 0 && !S_ISREG(file.mode))) return;
    path_.assign(file.folder).append(file.name);
    std::array<std::uint8_t, 64> digest{};
    const std::size_t size = from_hexadecimal(file.digest, digest);
    const RecordKind kind = size == 0 ? RecordKind::none : kind_of_algorithm(file.algorithm, size);
    const bool is_compared = kind != RecordKind::none && kind != RecordKind::other;
    into_.file({.path = path_,
                .kind = kind,
                .digest = Bytes(digest).first(is_compared ? size : 0),
                .config = file.config});
  }

  Collector& into_;
  std::string path_;
};

bool is_there(const std::string& root) { return database_in(root).has_value(); }

Result<> read(const std::string& root, Collector& into) {
  const std::string path = database_in(root).value_or(root + "/var/lib/rpm/Packages");
  BANSOKO_TRY(const std::string file, read_file(path, kMaxDatabase));
  struct stat log {};
  if (::stat((path + "-wal").c_str(), &log) == 0 && log.st_size > 0)
    into.fault(fmt::format("rpm: {}-wal has changes that are not yet in the database", path));
  Reader reader(into);
  return rpmdb::read_database(as_bytes(file), reader);
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "rpm", .title = "packages of Red Hat, SUSE and their kin", .is_there = is_there, .read = read};
  return source;
}

}  // namespace bansoko::trust::rpm
