// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/proto/tds/anomaly.h"
#include "shield/proto/tds/message.h"

namespace bansoko::proto::tds {

/// What of a connection its messages are read by.
struct Session {
  std::uint8_t version = 0;     // that the client logs in with: 0x70 to 0x74; 0: not seen
  bool is_single_byte = false;  // TDS 4.2 and 5.0: text is not UTF-16
  bool wants_text = true;       // some rule looks into SQL text
};

/// Reads the body of each kind of message ([MS-TDS] section 2.2.6) as far as it can be read.
class BodyReader {
 public:
  /// `most`: bytes of text that there may be. Both references outlive it.
  BodyReader(const Session& session, TdsMessage& into, std::size_t most) noexcept
      : session_(session), into_(into), most_(most) {}

  Anomalies prelogin(Bytes body) noexcept;
  Anomalies login(Bytes body) noexcept;
  Anomalies legacy_login(Bytes body) noexcept;
  Anomalies batch(Bytes body) noexcept;
  Anomalies call(Bytes body) noexcept;
  Anomalies result(Bytes body) noexcept;

 private:
  bool add_call(ByteReader& in, std::size_t at) noexcept;
  unsigned name_call(ByteReader& in, std::size_t at) noexcept;
  bool at_separator(ByteReader in) const noexcept;
  Anomalies login_text(LoginText which, std::size_t offset, std::size_t units, Bytes body) noexcept;
  void add_statement(Bytes text, Bytes raw, bool is_wide) noexcept;
  TdsMessage::Part add_text(Bytes text, bool is_wide) noexcept;

  const Session& session_;
  TdsMessage& into_;
  std::size_t most_;
  std::size_t statements_ = 0;  // at most one of each call
  Anomalies found_ = 0;
};

/// The body behind ALL_HEADERS ([MS-TDS] section 2.2.5.3), where it has them.
Bytes behind_headers(Bytes body, const Session& session) noexcept;

}  // namespace bansoko::proto::tds
