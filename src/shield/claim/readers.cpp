// SPDX-License-Identifier: Apache-2.0
#include "shield/claim/readers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <span>

#include "base/base64.h"
#include "base/text.h"

namespace bansoko::claim {
namespace {

/// The next line, without its end; `rest` goes on behind it.
std::string_view next_line(std::string_view& rest) noexcept {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool begins(std::string_view text, std::string_view with) noexcept {
  return same_text(text.substr(0, with.size()), with);
}

/// The value of the first header of that name that `take` accepts.
template <class Take>
void each_header(Bytes part, std::string_view name, Take take) noexcept {
  std::string_view rest = as_text(part);
  while (!rest.empty()) {
    const std::string_view line = next_line(rest);
    if (line.size() > name.size() && line[name.size()] == ':' && begins(line, name) &&
        take(trim(line.substr(name.size() + 1))))
      return;
  }
}

/// Text of a fixed room, which takes what fits.
class Writer {
 public:
  Writer& add(std::string_view text) noexcept {
    const std::size_t size = std::min(text.size(), room_.size() - size_);
    std::copy_n(text.begin(), size, room_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += size;
    return *this;
  }
  Writer& add(std::uint64_t number) noexcept {
    std::array<char, 20> digits{};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return add(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
  }
  /// UTF-16 as text; what is not ASCII, or a blank, is left out.
  void add_wide(Bytes wide) noexcept {
    for (std::size_t i = 0; i + 1 < wide.size() && size_ < room_.size(); i += 2)
      if (wide[i + 1] == 0 && wide[i] > 0x20 && wide[i] < 0x7f) room_[size_++] = static_cast<char>(wide[i]);
  }
  std::string_view text() const noexcept { return {room_.data(), size_}; }

 private:
  std::array<char, Claim::kMostText> room_{};
  std::size_t size_ = 0;
};

// [MS-NLMP] sections 2.2.1.1 to 2.2.1.3: the type decides where flags and version stand.
enum MessageType : std::uint32_t { negotiate = 1, challenge = 2, authenticate = 3 };
constexpr std::string_view kSignature{"NTLMSSP\0", 8};
constexpr std::uint32_t kNegotiateVersion = 0x02000000;
constexpr std::size_t kTargetInfoAt = 40;

struct Places {
  std::size_t flags, version;
};
constexpr std::array<Places, 4> kPlaces{{{0, 0}, {12, 32}, {20, 48}, {60, 64}}};

// [MS-NLMP] section 2.2.2.1.
enum AvId : std::uint16_t { av_end = 0, av_computer = 1, av_dns_computer = 3 };

void add_names(Bytes message, Writer& out) noexcept {
  ByteReader in(message);
  in.skip(kTargetInfoAt);
  const std::size_t size = in.u16le();
  in.skip(2);  // MaxLen
  const std::size_t offset = in.u32le();
  if (!in.ok() || offset > message.size()) return;
  ByteReader pairs(message.subspan(offset, std::min(size, message.size() - offset)));
  constexpr int kMostPairs = 16;
  for (int i = 0; i < kMostPairs; ++i) {
    const std::uint16_t id = pairs.u16le();
    const Bytes value = pairs.take(pairs.u16le());
    if (!pairs.ok() || id == av_end) return;
    if (id != av_computer && id != av_dns_computer) continue;
    out.add(id == av_computer ? " computer=" : " dns=");
    out.add_wide(value);
  }
}

/// Where a date or a time of day begins: "Mon, 23 Nov", "Mon Nov 23", " ready at "; the end where there is
/// none.
std::size_t time_in(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  for (std::size_t at = 1; at + 4 < text.size(); ++at) {
    const bool word = text[at - 1] == ' ' && (text[at + 3] == ' ' || text[at + 3] == ',');
    if (word && std::ranges::find(kDays, text.substr(at, 3)) != kDays.end()) return at;
  }
  const std::size_t local = text.find("Local time is now ");
  return std::min(local, text.size());
}

constexpr std::array<std::string_view, 4> kCodes{"220-", "220 ", "+OK", "* OK"};

/// What stands behind the code of a line; nothing: it has another.
std::optional<std::string_view> behind_code(std::string_view line) noexcept {
  for (const std::string_view code : kCodes)
    if (line.starts_with(code)) return trim(line.substr(code.size()));
  return std::nullopt;
}

}  // namespace

void read_text(Bytes part, std::string_view, Claim& claim) noexcept { write(as_text(part), claim); }

void read_ascii(Bytes part, std::string_view, Claim& claim) noexcept {
  if (std::ranges::all_of(part, [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; }))
    write(as_text(part), claim);
}

void read_header(Bytes part, std::string_view argument, Claim& claim) noexcept {
  each_header(part, argument, [&](std::string_view value) {
    write(value, claim);
    return true;
  });
}

void read_line(Bytes part, std::string_view argument, Claim& claim) noexcept {
  std::string_view rest = as_text(part);
  while (!rest.empty()) {
    const std::string_view line = next_line(rest);
    if (line.starts_with(argument)) return write(line.substr(argument.size()), claim);
  }
}

void read_ntlmssp(Bytes part, std::string_view, Claim& claim) noexcept {
  const std::size_t at = as_text(part).find(kSignature);
  if (at == std::string_view::npos) return;
  const Bytes message = part.subspan(at);
  ByteReader head(message);
  head.skip(kSignature.size());
  const std::uint32_t type = head.u32le();
  if (!head.ok() || type < negotiate || type > authenticate) return;
  ByteReader flags(message.subspan(std::min(message.size(), kPlaces[type].flags)));
  const bool has_version = (flags.u32le() & kNegotiateVersion) != 0;
  ByteReader version(message.subspan(std::min(message.size(), kPlaces[type].version)));
  const std::uint64_t major = version.u8(), minor = version.u8(), build = version.u16le();
  Writer out;
  // Only where all of it is there and something is said by it: some send zeros.
  if (has_version && version.ok() && major != 0) out.add(major).add(".").add(minor).add(".").add(build);
  if (type == challenge) add_names(message, out);
  write(out.text(), claim);
}

void read_ntlmssp_header(Bytes part, std::string_view argument, Claim& claim) noexcept {
  each_header(part, argument, [&](std::string_view value) {
    const std::size_t blank = value.find(' ');
    const std::string_view scheme = value.substr(0, blank);
    if (blank == std::string_view::npos || (!same_text(scheme, "NTLM") && !same_text(scheme, "Negotiate")))
      return false;
    std::array<std::uint8_t, 1024> room;
    const std::size_t size = decode_base64(as_bytes(value.substr(blank + 1)), room);
    read_ntlmssp(Bytes(room).first(size), {}, claim);
    return claim.size > 0;
  });
}

void read_tds_version(std::uint64_t number, const proto::Field&, Claim& claim) noexcept {
  Writer out;
  if (number != 0)
    out.add(number >> 24 & 0xff).add(".").add(number >> 16 & 0xff).add(".").add(number & 0xffff);
  write(out.text(), claim);
}

void read_tls_version(std::uint64_t number, const proto::Field&, Claim& claim) noexcept {
  constexpr std::uint64_t kSsl2 = 2, kSsl3 = 0x0300, kLast = 0x0304;
  Writer out;
  if (number == kSsl2)
    out.add("ssl2");
  else if (number == kSsl3)
    out.add("ssl3");
  else if (number > kSsl3 && number <= kLast)
    out.add("1.").add(number - kSsl3 - 1);
  write(out.text(), claim);
}

void read_greeting(std::string_view said, Claim& claim) noexcept {
  Writer out;
  while (!said.empty()) {
    const auto text = behind_code(next_line(said));
    if (!text) break;
    std::string_view line = text->substr(0, time_in(*text));
    // APOP's stamp (RFC 1939 section 7).
    if (const std::size_t stamp = line.find('<'); stamp != std::string_view::npos && line.ends_with('>'))
      line = line.substr(0, stamp);
    line = trim(line);
    for (const std::string_view end : {";", ",", " ready at", " at"})
      if (line.ends_with(end)) line.remove_suffix(end.size());
    if (!line.empty()) out.add(out.text().empty() ? "" : " ").add(line);
  }
  write(out.text(), claim);
}

}  // namespace bansoko::claim
