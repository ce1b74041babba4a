// SPDX-License-Identifier: Apache-2.0
#include "archive/contents.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bansoko::archive {
namespace {

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

Result<std::string> safe_path(std::string_view path) {
  if (has_control_character(path)) return fail(Errc::invalid, "a path with control characters");
  if (path.starts_with('/')) return fail(Errc::invalid, "'{}' is an absolute path", path);
  std::string safe;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view step = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), step.size() + 1));
    if (step == "..") return fail(Errc::invalid, "'{}' leads out of the archive", path);
    if (step.empty() || step == ".") continue;
    if (!safe.empty()) safe += '/';
    safe += step;
  }
  return safe;
}

Result<> Collector::meet(std::string_view path, std::uint64_t size) {
  if (++members_ > limits_.max_members)
    return fail(Errc::limit, "it has more than {} members", limits_.max_members);
  if (size > limits_.max_bytes || bytes_ + size > limits_.max_bytes)
    return fail(Errc::limit, "it is larger than {} bytes when unpacked, at '{}'", limits_.max_bytes, path);
  bytes_ += size;
  return {};
}

Result<> Collector::check_size(std::string_view path, std::size_t size) const {
  if (size > limits_.max_member_bytes)
    return fail(Errc::limit, "'{}' is larger than {} bytes", path, limits_.max_member_bytes);
  return {};
}

void Collector::ignore(std::string_view path, std::string_view why) {
  contents_.ignored.push_back(fmt::format("{}: {}", path, why));
}

Contents Collector::finish() && {
  auto& members = contents_.members;
  std::ranges::stable_sort(members, {}, &Member::path);
  std::vector<Member> kept;
  for (Member& member : members) {
    if (!kept.empty() && kept.back().path == member.path) {
      ignore(member.path, "stands in it twice; the later one is taken");
      kept.back() = std::move(member);
    } else {
      kept.push_back(std::move(member));
    }
  }
  members = std::move(kept);
  return std::move(contents_);
}

}  // namespace bansoko::archive
