// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/list_file.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "lockdown/approved/list_builder.h"
#include "lockdown/approved/write_number.h"

namespace bansoko::approved {
namespace {

constexpr std::string_view kMagic = "BNSKLIST";
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kSmallestEntry = 32 + 3 + 4 + 2 + 1;

using Packages = std::map<std::string_view, std::uint32_t>;

Packages packages_of(const List& list) {
  Packages packages;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (const std::string_view package = list.at(i).package; !package.empty()) packages.emplace(package, 0);
  std::uint32_t number = 0;
  for (auto& [name, place] : packages) place = ++number;
  return packages;
}

void put_entry(std::string& bytes, const Entry& entry, const Packages& packages) {
  bytes += as_text(entry.digest);
  put_number(bytes, static_cast<std::uint8_t>(entry.kind), 1);
  put_number(bytes, static_cast<std::uint8_t>(entry.language), 1);
  put_number(bytes, static_cast<std::uint8_t>(entry.origin), 1);
  put_number(bytes, entry.package.empty() ? 0 : packages.at(entry.package), 4);
  put_sized(bytes, entry.path, 2);
}

Result<List::Head> read_head(ByteReader& reader) {
  if (as_text(reader.take(kMagic.size())) != kMagic) return fail(Errc::invalid, "it is no approved list");
  const std::uint16_t version = reader.u16();
  if (reader.ok() && version != kVersion)
    return fail(Errc::unsupported, "its version is {}, this program reads {}", version, kVersion);
  List::Head head{.generation = reader.u64(), .made = static_cast<std::int64_t>(reader.u64())};
  const std::size_t size = reader.u16();
  if (size > kMaxReason) return fail(Errc::invalid, "its reason is longer than {} bytes", kMaxReason);
  head.reason = as_text(reader.take(size));
  if (!reader.ok()) return fail(Errc::invalid, "it is cut short in its head");
  return head;
}

Result<std::vector<std::string_view>> read_packages(ByteReader& reader) {
  const std::size_t count = reader.u32();
  // Each takes two bytes at least, so a number that cannot be true reserves nothing.
  if (count > kMaxEntries || count > reader.rest().size() / 2)
    return fail(Errc::invalid, "it names more packages than it holds");
  std::vector<std::string_view> packages;
  packages.reserve(count + 1);
  packages.emplace_back();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t size = reader.u8();
    packages.push_back(as_text(reader.take(size)));
    if (!reader.ok() || size == 0) return fail(Errc::invalid, "package {} is damaged", i + 1);
  }
  return packages;
}

Result<Entry> read_entry(ByteReader& reader, const std::vector<std::string_view>& packages) {
  Entry entry;
  const Bytes digest = reader.take(entry.digest.size());
  const std::size_t kind = reader.u8(), language = reader.u8(), origin = reader.u8();
  const std::size_t package = reader.u32();
  const std::size_t size = reader.u16();
  entry.path = as_text(reader.take(size));
  if (!reader.ok()) return fail(Errc::invalid, "is cut short");
  if (kind >= identity::kFileKinds || language >= identity::kLanguages || origin >= kOrigins ||
      package >= packages.size())
    return fail(Errc::invalid, "has a number that stands for nothing");
  std::ranges::copy(digest, entry.digest.begin());
  entry.kind = static_cast<identity::FileKind>(kind);
  entry.language = static_cast<identity::Language>(language);
  entry.origin = static_cast<Origin>(origin);
  entry.package = packages[package];
  return entry;
}

}  // namespace

std::string list_bytes(const List& list) {
  std::string bytes(kMagic);
  bytes.reserve(list.bytes() + kMaxReason);
  put_number(bytes, kVersion, 2);
  put_number(bytes, list.head().generation, 8);
  put_number(bytes, static_cast<std::uint64_t>(list.head().made), 8);
  put_sized(bytes, std::string_view(list.head().reason).substr(0, kMaxReason), 2);
  const Packages packages = packages_of(list);
  put_number(bytes, packages.size(), 4);
  for (const auto& [name, number] : packages) put_sized(bytes, name, 1);
  put_number(bytes, list.size(), 4);
  for (std::size_t i = 0; i < list.size(); ++i) put_entry(bytes, list.at_by_path(i), packages);
  return bytes;
}

Result<std::shared_ptr<const List>> read_list(Bytes bytes) {
  ByteReader reader(bytes);
  BANSOKO_TRY(List::Head head, read_head(reader));
  BANSOKO_TRY(const auto packages, read_packages(reader));
  const std::size_t count = reader.u32();
  const std::size_t left = reader.rest().size();
  if (count > kMaxEntries || count > left / kSmallestEntry)
    return fail(Errc::invalid, "it names more entries than it holds");
  std::size_t texts = left - count * (kSmallestEntry - 1);
  for (const std::string_view package : packages) texts += package.size();
  ListBuilder builder(std::move(head), count, texts);
  for (std::size_t i = 0; i < count; ++i) {
    const auto entry = read_entry(reader, packages);
    if (!entry) return fail(Errc::invalid, "entry {} {}", i + 1, entry.error().message);
    if (!builder.add(*entry)) return fail(Errc::invalid, "entry {} has no path that can be", i + 1);
    if (!builder.is_by_path()) return fail(Errc::invalid, "entry {} is out of order", i + 1);
  }
  if (!reader.ok() || !reader.rest().empty()) return fail(Errc::invalid, "bytes stand behind its end");
  return builder.finish();
}

}  // namespace bansoko::approved
