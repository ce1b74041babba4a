// SPDX-License-Identifier: Apache-2.0
#include "event/evidence.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

namespace bansoko::event {

namespace {

constexpr std::string_view kEvidenceSuffix = ".pcapng";
constexpr std::uint32_t kEvidenceRights = 0700;
constexpr std::uint64_t kDiskBlock = 4096;
constexpr std::uint64_t kRoomAtOnce = 16;  // this part of the folder is freed when it is full

/// What a file takes on the disk, so that many tiny ones are bounded too.
constexpr std::uint64_t on_disk(std::uint64_t size) noexcept {
  return (std::max<std::uint64_t>(size, 1) + kDiskBlock - 1) / kDiskBlock * kDiskBlock;
}

bool is_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

struct Kept {
  std::string path;
  std::chrono::nanoseconds changed{};
  std::uint64_t bytes = 0;
};

/// All evidence in a folder, the oldest first.
Result<std::vector<Kept>> list_evidence(const std::string& directory) {
  std::vector<Kept> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    const std::string path = at->path().string();
    struct stat status {};
    if (!path.ends_with(kEvidenceSuffix) || ::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
      continue;
    files.push_back(
        {path, std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec),
         on_disk(static_cast<std::uint64_t>(status.st_size))});
  }
  if (error) return fail_errno("cannot list " + directory, error.value());
  std::ranges::sort(files, [](const Kept& a, const Kept& b) {
    return std::pair(a.changed, std::string_view(a.path)) < std::pair(b.changed, std::string_view(b.path));
  });
  return files;
}

}  // namespace

struct EvidenceStore::State {
  EvidenceSettings settings;
  EvidenceCounters counters;  // `bytes` is what we believe the directory holds

  Result<std::uint64_t> make_room(std::uint64_t wanted, std::optional<std::chrono::nanoseconds> oldest);
};

/// Removes files changed before `oldest`, then the oldest until `wanted` more bytes are allowed.
Result<std::uint64_t> EvidenceStore::State::make_room(std::uint64_t wanted,
                                                      std::optional<std::chrono::nanoseconds> oldest) {
  BANSOKO_TRY(const auto files, list_evidence(settings.directory));
  std::uint64_t total = 0;
  for (const Kept& file : files) total += file.bytes;
  std::uint64_t removed = 0;
  for (const Kept& file : files) {
    const bool is_old = oldest && file.changed < *oldest;
    if (!is_old && total + wanted <= settings.max_bytes) break;
    if (::unlink(file.path.c_str()) != 0 && errno != ENOENT)
      return fail_errno("cannot remove " + file.path, errno);
    total -= file.bytes;
    ++removed;
  }
  counters.bytes.set(total);
  counters.removed_files.add(removed);
  return removed;
}

struct EvidenceFile::State {
  PcapngWriter writer;
  std::string name;
  EvidenceStore::State& store;
  std::uint32_t packets = 0;
};

EvidenceFile::EvidenceFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
EvidenceFile::EvidenceFile(EvidenceFile&&) noexcept = default;
EvidenceFile& EvidenceFile::operator=(EvidenceFile&&) noexcept = default;
EvidenceFile::~EvidenceFile() = default;

Result<bool> EvidenceFile::add(const CapturedPacket& packet) {
  EvidenceStore::State& store = state_->store;
  const std::uint64_t before = state_->writer.size();
  const bool fits = state_->packets < store.settings.max_packets &&
                    before + pcapng_size(packet) <= store.settings.max_file_bytes;
  if (!fits) {
    store.counters.refused_packets.add();
    return false;
  }
  if (auto added = state_->writer.add(packet); !added) {
    store.counters.refused_packets.add();
    return tl::unexpected<Error>(std::move(added).error());
  }
  ++state_->packets;
  store.counters.packets.add();
  store.counters.bytes.add(on_disk(state_->writer.size()) - on_disk(before));
  return true;
}

const std::string& EvidenceFile::name() const noexcept { return state_->name; }

EvidenceStore::EvidenceStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
EvidenceStore::EvidenceStore(EvidenceStore&&) noexcept = default;
EvidenceStore& EvidenceStore::operator=(EvidenceStore&&) noexcept = default;
EvidenceStore::~EvidenceStore() = default;

Result<EvidenceStore> EvidenceStore::open(const EvidenceSettings& settings) {
  BANSOKO_CHECK(make_folder(settings.directory, kEvidenceRights));
  auto state = std::make_unique<State>();
  state->settings = settings;
  BANSOKO_TRY([[maybe_unused]] const auto removed, state->make_room(0, std::nullopt));
  return EvidenceStore(std::move(state));
}

Result<EvidenceFile> EvidenceStore::begin(std::string_view id, Link link, std::string_view interface) {
  if (!is_id(id)) return fail(Errc::invalid, "'{}' cannot be the name of evidence", id);
  State& state = *state_;
  const std::uint64_t most = on_disk(state.settings.max_file_bytes);
  if (state.counters.bytes.value() + most > state.settings.max_bytes) {
    // The whole folder is looked through, so it is not to happen for each file.
    const std::uint64_t wanted = std::max(most, state.settings.max_bytes / kRoomAtOnce);
    BANSOKO_TRY([[maybe_unused]] const auto removed, state.make_room(wanted, std::nullopt));
  }
  std::string name = fmt::format("{}{}", id, kEvidenceSuffix);
  const std::string path = fmt::format("{}/{}", state.settings.directory, name);
  auto writer = PcapngWriter::create(path, link, interface);
  if (!writer) {
    state.counters.refused_files.add();
    return tl::unexpected<Error>(std::move(writer).error());
  }
  state.counters.files.add();
  state.counters.bytes.add(on_disk(writer->size()));
  return EvidenceFile(std::unique_ptr<EvidenceFile::State>(
      new EvidenceFile::State{std::move(*writer), std::move(name), state, 0}));
}

Result<std::uint64_t> EvidenceStore::trim(std::chrono::system_clock::time_point now) {
  const auto oldest = now.time_since_epoch() - std::chrono::days(state_->settings.max_days);
  return state_->make_room(0, oldest);
}

const EvidenceCounters& EvidenceStore::counters() const noexcept { return state_->counters; }

}  // namespace bansoko::event
