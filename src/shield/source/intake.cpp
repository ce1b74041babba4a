// SPDX-License-Identifier: Apache-2.0
#include "shield/source/intake.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

namespace bansoko::source {
namespace {

bool contains_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return to_lower(a) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

std::string digest_of(const archive::Contents& contents) {
  Digest digest(DigestKind::sha256);
  for (const archive::Member& member : contents.members) {
    digest.add(as_bytes(fmt::format("{} {}\n", member.bytes.size(), member.path)));
    digest.add(as_bytes(member.bytes));
  }
  return hexadecimal(digest.finish());
}

/// A name that is free in `taken`, and from now on is not.
std::string take_name(const std::string& name, std::set<std::string>& taken) {
  std::string free = name;
  for (std::size_t number = 2; !taken.insert(free).second; ++number) {
    const auto dot = std::min(name.rfind('.'), name.size());
    free = fmt::format("{}-{}{}", name.substr(0, dot), number, name.substr(dot));
  }
  return free;
}

std::string without_odd_signs(std::string_view name) {
  std::string safe(name);
  for (char& c : safe) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '_';
    if (!plain) c = '_';
  }
  // A leading dot would hide the file from "*.rules".
  return safe.starts_with('.') ? "_" + safe : safe;
}

}  // namespace

std::string_view base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_rule_file(std::string_view path) { return path.ends_with(".rules"); }

bool is_licence_file(std::string_view path) {
  const auto name = base_name(path);
  return contains_word(name, "license") || contains_word(name, "licence") || contains_word(name, "copying") ||
         (name.starts_with("gpl-") && name.ends_with(".txt"));
}

bool is_wanted(std::string_view path) {
  const auto name = base_name(path);
  return is_rule_file(path) || is_licence_file(path) || name == "classification.config" ||
         same_text(name, "version.txt");
}

Result<Intake> take_in(const std::string& from, const archive::Limits& limits) {
  Intake intake;
  std::error_code error;
  if (std::filesystem::is_directory(from, error)) {
    BANSOKO_TRY(intake.contents, archive::read_folder(from, limits, is_wanted));
    intake.sha256 = digest_of(intake.contents);
    return intake;
  }
  BANSOKO_TRY(std::string bytes, read_file(from, limits.max_archive_bytes));
  Digest digest(DigestKind::sha256);
  digest.add(as_bytes(bytes));
  intake.sha256 = hexadecimal(digest.finish());
  if (is_rule_file(from)) {
    intake.contents.members.push_back({.path = std::string(base_name(from)), .bytes = std::move(bytes)});
    return intake;
  }
  auto contents = archive::read_archive(as_bytes(bytes), limits, is_wanted);
  if (!contents) return fail(contents.error().code, "{}: {}", from, contents.error().message);
  intake.contents = std::move(*contents);
  return intake;
}

std::vector<std::string> names_to_keep(const std::vector<archive::Member>& members) {
  std::set<std::string> taken{"source.yaml", "decisions.tsv"};
  std::vector<std::string> names;
  names.reserve(members.size());
  for (const archive::Member& member : members)
    names.push_back(take_name(without_odd_signs(base_name(member.path)), taken));
  return names;
}

}  // namespace bansoko::source
