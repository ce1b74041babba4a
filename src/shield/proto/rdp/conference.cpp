// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/rdp/mcs.h"
#include "shield/proto/rdp/per_length.h"

namespace bansoko::proto::rdp {
namespace {

// T.124 section 8.7 in aligned PER (X.691); [MS-RDPBCGR] section 4.1.3 has an example, byte by byte.

/// The key that names T.124 with an object identifier, and the length of what follows.
bool skip_key(ByteReader& in) noexcept {
  constexpr std::uint8_t kObject = 0;
  if (in.u8() != kObject) return false;
  in.skip(in.u8());
  per_length(in);
  return in.ok();
}

/// One set of user data, whose key is a string of H.221.
std::optional<Bytes> take_user_data(ByteReader& in, std::string_view key) noexcept {
  constexpr std::uint8_t kHasValueAndH221Key = 0xc0;
  constexpr std::size_t kLeastKey = 4;
  in.skip(1);  // how many sets there are
  if (in.u8() != kHasValueAndH221Key) return std::nullopt;
  const Bytes found = in.take(in.u8() + kLeastKey);
  const std::size_t size = per_length(in);
  if (!in.ok() || as_text(found) != key) return std::nullopt;
  // A length beyond the end: the blocks themselves say where they end.
  return in.take(std::min(size, in.rest().size()));
}

constexpr std::string_view kClientKey = "Duca", kServerKey = "McDn";

std::optional<Bytes> request_data(ByteReader in) noexcept {
  constexpr std::uint8_t kConferenceCreateRequest = 0, kUserDataOnly = 0x08;
  if (in.u8() != kConferenceCreateRequest || in.u8() != kUserDataOnly) return std::nullopt;
  const std::size_t digits = in.u8() + std::size_t{1};
  in.skip((digits + 1) / 2);  // the conference's name, two digits to a byte
  in.skip(1);                 // flags that are all off, up to the next whole byte
  return take_user_data(in, kClientKey);
}

std::optional<Bytes> response_data(ByteReader in) noexcept {
  constexpr std::uint8_t kConferenceCreateResponse = 0x14;
  if (in.u8() != kConferenceCreateResponse) return std::nullopt;
  in.skip(2);        // nodeID
  in.skip(in.u8());  // tag
  in.skip(1);        // result
  return take_user_data(in, kServerKey);
}

}  // namespace

std::optional<Bytes> conference_user_data(Bytes connect_data) noexcept {
  ByteReader in(connect_data);
  if (skip_key(in)) {
    if (const auto found = request_data(in)) return found;
    if (const auto found = response_data(in)) return found;
  }
  return std::nullopt;
}

std::optional<Bytes> find_user_data(Bytes connect_data) noexcept {
  for (const std::string_view key : {kClientKey, kServerKey}) {
    const std::size_t at = as_text(connect_data).find(key);
    if (at == std::string_view::npos) continue;
    ByteReader in(connect_data.subspan(at + key.size()));
    const std::size_t size = per_length(in);
    return in.take(std::min(size, in.rest().size()));
  }
  return std::nullopt;
}

}  // namespace bansoko::proto::rdp
