// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "shield/proto/protocol.h"
#include "shield/proto/sip/limits.h"
#include "shield/proto/sip/sdp.h"

namespace bansoko::proto::sip {

enum class HeaderName : std::uint8_t { other, from, to, via, user_agent, content_type, content_length };

/// A request or a response (RFC 3261 section 7). Views into what was read.
class SipMessage final : public Transaction {
 public:
  explicit SipMessage(const Limits& limits) : description_(limits.sdp_lines), headers_(limits.headers) {}

  /// Takes a message whose end is that of `text`. `is_cut`: the rest of it is not at hand.
  AnomalyBits read(std::string_view text, bool is_cut) noexcept;

  /// The value of the header numbered `instance` of that name.
  std::optional<std::string_view> header(HeaderName name, unsigned instance) const noexcept;
  /// The whole line of any header.
  std::optional<std::string_view> header_line(unsigned instance) const noexcept;
  const SessionDescription& description() const noexcept { return description_; }

  std::string_view start_line, body;
  std::string_view method, uri, version;  // of a request
  std::string_view code, reason;          // of a response, which has a version too
  std::uint64_t header_count = 0, longest_header = 0;
  std::optional<std::uint64_t> stated_size;  // of the body
  bool has_head = false;                     // the empty line behind the headers is there

 private:
  struct Header {
    HeaderName name = HeaderName::other;
    std::string_view line = {}, value = {};
  };

  void clear() noexcept;
  bool read_start_line(std::string_view line) noexcept;
  AnomalyBits read_header(std::string_view line) noexcept;
  AnomalyBits read_length(std::string_view value) noexcept;
  AnomalyBits read_body(std::string_view rest, bool is_cut) noexcept;

  SessionDescription description_;
  std::vector<Header> headers_;
  std::size_t kept_ = 0;  // headers
};

/// Whether the text begins with a start line; maybe: as far as it goes.
Guess probe_start_line(std::string_view text) noexcept;

std::span<const Buffer> buffers() noexcept;
std::span<const Field> fields() noexcept;

}  // namespace bansoko::proto::sip
