// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/dcerpc/association.h"

namespace bansoko::proto::dcerpc {
namespace {

// Sizes of what is read at a time, [C706] section 12.6.4.
constexpr std::uint8_t kRequestSize = 8;   // alloc_hint, p_cont_id, opnum
constexpr std::uint8_t kResponseSize = 8;  // alloc_hint, p_cont_id, cancel_count, reserved
constexpr std::uint8_t kObjectSize = 16;
constexpr std::uint8_t kOfferSize = 12;    // max_xmit_frag .. n_context_elem, reserved
constexpr std::uint8_t kContextSize = 24;  // p_cont_id, n_transfer_syn, reserved, abstract_syntax
constexpr std::uint8_t kSyntaxSize = 20;
constexpr std::uint8_t kAddressSize = 2;  // of port_any_t, after max_xmit_frag, max_recv_frag, assoc_group_id
constexpr std::uint32_t kBeforeAddress = 8;
constexpr std::uint8_t kResultsSize = 4;   // n_results, reserved
constexpr std::uint8_t kResultSize = 4;    // result, reason
constexpr std::uint8_t kVerifierHead = 8;  // sec_trailer, [MS-RPCE] section 2.2.2.11
constexpr std::size_t kPadLengthAt = 2;

bool comes_from(std::uint8_t type, Side side) noexcept {
  switch (type) {
    case request:
    case bind:
    case alter_context:
    case auth3:
      return side == Side::client;
    case response:
    case fault:
    case bind_ack:
    case bind_nak:
    case alter_context_resp:
      return side == Side::server;
    default:
      return true;
  }
}

bool is_call_type(std::uint8_t type) noexcept { return type == request || type == response; }

}  // namespace

Parsed Lane::feed(Bytes bytes, const Outlet& out) noexcept {
  while (!bytes.empty() && part_ != Part::refused) bytes = bytes.subspan(take(bytes, out));
  return part_ == Part::refused ? Parsed::malformed : Parsed::more;
}

std::size_t Lane::take(Bytes bytes, const Outlet& out) noexcept {
  if (part_ == Part::lost) return find_pdu(bytes, out);
  if (part_ == Part::stub) return take_stub(bytes, out);
  if (part_ == Part::rest || skip_ > 0) {
    const bool is_rest = part_ == Part::rest;
    const std::size_t passed = std::min<std::size_t>(bytes.size(), is_rest ? left_ : skip_);
    left_ -= static_cast<std::uint32_t>(passed);
    if (!is_rest) skip_ -= static_cast<std::uint32_t>(passed);
    if (is_rest && left_ == 0) end_pdu(out);
    return passed;
  }
  const std::size_t taken = std::min<std::size_t>(bytes.size(), piece_wanted_ - piece_size_);
  std::copy_n(bytes.begin(), taken, piece_.begin() + piece_size_);
  piece_size_ = static_cast<std::uint8_t>(piece_size_ + taken);
  if (part_ != Part::header) left_ -= static_cast<std::uint32_t>(taken);
  if (piece_size_ == piece_wanted_) on_piece(out);
  return taken;
}

std::size_t Lane::take_stub(Bytes bytes, const Outlet& out) noexcept {
  const std::size_t taken = std::min<std::size_t>(bytes.size(), stub_left_);
  stub_left_ -= static_cast<std::uint32_t>(taken);
  left_ -= static_cast<std::uint32_t>(taken);
  if (!is_verified_) {
    calls_.grow(*call_, bytes.first(taken), out);
    if (stub_left_ == 0) pass_over(out);
    return taken;
  }
  calls_.add(*call_, bytes.first(taken), out);
  if (stub_left_ == 0) expect(Part::verifier, 0, kVerifierHead, out);
  return taken;
}

void Lane::expect_header() noexcept {
  part_ = Part::header;
  piece_size_ = 0;
  piece_wanted_ = kHeaderSize;
  skip_ = 0;
}

void Lane::expect(Part part, std::uint32_t skip, std::uint8_t size, const Outlet& out) noexcept {
  if (left_ < skip + size) {
    out.anomaly(side_, pdu_short);
    pass_over(out);
    return;
  }
  part_ = part;
  skip_ = skip;
  piece_size_ = 0;
  piece_wanted_ = size;
}

/// The rest of the PDU says nothing that is followed.
void Lane::pass_over(const Outlet& out) noexcept {
  part_ = Part::rest;
  if (left_ == 0) end_pdu(out);
}

void Lane::on_piece(const Outlet& out) noexcept {
  switch (part_) {
    case Part::header:
      return begin_pdu(out);
    case Part::request:
      return read_request(out);
    case Part::response:
      return read_response(out);
    case Part::object:
      return begin_stub(out);
    case Part::verifier:
      return end_stub(out);
    case Part::offer:
      elements_ = piece_[8];
      element_ = 0;
      talk_.contexts.begin_offer();
      return elements_ == 0 ? pass_over(out) : expect(Part::context, 0, kContextSize, out);
    case Part::context:
      return read_context(out);
    case Part::syntax:
      return read_syntax(out);
    case Part::address: {
      OrderedReader in(piece_, header_.little_endian);
      const std::uint32_t address = in.u16();
      // What follows is aligned to four bytes, counted from the beginning of the PDU.
      const std::uint32_t pad = (4 - (kHeaderSize + kBeforeAddress + kAddressSize + address) % 4) % 4;
      return expect(Part::results, address + pad, kResultsSize, out);
    }
    case Part::results:
      elements_ = piece_[0];
      element_ = 0;
      return elements_ == 0 ? pass_over(out) : expect(Part::result, 0, kResultSize, out);
    case Part::result:
      return read_result(out);
    case Part::chosen_syntax:
      return read_chosen_syntax(out);
    case Part::stub:
    case Part::rest:
    case Part::lost:
    case Part::refused:
      return;
  }
}

void Lane::begin_pdu(const Outlet& out) noexcept {
  const Bytes bytes = Bytes(piece_).first(kHeaderSize);
  if (look_like_pdu(bytes) != Guess::yes) {
    part_ = Part::refused;
    out.anomaly(side_, unknown_header);
    return;
  }
  header_ = read_header(bytes);
  left_ = header_.size - static_cast<std::uint32_t>(kHeaderSize);
  call_ = nullptr;
  if (!comes_from(header_.type, side_)) {
    out.anomaly(side_, unexpected_type);
    return pass_over(out);
  }
  read_body(out);
}

void Lane::read_body(const Outlet& out) noexcept {
  if (side_ == Side::client && !is_call_type(header_.type)) talk_.is_secured |= header_.auth_size > 0;
  if (header_.type == request) return expect(Part::request, 0, kRequestSize, out);
  if (header_.type == response || header_.type == fault) return expect(Part::response, 0, kResponseSize, out);
  begin_call(out);
  call_->progress[flow::index(side_)] = step_typed;
  switch (header_.type) {
    case bind:
    case alter_context:
      return expect(Part::offer, 0, kOfferSize, out);
    case bind_ack:
    case alter_context_resp:
      return expect(Part::address, kBeforeAddress, kAddressSize, out);
    default:
      return pass_over(out);
  }
}

void Lane::read_context(const Outlet& out) noexcept {
  OrderedReader in(piece_, header_.little_endian);
  const std::uint16_t id = in.u16();
  syntaxes_ = in.u8();
  in.skip(1);
  if (!talk_.contexts.offer(id, read_interface(in))) out.anomaly(side_, context_limit);
  syntaxes_ == 0 ? next_context(out) : expect(Part::syntax, 0, kSyntaxSize, out);
}

void Lane::read_syntax(const Outlet& out) noexcept {
  OrderedReader in(piece_, header_.little_endian);
  talk_.contexts.offer_syntax(is_ndr64(read_interface(in)));
  --syntaxes_ == 0 ? next_context(out) : expect(Part::syntax, 0, kSyntaxSize, out);
}

void Lane::next_context(const Outlet& out) noexcept {
  ++element_ == elements_ ? pass_over(out) : expect(Part::context, 0, kContextSize, out);
}

void Lane::read_result(const Outlet& out) noexcept {
  OrderedReader in(piece_, header_.little_endian);
  const std::uint16_t result = in.u16();
  talk_.contexts.answer(element_, result);
  if (result == 0) return expect(Part::chosen_syntax, 0, kSyntaxSize, out);
  next_result(kSyntaxSize, out);
}

void Lane::read_chosen_syntax(const Outlet& out) noexcept {
  OrderedReader in(piece_, header_.little_endian);
  talk_.contexts.answer_syntax(element_, is_ndr64(read_interface(in)));
  next_result(0, out);
}

void Lane::next_result(std::uint32_t skip, const Outlet& out) noexcept {
  ++element_ == elements_ ? pass_over(out) : expect(Part::result, skip, kResultSize, out);
}

void Lane::read_request(const Outlet& out) noexcept {
  OrderedReader in(piece_, header_.little_endian);
  in.skip(4);  // alloc_hint: whatever it says, memory is taken for what has come
  const std::uint16_t context = in.u16();
  const std::uint16_t opnum = in.u16();
  find_call(out);
  if (call_->opnum && (*call_->opnum != opnum || call_->context != context))
    out.anomaly(side_, fragment_mismatch);
  if (!call_->opnum) {
    call_->context = context;
    call_->opnum = opnum;
    call_->interface = talk_.contexts.find(context);
    call_->syntax = talk_.contexts.syntax_of(context);
    talk_.asked.note(header_.call, context, opnum);
  }
  if ((header_.flags & kObjectUuid) != 0) return expect(Part::object, 0, kObjectSize, out);
  begin_stub(out);
}

void Lane::read_response(const Outlet& out) noexcept {
  OrderedReader in(piece_, header_.little_endian);
  in.skip(4);
  find_call(out);
  call_->context = in.u16();
  call_->interface = talk_.contexts.find(call_->context);
  call_->syntax = talk_.contexts.syntax_of(call_->context);
  if (const Asked::Request* const asked = talk_.asked.find(header_.call); asked != nullptr)
    call_->opnum = asked->opnum;
  begin_stub(out);
}

/// The call that the PDU begins or goes on with.
void Lane::find_call(const Outlet& out) noexcept {
  Call* const known = calls_.find({.number = header_.call, .activity = {}});
  if (known == nullptr || header_.is_first()) {
    if ((known != nullptr) == header_.is_first()) out.anomaly(side_, fragment_order);
    if (known != nullptr) calls_.end(*known, out);
    return begin_call(out);
  }
  call_ = known;
}

void Lane::begin_call(const Outlet& out) noexcept {
  call_ = &calls_.begin(side_, {.number = header_.call, .activity = {}}, out);
  call_->type = header_.type;
  call_->little_endian = header_.little_endian;
}

void Lane::begin_stub(const Outlet& out) noexcept {
  call_->progress[flow::index(side_)] = step_called;
  // Without a security context a verifier's length is nothing but a way to hide what the server reads.
  const std::uint32_t verifier =
      talk_.is_secured && header_.auth_size > 0 ? header_.auth_size + kVerifierHead : 0;
  is_verified_ = verifier > 0 && verifier <= left_ && header_.type != fault;
  stub_size_ = is_verified_ ? left_ - verifier : left_;
  if (header_.type == fault) stub_size_ = 0;
  stub_left_ = stub_size_;
  if (stub_left_ > 0) {
    part_ = Part::stub;
    return;
  }
  if (is_verified_) return expect(Part::verifier, 0, kVerifierHead, out);
  calls_.grow(*call_, {}, out);
  pass_over(out);
}

/// Only the verifier tells how much of the stub data was padding: until it came nothing is told of them.
void Lane::end_stub(const Outlet& out) noexcept {
  const std::uint32_t padding = piece_[kPadLengthAt];
  if (!call_->is_cut && padding <= stub_size_) call_->shorten(padding);
  calls_.tell(*call_, out);
  pass_over(out);
}

void Lane::end_pdu(const Outlet& out) noexcept {
  const bool is_over = call_ != nullptr && (header_.is_last() || !is_call_type(call_->type));
  if (is_over) calls_.complete(*call_, out);
  call_ = nullptr;
  expect_header();
}

void Lane::restart() noexcept {
  if (part_ == Part::refused || part_ == Part::lost) expect_header();
}

// If the hole lies within the PDU under way, the next one is where it was to be.
void Lane::lose(std::uint32_t size, const Outlet& out) noexcept {
  out.anomaly(side_, gap);
  const bool within = part_ != Part::header && part_ != Part::lost && part_ != Part::refused && size <= left_;
  if (call_ != nullptr) calls_.end(*call_, out);
  call_ = nullptr;
  if (within) {
    left_ -= size;
    skip_ = 0;
    return pass_over(out);
  }
  part_ = Part::lost;
  piece_size_ = 0;
  skip_ = 0;
}

// Looks for something with the form of a header.
std::size_t Lane::find_pdu(Bytes bytes, const Outlet& out) noexcept {
  std::size_t used = 0;
  for (const std::uint8_t byte : bytes) {
    ++used;
    piece_[piece_size_++] = byte;
    // Slides on to the next byte with which a header may begin.
    while (piece_size_ > 0 && look_like_pdu(Bytes(piece_).first(piece_size_)) == Guess::no) {
      std::copy(piece_.begin() + 1, piece_.begin() + piece_size_, piece_.begin());
      --piece_size_;
    }
    if (piece_size_ < kHeaderSize) continue;
    begin_pdu(out);
    break;
  }
  return used;
}

void Lane::end(const Outlet& out) noexcept {
  calls_.end_all(out);
  call_ = nullptr;
}

void Lane::reset(bool release) noexcept {
  expect_header();
  left_ = 0;
  stub_left_ = 0;
  call_ = nullptr;
  if (release) calls_.release();
}

}  // namespace bansoko::proto::dcerpc
