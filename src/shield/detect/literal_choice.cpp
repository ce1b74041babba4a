// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/literal_choice.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bansoko::detect {
namespace {

// Bits of surprise of one byte among protocol text and common binary: letters are frequent, zero bytes and
// fill bytes more so.
constexpr double surprise(std::uint8_t byte) noexcept {
  if (byte == 0x00) return 2.0;
  if (byte == 0xff || byte == ' ' || byte == '\r' || byte == '\n') return 4.0;
  const char c = static_cast<char>(byte);
  if (std::string_view("etaoinsr").find(to_lower(c)) != std::string_view::npos) return c >= 'a' ? 4.0 : 5.5;
  if (c >= 'a' && c <= 'z') return 5.0;
  if (c >= 'A' && c <= 'Z') return 6.0;
  if (c >= '0' && c <= '9') return 5.0;
  if (std::string_view("/.-=:;,&\"<>_").find(c) != std::string_view::npos) return 5.0;
  return 7.0;
}

constexpr auto kSurprise = [] {
  std::array<double, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte)
    table[byte] = surprise(static_cast<std::uint8_t>(byte));
  return table;
}();

// Words that stand in most requests, responses or file headers: a literal inside one says little.
constexpr std::array<std::string_view, 40> kCommonWords{"HTTP/1.1\r\n",
                                                        "HTTP/1.",
                                                        "GET /",
                                                        "POST /",
                                                        "Mozilla/5.0 (",
                                                        "Mozilla/4.0 (",
                                                        "Windows NT ",
                                                        "AppleWebKit/",
                                                        "text/html",
                                                        "application/",
                                                        "Content-Type: ",
                                                        "Content-Length: ",
                                                        "User-Agent: ",
                                                        "Accept-Encoding",
                                                        "gzip, deflate",
                                                        "Host: ",
                                                        "Referer: ",
                                                        "Cookie: ",
                                                        "Connection: ",
                                                        "keep-alive",
                                                        "index.php?",
                                                        ".php",
                                                        ".html",
                                                        ".aspx",
                                                        "javascript",
                                                        "<script",
                                                        "http://",
                                                        "https://",
                                                        "www.",
                                                        ".com",
                                                        "x-www-form-urlencoded",
                                                        "multipart/form-data",
                                                        "Content-Disposition: form-data",
                                                        "filename=",
                                                        "name=\"",
                                                        "\r\n\r\n",
                                                        "function",
                                                        "200 OK",
                                                        "boundary=",
                                                        "compatible; MSIE "};

/// Every two bytes in a row of those words. Few literals have no others, and need a closer look.
constexpr std::size_t pair_of(char first, char second) noexcept {
  return (static_cast<std::size_t>(to_lower(first)) & 0x7fU) << 7U |
         (static_cast<std::size_t>(to_lower(second)) & 0x7fU);
}
constexpr auto kCommonPairs = [] {
  std::array<bool, std::size_t{1} << 14U> pairs{};
  for (const std::string_view word : kCommonWords)
    for (std::size_t at = 1; at < word.size(); ++at) pairs[pair_of(word[at - 1], word[at])] = true;
  return pairs;
}();

bool is_common(std::string_view bytes) noexcept {
  for (std::size_t at = 1; at < bytes.size(); ++at)
    if (!kCommonPairs[pair_of(bytes[at - 1], bytes[at])]) return false;
  return std::ranges::any_of(kCommonWords, [bytes](std::string_view word) {
    if (bytes.size() > word.size()) return false;
    for (std::size_t at = 0; at + bytes.size() <= word.size(); ++at)
      if (same_text(word.substr(at, bytes.size()), bytes)) return true;
    return false;
  });
}

/// Adds up how surprising bytes are; one that is there again says less each time.
class Surprise {
 public:
  void add(char c) noexcept {
    const auto byte = static_cast<std::uint8_t>(c);
    bits_ += kSurprise[byte] / ++seen_[byte];
  }
  void remove(char c) noexcept {
    const auto byte = static_cast<std::uint8_t>(c);
    bits_ -= kSurprise[byte] / seen_[byte]--;
  }
  double of(std::string_view bytes, bool nocase) const noexcept {
    const double bits = nocase ? bits_ * 0.9 : bits_;
    return is_common(bytes) ? bits / 4 : bits;
  }

 private:
  std::array<std::uint16_t, 256> seen_{};
  double bits_ = 0;
};

/// How unlikely a byte string is in ordinary traffic, in bits, roughly.
double rarity(std::string_view bytes, bool nocase) noexcept {
  Surprise all;
  for (const char c : bytes) all.add(c);
  return all.of(bytes, nocase);
}

std::string_view rarest_part(std::string_view bytes, bool nocase) noexcept {
  constexpr double kRounding = 1e-9;  // of equal ones the first
  if (bytes.size() <= kLongestLiteral) return bytes;
  std::string_view best = bytes.substr(0, kLongestLiteral);
  Surprise window;
  for (const char c : best) window.add(c);
  double best_rarity = window.of(best, nocase);
  for (std::size_t at = 1; at + kLongestLiteral <= bytes.size(); ++at) {
    const auto part = bytes.substr(at, kLongestLiteral);
    window.remove(bytes[at - 1]);
    window.add(part.back());
    if (const double value = window.of(part, nocase); value > best_rarity + kRounding) {
      best = part;
      best_rarity = value;
    }
  }
  return best;
}

std::string_view literal_of(const Content& content) noexcept {
  std::string_view bytes = as_text(content.finder.needle());
  if (content.fast_size != 0) bytes = bytes.substr(content.fast_first, content.fast_size);
  return rarest_part(bytes, content.finder.nocase());
}

/// Calls `use(content, part)` for each content that must be there and may be searched for, while that gives
/// true.
template <class Use>
void for_each_required(const CompiledRule& rule, Use&& use) {
  for (std::size_t part = 0; part < rule.parts.size(); ++part) {
    // In a message's own buffers first: the stream is looked at only if there is nothing else.
    if (rule.scope == Scope::transaction && rule.parts[part].is_payload()) continue;
    if (rule.parts[part].of_packet != nullptr || rule.parts[part].absence != Part::Absence::fails) continue;
    for (const Step& step : rule.parts[part].steps) {
      const auto* content = std::get_if<Content>(&step.kind);
      if (content != nullptr && !content->negated && !use(*content, part)) return;
    }
  }
}

}  // namespace

std::optional<ChosenLiteral> choose_literal(const CompiledRule& rule) {
  std::optional<ChosenLiteral> chosen;
  for_each_required(rule, [&chosen](const Content& content, std::size_t part) {
    if (content.fast_pattern) chosen = ChosenLiteral{literal_of(content), content.finder.nocase(), part};
    return !chosen;
  });
  if (chosen) return chosen;
  double best_rarity = 0;
  for_each_required(rule, [&](const Content& content, std::size_t part) {
    const std::string_view literal = literal_of(content);
    const bool nocase = content.finder.nocase();
    const double value = rarity(literal, nocase);
    if (chosen && value <= best_rarity) return true;
    chosen = ChosenLiteral{literal, nocase, part};
    best_rarity = value;
    return true;
  });
  return chosen;
}

}  // namespace bansoko::detect
