// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/store.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_lock.h"
#include "lockdown/approved/list_file.h"

namespace bansoko::approved {
namespace {

constexpr std::size_t kLargestFile = std::size_t{2} << 30U;
constexpr std::string_view kEnding = ".list";

std::optional<std::uint64_t> number_of(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

/// 0 if none is known.
Result<std::uint64_t> noted_generation(const std::string& folder) {
  const std::string path = folder + "/generation";
  const auto text = read_file(path, 64);
  if (!text && text.error().code == Errc::not_found) return 0;
  if (!text) return tl::unexpected<Error>(text.error());
  const auto number = number_of(std::string_view(*text).substr(0, text->find('\n')));
  if (!number) return fail(Errc::invalid, "{} holds no number", path);
  return *number;
}

Result<std::shared_ptr<const List>> read_signed(const std::string& path, std::uint64_t generation,
                                                const PublicKey& key) {
  BANSOKO_TRY(const std::string text, read_file(path, kLargestFile));
  const Bytes bytes = as_bytes(text);
  constexpr std::size_t kSignature = std::tuple_size_v<Signature>;
  if (bytes.size() < kSignature) return fail(Errc::invalid, "{}: it is cut short", path);
  const Bytes signed_part = bytes.first(bytes.size() - kSignature);
  if (!is_signed_by(key, signed_part, bytes.last(kSignature)))
    return fail(Errc::invalid, "{}: it is damaged, or not signed by the key of this machine", path);
  auto list = read_list(signed_part);
  if (!list) return fail(list.error().code, "{}: {}", path, list.error().message);
  if ((*list)->head().generation != generation)
    return fail(Errc::invalid, "{}: it is generation {}, put in the place of another", path,
                (*list)->head().generation);
  return list;
}

Result<> check_entries(const std::vector<Entry>& entries) {
  if (entries.size() > kMaxEntries)
    return fail(Errc::limit, "{} entries are more than the {} a list may have", entries.size(), kMaxEntries);
  std::size_t texts = 0;
  for (const Entry& entry : entries) {
    if (!fits(entry))
      return fail(Errc::invalid,
                  "'{}' cannot be on the list: a path is absolute, at most {} bytes, and without NUL",
                  entry.path.substr(0, kMaxPath), kMaxPath);
    texts += entry.path.size() + entry.package.size();
  }
  if (texts > kMaxTexts) return fail(Errc::limit, "the paths of the list take more than {} bytes", kMaxTexts);
  return {};
}

/// What is added comes first, so that its word counts.
std::vector<Entry> changed(const List* before, const Change& change) {
  std::vector<Entry> entries = change.add;
  if (before == nullptr) return entries;
  const std::set<identity::Sha256> removed(change.remove.begin(), change.remove.end());
  std::set<std::string_view> superseded;
  if (change.supersede)
    for (const Entry& entry : change.add) superseded.insert(entry.path);
  entries.reserve(entries.size() + before->size());
  for (std::size_t i = 0; i < before->size(); ++i) {
    const Entry entry = before->at(i);
    if (!removed.contains(entry.digest) && !superseded.contains(entry.path)) entries.push_back(entry);
  }
  return entries;
}

}  // namespace

Result<Store> Store::open(const std::string& folder) {
  BANSOKO_CHECK(make_folder(folder, 0700));
  BANSOKO_CHECK(make_folder(folder + "/list", 0700));
  const std::string path = folder + "/key.pem";
  auto key = SigningKey::read(path);
  if (!key && key.error().code == Errc::not_found) {
    // Two that begin at once must not each make one.
    BANSOKO_TRY(const FileLock lock, FileLock::take(folder + "/lock", kLockTime));
    key = SigningKey::read(path);
    if (!key && key.error().code == Errc::not_found) key = SigningKey::make(path);
  }
  BANSOKO_TRY(SigningKey own, std::move(key));
  return Store(folder, std::move(own));
}

std::string Store::path_of(std::uint64_t generation) const {
  return fmt::format("{}/list/{:020}{}", folder_, generation, kEnding);
}

Result<std::vector<std::uint64_t>> Store::generations() const {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder_ + "/list", error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.ends_with(kEnding)) continue;
    if (const auto number = number_of(std::string_view(name).substr(0, name.size() - kEnding.size())))
      numbers.push_back(*number);
  }
  if (error) return fail_errno(fmt::format("cannot list {}/list", folder_), error.value());
  std::sort(numbers.rbegin(), numbers.rend());
  return numbers;
}

