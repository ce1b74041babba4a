// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/trace_record.h"

#include <cstddef>
#include <optional>
#include <string_view>

#include <linux/perf_event.h>

namespace bansoko::harden {
namespace {

/// A sample as asked for by PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW. The raw part is a
/// tracepoint of a system call: its number, flags, thread, number of the call, then the arguments, eight
/// bytes each.
std::optional<TraceRecord> read_call(ByteReader reader) {
  constexpr unsigned kFlags = 2;
  TraceRecord record;
  record.pid = static_cast<std::int32_t>(reader.u32le());
  reader.skip(sizeof(std::uint32_t));
  record.time = reader.u64le();
  ByteReader raw(reader.take(reader.u32le()));
  record.event = raw.u16le();
  raw.skip(kFlags);
  record.thread = static_cast<std::int32_t>(raw.u32le());
  record.call = static_cast<std::int64_t>(raw.u64le());
  if (!reader.ok() || !raw.ok()) return std::nullopt;
  // A call of few arguments has a short record: the others stay zero.
  for (std::uint64_t& argument : record.arguments) argument = raw.u64le();
  return record;
}

std::optional<TraceRecord> read_fork(ByteReader reader) {
  TraceRecord record{.kind = TraceRecord::Kind::fork};
  record.pid = static_cast<std::int32_t>(reader.u32le());
  record.parent = static_cast<std::int32_t>(reader.u32le());
  reader.skip(2 * sizeof(std::uint32_t));
  record.time = reader.u64le();
  return reader.ok() ? std::optional(record) : std::nullopt;
}

/// A program that is started by its descriptor has that number for a name; systemd starts its executor so.
bool is_executor(std::string_view name) noexcept {
  return name == "systemd-executo" ||
         (!name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos);
}

/// The time is the last field of what the kernel appends to each record (sample_id_all).
std::optional<TraceRecord> read_name(ByteReader reader, bool by_exec) {
  constexpr std::size_t kAppended = 16;
  TraceRecord record{.kind = by_exec ? TraceRecord::Kind::exec : TraceRecord::Kind::rename};
  record.pid = static_cast<std::int32_t>(reader.u32le());
  reader.skip(sizeof(std::uint32_t));
  const Bytes rest = reader.rest();
  if (!reader.ok() || rest.size() < kAppended) return std::nullopt;
  const std::string_view name = as_text(rest.first(rest.size() - kAppended));
  record.by_executor = is_executor(name.substr(0, name.find('\0')));
  record.time = ByteReader(rest.last(sizeof record.time)).u64le();
  return record;
}

std::optional<TraceRecord> read_lost(ByteReader reader) {
  TraceRecord record{.kind = TraceRecord::Kind::lost};
  reader.skip(sizeof(std::uint64_t));
  record.lost = reader.u64le();
  reader.skip(sizeof(std::uint64_t));
  record.time = reader.u64le();
  return reader.ok() ? std::optional(record) : std::nullopt;
}

std::optional<TraceRecord> read_record(std::uint32_t type, std::uint16_t misc, ByteReader body) {
  switch (type) {
    case PERF_RECORD_SAMPLE:
      return read_call(body);
    case PERF_RECORD_FORK:
      return read_fork(body);
    case PERF_RECORD_COMM:
      return read_name(body, (misc & PERF_RECORD_MISC_COMM_EXEC) != 0);
    case PERF_RECORD_LOST:
      return read_lost(body);
    default:
      return std::nullopt;
  }
}

}  // namespace

void read_records(Bytes bytes, const std::function<void(const TraceRecord&)>& sink) {
  constexpr unsigned kHeader = 8;
  ByteReader reader(bytes);
  for (;;) {
    const std::uint32_t type = reader.u32le();
    const std::uint16_t misc = reader.u16le();
    const std::uint16_t size = reader.u16le();
    if (!reader.ok() || size < kHeader) return;
    const Bytes body = reader.take(size - kHeader);
    if (!reader.ok()) return;
    if (const auto record = read_record(type, misc, ByteReader(body)); record) sink(*record);
  }
}

}  // namespace bansoko::harden
