// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/journal.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"

namespace bansoko::scan {
namespace {

enum Flag : std::uint8_t { flag_record = 0x40, flag_digested = 1, flag_md5 = 2 };
constexpr std::size_t kSumSize = 8;
constexpr std::size_t kFlushAt = 64U << 10U;
constexpr std::size_t kMaxFile = std::size_t{512} << 20U;

/// FNV-1a: tells a record from a torn or damaged one, not from a forged one: the folder is root's alone.
std::uint64_t sum_of(Bytes bytes) noexcept {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const std::uint8_t byte : bytes) sum = (sum ^ byte) * 0x100000001b3;
  return sum;
}

void put(std::string& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> 8 * i & 0xffU);
}

void put_bytes(std::string& out, Bytes bytes) { out.append(as_text(bytes)); }

/// All of the record but its flags, and the sum at the end.
bool read_fields(ByteReader& reader, std::uint8_t flags, Reading& reading) noexcept {
  const std::uint8_t kind = reader.u8();
  identity::FileState& state = reading.state;
  state.key.device = reader.u64le();
  state.key.inode = reader.u64le();
  state.size = reader.u64le();
  state.modified = static_cast<std::int64_t>(reader.u64le());
  state.changed = static_cast<std::int64_t>(reader.u64le());
  state.mode = reader.u32le();
  state.owner = reader.u32le();
  reading.digested = (flags & flag_digested) != 0;
  if (reading.digested) {
    const Bytes digest = reader.take(reading.content.sha256.size());
    std::ranges::copy(digest, reading.content.sha256.begin());
  }
  if ((flags & flag_md5) != 0) {
    const Bytes digest = reader.take(reading.content.md5.emplace().size());
    std::ranges::copy(digest, reading.content.md5->begin());
  }
  if (kind >= identity::kFileKinds) return false;
  reading.kind = static_cast<identity::FileKind>(kind);
  return reader.ok();
}

}  // namespace

std::string to_record(const Reading& reading) {
  std::string record;
  unsigned flags = flag_record;
  if (reading.digested) flags |= flag_digested;
  if (reading.content.md5) flags |= flag_md5;
  put(record, flags, 1);
  put(record, static_cast<std::uint64_t>(reading.kind), 1);
  put(record, reading.state.key.device, 8);
  put(record, reading.state.key.inode, 8);
  put(record, reading.state.size, 8);
  put(record, static_cast<std::uint64_t>(reading.state.modified), 8);
  put(record, static_cast<std::uint64_t>(reading.state.changed), 8);
  put(record, reading.state.mode, 4);
  put(record, reading.state.owner, 4);
  if (reading.digested) put_bytes(record, reading.content.sha256);
  if (reading.content.md5) put_bytes(record, *reading.content.md5);
  put(record, sum_of(as_bytes(record)), kSumSize);
  return record;
}

std::optional<Reading> take_record(Bytes& bytes) {
  ByteReader reader(bytes);
  const std::uint8_t flags = reader.u8();
  constexpr unsigned kKnown = flag_record | flag_digested | flag_md5;
  if ((flags & flag_record) == 0 || (flags & ~kKnown) != 0) return std::nullopt;
  Reading reading;
  if (!read_fields(reader, flags, reading)) return std::nullopt;
  const std::size_t size = bytes.size() - reader.rest().size();
  if (reader.u64le() != sum_of(bytes.first(size)) || !reader.ok()) return std::nullopt;
  bytes = reader.rest();
  return reading;
}

Result<Journal> Journal::open(const std::string& folder) {
  BANSOKO_CHECK(make_folder(folder, 0700));
  const std::string path = folder + "/journal";
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) return fail_errno("cannot open " + path, errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return fail(Errc::denied, "another scan is at work: it holds {}", path);
    return fail_errno("cannot lock " + path, errno);
  }
  Journal journal(path, std::move(file));
  BANSOKO_CHECK(journal.load());
  return journal;
}

Result<> Journal::load() {
  BANSOKO_TRY(const std::string text, read_file(path_, kMaxFile));
  Bytes rest = as_bytes(text);
  std::size_t records = 0;
  while (!rest.empty()) {
    auto reading = take_record(rest);
    if (!reading) {
      faults_.push_back(
          fmt::format("{}: damaged after {} records; {} bytes are left out", path_, records, rest.size()));
      break;
    }
    ++records;
    known_.insert_or_assign(reading->state.key, *reading);
  }
  if (known_.size() > kMaxRecords) {
    faults_.push_back(fmt::format("{}: more than {} files; it begins anew", path_, kMaxRecords));
    known_.clear();
  }
  if (!rest.empty() || records > 2 * known_.size() + 1000) return rewrite();
  return {};
}

Result<> Journal::rewrite() {
  if (::ftruncate(file_.get(), 0) != 0) return fail_errno("cannot shorten " + path_, errno);
  for (const auto& [key, reading] : known_) {
    waiting_ += to_record(reading);
    if (waiting_.size() < kFlushAt) continue;
    BANSOKO_CHECK(write_all(file_.get(), waiting_, path_));
    waiting_.clear();
  }
  return flush();
}

const Reading* Journal::find(const identity::FileState& state) const noexcept {
  const auto at = known_.find(state.key);
  return at != known_.end() && same_content(at->second.state, state) ? &at->second : nullptr;
}

void Journal::add(const Reading& reading, std::int64_t now) {
  if (now - std::max(reading.state.changed, reading.state.modified) < kSettled) return;
  const std::string record = to_record(reading);
  const std::scoped_lock lock(*guard_);
  waiting_ += record;
}

Result<> Journal::flush() {
  std::string text;
  {
    const std::scoped_lock lock(*guard_);
    text.swap(waiting_);
  }
  return write_all(file_.get(), text, path_);
}

}  // namespace bansoko::scan
