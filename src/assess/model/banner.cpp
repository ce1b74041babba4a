// SPDX-License-Identifier: Apache-2.0
#include "assess/model/banner.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace bansoko::assess {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_of_version(char c) noexcept {
  return is_digit(c) || c == '.' || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
}

/// How many characters at the front are a version.
std::size_t version_size(std::string_view text) noexcept {
  if (text.empty() || !is_digit(text.front())) return 0;
  std::size_t size = 1;
  while (size < text.size() && is_of_version(text[size])) ++size;
  while (text[size - 1] == '.') --size;
  return size;
}

bool begins(std::string_view text, std::string_view with) noexcept {
  return same_text(text.substr(0, with.size()), with);
}

}  // namespace

Result<BannerPattern> BannerPattern::parse(std::string_view text) {
  BannerPattern made;
  std::size_t stars = 0, versions = 0;
  while (!text.empty()) {
    if (text.starts_with('*')) {
      made.parts_.push_back({Kind::star, {}});
      ++stars;
      text.remove_prefix(1);
    } else if (text.starts_with("{version}")) {
      made.parts_.push_back({Kind::version, {}});
      ++versions;
      text.remove_prefix(9);
    } else if (text.starts_with("{word}")) {
      made.parts_.push_back({Kind::word, {}});
      text.remove_prefix(6);
    } else if (text.starts_with('{')) {
      return fail(Errc::invalid, "'{}' is no place (valid: {{version}}, {{word}})",
                  text.substr(0, text.find('}') + 1));
    } else {
      const std::string_view literal = text.substr(0, text.find_first_of("*{"));
      made.parts_.push_back({Kind::text, std::string(literal)});
      text.remove_prefix(literal.size());
    }
  }
  if (stars > kMostStars) return fail(Errc::limit, "more than {} stars", kMostStars);
  if (versions > 1) return fail(Errc::invalid, "more than one {{version}}");
  const bool has_text =
      std::ranges::any_of(made.parts_, [](const Part& part) { return part.kind == Kind::text; });
  if (!has_text && (made.parts_.empty() || made.parts_.front().kind != Kind::version))
    return fail(Errc::invalid, "a banner is told by some text, or begins with its version");
  return made;
}

std::optional<std::string_view> BannerPattern::match(std::string_view banner) const noexcept {
  if (parts_.empty()) return std::nullopt;
  return match_from(0, banner.substr(0, kMostText), {});
}

/// A star takes as little as it can; it alone tries again.
std::optional<std::string_view> BannerPattern::match_from(std::size_t at, std::string_view rest,
                                                          std::string_view version) const noexcept {
  for (; at < parts_.size(); ++at) {
    const Part& part = parts_[at];
    std::size_t size = 0;
    switch (part.kind) {
      case Kind::star:
        for (std::size_t skip = 0; skip <= rest.size(); ++skip)
          if (auto found = match_from(at + 1, rest.substr(skip), version)) return found;
        return std::nullopt;
      case Kind::text:
        if (!begins(rest, part.text)) return std::nullopt;
        size = part.text.size();
        break;
      case Kind::version:
        size = version_size(rest);
        version = rest.substr(0, size);
        break;
      case Kind::word:
        size = std::min(rest.find_first_of(" \t"), rest.size());
        break;
    }
    if (size == 0) return std::nullopt;
    rest.remove_prefix(size);
  }
  return version;
}

}  // namespace bansoko::assess
