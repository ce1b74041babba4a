// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "shield/proto/tds/body_reader.h"
#include "shield/proto/tds/value.h"

namespace bansoko::proto::tds {
namespace {

constexpr std::uint16_t kByNumber = 0xFFFF;
constexpr unsigned kNoStatement = 255;

/// A procedure that is called with SQL text, and which parameter that is ([MS-TDS] section 2.2.6.6).
struct Caller {
  std::string_view name;
  std::uint16_t id;
  unsigned parameter;
};
constexpr std::array kCallers{
    Caller{"sp_cursoropen", 2, 1},   Caller{"sp_cursorprepare", 3, 2}, Caller{"sp_cursorprepexec", 5, 3},
    Caller{"sp_executesql", 10, 0},  Caller{"sp_prepare", 11, 2},      Caller{"sp_prepexec", 13, 2},
    Caller{"sp_prepexecrpc", 14, 1},
};

unsigned statement_of(std::uint16_t id) noexcept {
  const auto found = std::ranges::find(kCallers, id, &Caller::id);
  return found == kCallers.end() ? kNoStatement : found->parameter;
}

unsigned statement_of(std::string_view name) noexcept {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  const auto found =
      std::ranges::find_if(kCallers, [last](const Caller& one) { return same_text(one.name, last); });
  return found == kCallers.end() ? kNoStatement : found->parameter;
}

constexpr std::uint8_t kTds72 = 0x72;

}  // namespace

// Which version both sides settled on is not known for sure, so it must look like them, too.
Bytes behind_headers(Bytes body, const Session& session) noexcept {
  if (session.is_single_byte || (session.version != 0 && session.version < kTds72)) return body;
  ByteReader in(body);
  const std::uint32_t total = in.u32le();
  if (!in.ok() || total < 4 || total > body.size()) return body;
  if (total > 4) {
    const std::uint32_t first = in.u32le();
    const std::uint16_t type = in.u16le();
    if (!in.ok() || first < 6 || first > total - 4 || type == 0 || type > 3) return body;
  }
  return body.subspan(total);
}

void BodyReader::add_statement(Bytes text, Bytes raw, bool is_wide) noexcept {
  into_.raw_statements[statements_] = raw;
  if (session_.wants_text) into_.statements[statements_] = add_text(text, is_wide);
  ++statements_;
}

Anomalies BodyReader::batch(Bytes body) noexcept {
  const Bytes text = behind_headers(body, session_);
  add_statement(text, text, !session_.is_single_byte);
  return found_;
}

Anomalies BodyReader::call(Bytes body) noexcept {
  ByteReader in(behind_headers(body, session_));
  for (std::size_t i = 0; !in.rest().empty(); ++i) {
    if (i == TdsMessage::kMostCalls) return found_ | bit(call_limit);
    if (!add_call(in, i)) return found_ | bit(malformed_rpc);
  }
  return found_;
}

/// False: it ends within the call, or has a value of which we do not know where it ends.
bool BodyReader::add_call(ByteReader& in, std::size_t at) noexcept {
  const unsigned statement = name_call(in, at);
  in.skip(2);  // options
  for (unsigned i = 0; in.ok() && !in.rest().empty(); ++i) {
    if (at_separator(in)) {
      in.skip(1);
      return in.ok();
    }
    in.skip(2 * std::size_t{in.u8()});  // the parameter's name
    in.skip(1);                         // its status
    const Value value = read_value(in, session_.version != 0x70, into_.joined);
    found_ |= value.is_cut ? bit(MessageParser::memory_limit) : 0;
    if (i == statement && value.is_text) add_statement(value.bytes, value.first_chunk, value.is_wide);
    if (!value.is_known) return false;
  }
  return in.ok();
}

/// Which parameter is SQL text.
unsigned BodyReader::name_call(ByteReader& in, std::size_t at) noexcept {
  const std::uint16_t units = in.u16le();
  if (units == kByNumber) {
    const std::uint16_t id = in.u16le();
    if (in.ok()) into_.procedure_ids.add(id);
    return statement_of(id);
  }
  const Bytes name = in.take(std::min(2 * std::size_t{units}, in.rest().size()));
  const TdsMessage::Part part = add_text(name, true);
  into_.procedures[at] = part;
  return statement_of(as_text(into_.text.bytes().subspan(part.from, part.size)));
}

/// 0x80 up to TDS 7.1, later 0xFF, or 0xFE for a call that is not to be made.
bool BodyReader::at_separator(ByteReader in) const noexcept {
  const std::uint8_t next = in.u8();
  const bool is_old = session_.version != 0 && session_.version < kTds72;
  return is_old ? next == 0x80 : next >= 0xFE;
}

}  // namespace bansoko::proto::tds