Result<std::shared_ptr<const List>> Store::load_generation(std::uint64_t generation) const {
  return read_signed(path_of(generation), generation, key_.public_key());
}

Result<std::shared_ptr<const List>> Store::load(std::vector<std::string>& damaged) const {
  BANSOKO_TRY(const auto numbers, generations());
  const auto noted = noted_generation(folder_);
  if (!noted) damaged.push_back(noted.error().message);
  if (noted && *noted == 0 && !numbers.empty())
    damaged.push_back(fmt::format("{}/generation is gone, which says what the newest is", folder_));
  if (noted && *noted != 0 && (numbers.empty() || numbers.front() < *noted))
    damaged.push_back(fmt::format("{} is gone, which was the newest", path_of(*noted)));
  for (const std::uint64_t number : numbers) {
    auto list = load_generation(number);
    if (list) return list;
    damaged.push_back(list.error().message);
  }
  if (damaged.empty()) return fail(Errc::not_found, "{}: there is no approved list yet", folder_);
  return fail(Errc::not_found, "{}: no approved list is good: {}", folder_, fmt::join(damaged, "; "));
}

/// A number that was ever given is not given again.
Result<std::uint64_t> Store::next_generation() const {
  BANSOKO_TRY(const auto numbers, generations());
  const auto noted = noted_generation(folder_);
  return std::max(noted ? *noted : 0, numbers.empty() ? 0 : numbers.front()) + 1;
}

Result<std::shared_ptr<const List>> Store::write(std::uint64_t generation, const std::vector<Entry>& entries,
                                                 const std::string& reason) {
  BANSOKO_CHECK(check_entries(entries));
  const auto list = List::make(
      {.generation = generation, .made = std::time(nullptr), .reason = reason.substr(0, kMaxReason)},
      entries);
  std::string bytes = list_bytes(*list);
  BANSOKO_TRY(const Signature signature, key_.sign(as_bytes(bytes)));
  bytes += as_text(signature);
  remove_old();
  BANSOKO_CHECK(write_file_atomic(path_of(generation), bytes, 0600));
  auto read_back = load_generation(generation);
  if (!read_back) {
    ::unlink(path_of(generation).c_str());
    return fail(Errc::io, "what was written does not read back, so the list of before holds: {}",
                read_back.error().message);
  }
  BANSOKO_CHECK(write_file_atomic(folder_ + "/generation", fmt::format("{}\n", generation), 0600));
  remove_old();
  return read_back;
}

/// Also what a writer that died has left aside. What cannot be removed is tried again at the next commit.
void Store::remove_old() const {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder_ + "/list", error), end; !error && at != end;
       at.increment(error))
    if (at->path().extension() == ".tmp") ::unlink(at->path().c_str());
  const auto numbers = generations();
  for (std::size_t i = kKept; numbers && i < numbers->size(); ++i) ::unlink(path_of((*numbers)[i]).c_str());
}

Result<std::shared_ptr<const List>> Store::commit(const Change& change) {
  BANSOKO_CHECK(check_entries(change.add));
  BANSOKO_TRY(const FileLock lock, FileLock::take(folder_ + "/lock", kLockTime));
  std::vector<std::string> damaged;
  const auto before = load(damaged);
  if (!before && (before.error().code != Errc::not_found || !damaged.empty()))
    return tl::unexpected<Error>(before.error());
  BANSOKO_TRY(const std::uint64_t generation, next_generation());
  return write(generation, changed(before ? before->get() : nullptr, change), change.reason);
}

Result<std::shared_ptr<const List>> Store::replace(const std::vector<Entry>& entries,
                                                   const std::string& reason) {
  BANSOKO_TRY(const FileLock lock, FileLock::take(folder_ + "/lock", kLockTime));
  BANSOKO_TRY(const std::uint64_t generation, next_generation());
  return write(generation, entries, reason);
}

}  // namespace bansoko::approved
