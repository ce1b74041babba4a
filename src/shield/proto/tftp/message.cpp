// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tftp/message.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bansoko::proto::tftp {
namespace {

enum Operation : std::uint16_t { read_request = 1, write_request, data, acknowledgement, error, options };

constexpr std::array<std::string_view, 3> kModes{"netascii", "octet", "mail"};

/// The text up to a zero; a ByteReader that fails: there is none.
std::string_view take_text(ByteReader& in) noexcept {
  const std::string_view rest = as_text(in.rest());
  const std::size_t size = rest.find('\0');
  if (size == std::string_view::npos) {
    in.skip(rest.size() + 1);
    return {};
  }
  const std::string_view text = as_text(in.take(size));
  in.skip(1);
  return text;
}

}  // namespace

bool is_request(Bytes bytes) noexcept {
  ByteReader in(bytes);
  const std::uint16_t operation = in.u16();
  const std::string_view file = take_text(in);
  const std::string_view mode = take_text(in);
  const bool known_mode = std::ranges::any_of(kModes, [mode](auto known) { return same_text(known, mode); });
  return in.ok() && (operation == read_request || operation == write_request) && !file.empty() && known_mode;
}

std::uint32_t TftpMessage::read(Bytes bytes) noexcept {
  ByteReader in(bytes);
  const std::uint16_t operation = in.u16();
  switch (operation) {
    case read_request:
    case write_request:
      return is_request(bytes) ? 0 : kMalformed;
    case data:
    case acknowledgement:
    case error:
      in.skip(2);
      return in.ok() ? 0 : kMalformed;
    case options:
      return 0;
    default:
      return kMalformed;
  }
}

}  // namespace bansoko::proto::tftp
