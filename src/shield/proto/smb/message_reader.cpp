// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/message_reader.h"

#include <algorithm>

#include "shield/proto/smb/commands.h"

namespace bansoko::proto::smb {
namespace {

constexpr std::uint32_t kHeaderSize = 32;      // [MS-CIFS] section 2.2.3.1
constexpr std::uint32_t kSmb2CommandEnd = 14;  // [MS-SMB2] section 2.2.1.2
constexpr std::uint8_t kEncrypted = 0xFD, kCompressed = 0xFC;
constexpr std::size_t kPrefixSize = 4;

// WriteMode bits of [MS-CIFS] section 2.2.4.43.1: RAW_MODE and MSG_START.
constexpr std::uint16_t kPipeMessage = 0x0004 | 0x0008;

Smb1Header read_smb1_header(Bytes bytes) noexcept {
  ByteReader in(bytes);
  Smb1Header header;
  in.skip(4);  // Protocol
  header.command = in.u8();
  header.status = in.u32le();
  in.skip(1);  // Flags
  header.flags2 = in.u16le();
  header.process_high = in.u16le();
  in.skip(8 + 2);  // SecurityFeatures, Reserved
  header.key.tree = in.u16le();
  header.key.process = in.u16le();
  header.key.user = in.u16le();
  header.key.multiplex = in.u16le();
  return header;
}

}  // namespace

void MessageReader::begin() noexcept {
  refused_ = false;
  chain_ended_ = false;
  has_part_ = false;
  next_command_ = 0;
  next_offset_ = 0;
}

std::uint8_t MessageReader::advance(Message& message, TransactionSink& sink) noexcept {
  std::uint8_t step = message.progress[flow::index(side_)];
  if (step == kNotStarted && !refused_ && read_dialect(message, sink)) step = step_framed;
  if (step == step_framed && read_header(message, sink)) step = step_header;
  if (step == step_header) {
    while (!chain_ended_) {
      const Chain chain =
          message.dialect == Dialect::smb1 ? read_command(message, sink) : read_smb2(message, sink);
      if (chain == Chain::waiting) break;
      chain_ended_ = chain == Chain::ended;
    }
    if (chain_ended_) step = step_commands;
  }
  if (step == step_commands && (read_data(message) || message.is_full())) step = step_data;
  return step;
}

bool MessageReader::read_dialect(Message& message, TransactionSink& sink) noexcept {
  ByteReader in(message.kept());
  const std::uint8_t mark = in.u8();
  const std::uint32_t name = in.u24();
  if (!in.ok()) {
    if (message.is_whole()) sink.on_anomaly(side_, header_short);
    return false;
  }
  const bool is_smb = name == 0x534D42;  // "SMB"
  if (is_smb && mark == 0xFF) message.dialect = Dialect::smb1;
  if (is_smb && mark >= 0xFC && mark <= 0xFE) message.dialect = Dialect::smb2;
  refused_ = message.dialect == Dialect::unknown;
  if (refused_) sink.on_anomaly(side_, unknown_header);
  return !refused_;
}

bool MessageReader::read_header(Message& message, TransactionSink& sink) noexcept {
  const bool is_smb1 = message.dialect == Dialect::smb1;
  const bool is_transform = !is_smb1 && message.kept().front() != 0xFE;
  if (is_transform && read_transform(message)) return true;
  const std::size_t kept = message.kept().size();
  const std::uint32_t least = is_smb1 ? kHeaderSize : kSmb2CommandEnd;
  const bool can_read =
      kept >= (is_smb1 ? kHeaderSize : kSmb2HeaderSize) || (message.is_whole() && kept >= least);
  if (is_transform || !can_read) {
    if (message.is_whole()) {
      message.dialect = Dialect::unknown;
      sink.on_anomaly(side_, header_short);
    }
    return false;
  }
  if (is_smb1) {
    message.header = read_smb1_header(message.kept());
    next_command_ = message.header.command;
    next_offset_ = kHeaderSize;
  } else {
    message.smb2 = read_smb2_header(message.kept());
  }
  return true;
}

/// An encrypted or compressed message has no command in the clear.
bool MessageReader::read_transform(Message& message) noexcept {
  const Bytes kept = message.kept();
  const bool is_encrypted = kept.front() == kEncrypted;
  if (kept.size() < (is_encrypted ? kEncryptionSize : kCompressionSize)) return false;
  if (is_encrypted) message.encryption = read_encryption(kept);
  if (kept.front() == kCompressed) message.compression = read_compression(kept);
  message.dialect = Dialect::unknown;
  chain_ended_ = true;
  return true;
}

MessageReader::Chain MessageReader::read_smb2(Message& message, TransactionSink& sink) noexcept {
  const std::uint32_t needed = side_ == Side::client ? kSmb2RequestSize : kSmb2AnswerSize;
  if (message.kept().size() < needed && !message.is_full()) return Chain::waiting;
  const std::uint64_t request = message.smb2.message;
  if (side_ == Side::client) {
    note_use(message, smb2_request_use(message, related_), request, sink);
    related_ = smb2_file_of(message, related_);
  } else {
    note_use(message, smb2_response_use(message, pipes_.asked_by(request)), request, sink);
  }
  return Chain::ended;
}

MessageReader::Chain MessageReader::read_command(Message& message, TransactionSink& sink) noexcept {
  CommandBlock block{.code = next_command_, .words_offset = next_offset_ + 1};
  const Bytes count = message.part(next_offset_, 1);
  if (!count.empty()) {
    block.words_size = count.front() * 2U;
    if (message.part(block.words_offset, block.words_size).size() == block.words_size) {
      message.commands[message.command_count++] = block;
      look_into(message, block, sink);
      return follow_andx(message, block, sink);
    }
  }
  const std::uint64_t end = block.words_offset + std::uint64_t{block.words_size};
  if (end > message.length()) {
    sink.on_anomaly(side_, offset_outside_message);
    return Chain::ended;
  }
  return message.is_full() ? Chain::ended : Chain::waiting;
}

MessageReader::Chain MessageReader::follow_andx(const Message& message, const CommandBlock& block,
                                                TransactionSink& sink) noexcept {
  if (side_ == Side::server || !is_andx(block.code)) return Chain::ended;
  ByteReader in(message.words(block));
  next_command_ = in.u8();
  in.skip(1);
  next_offset_ = in.u16le();
  if (!in.ok()) {
    sink.on_anomaly(side_, word_count_short);
    return Chain::ended;
  }
  if (next_command_ == no_andx_command) return Chain::ended;
  if (message.command_count == most_commands_) {
    sink.on_anomaly(side_, andx_limit);
    return Chain::ended;
  }
  if (next_offset_ < block.words_offset + block.words_size) sink.on_anomaly(side_, andx_order);
  return Chain::more;
}

void MessageReader::look_into(Message& message, const CommandBlock& block, TransactionSink& sink) noexcept {
  const Bytes words = message.words(block);
  if (side_ == Side::server) {
    const bool is_answer =
        block.code == transaction || block.code == transaction2 || block.code == nt_transact;
    if (is_answer && begins_answer(block.code, message.header.status, words))
      open_.answered(message.header.key);
    const std::uint64_t request = message.header.request();
    note_use(message, smb1_response_use(message, block, pipes_.asked_by(request)), request, sink);
    return;
  }
  note_use(message, smb1_request_use(message, block), message.header.request(), sink);
  if (carries_transaction(block.code)) note_part(message, block.code, words, sink);
  if (block.code == write_andx) note_write(message, words);
}

void MessageReader::note_part(Message& message, std::uint8_t code, Bytes words,
                              TransactionSink& sink) noexcept {
  const auto part = read_request_part(code, words);
  if (!part) {
    sink.on_anomaly(side_, word_count_short);
    return;
  }
  if (part->setup_short) sink.on_anomaly(side_, word_count_short);
  check_offsets(message, *part, sink);
  has_part_ = true;
  part_ = *part;
  const OpenTransaction* const known = part->begins ? nullptr : open_.find(message.header.key);
  if (known != nullptr && part->data_displacement != known->data_arrived && known->kind == transaction)
    sink.on_anomaly(side_, part_order);
  part->begins ? note_begin(message, *part, sink) : note_more(message, *part);
  if (message.findings.transaction) {
    const OpenTransaction& whole = *message.findings.transaction;
    note_use(message,
             smb1_transaction_use(*part, whole.setup, whole.second_setup, message.header.key.multiplex),
             message.header.request(), sink);
  }
}

void MessageReader::note_use(Message& message, const FileUse& use, std::uint64_t request,
                             TransactionSink& sink) noexcept {
  if (use.asks) pipes_.note_asked(request, *use.asks);
  if (use.opened) message.opened = use.opened;
  if (use.over) message.over = use.over;
  if (use.closed) message.closed = use.closed;
  if (use.ends) pipes_.note_ending(request, *use.ends);
  message.answers_ending |= use.answers_ending;
  if (!use.data) return;
  if (message.data_count == message.file_data.size()) return sink.on_anomaly(side_, andx_limit);
  message.file_data[message.data_count++] = *use.data;
}

void MessageReader::note_begin(Message& message, const TransactionPart& part,
                               TransactionSink& sink) noexcept {
  message.findings.transaction = begun_by(message.header.key, part);
  if (part.parameter_count > part.total_parameters || part.data_count > part.total_data)
    sink.on_anomaly(side_, count_over_total);
  if (open_.begin(message.header.key, part)) return;
  message.findings.untracked = true;
  sink.on_anomaly(side_, transaction_limit);
}

void MessageReader::note_more(Message& message, const TransactionPart& part) noexcept {
  OpenTransaction* const known = open_.find(message.header.key);
  message.findings.continues_whole = open_.is_at_work(message.header.key, part);
  if (known == nullptr) return;
  known->parameters_arrived += part.parameter_count;
  known->data_arrived += part.data_count;
  message.findings.transaction = *known;
  message.findings.continues = true;
  message.findings.mismatch |= known->kind != part.kind || known->kinds_mixed;
}

// A server with the hole of CVE-2017-0143 takes the FID of a write in message mode for the MID of a
// transaction, and moves that transaction's data pointer.
void MessageReader::note_write(Message& message, Bytes words) noexcept {
  ByteReader in(words);
  in.skip(4);
  TransactionKey key = message.header.key;
  key.multiplex = in.u16le();
  in.skip(4 + 4);  // Offset, Timeout
  const std::uint16_t mode = in.u16le();
  ByteReader place(in.rest());
  place.skip(2);  // Remaining
  const std::uint64_t high = place.u16le();
  const std::uint64_t count = high << 16 | place.u16le();
  const std::uint16_t offset = place.u16le();
  if (place.ok()) note_range(message, offset, count);
  if (!in.ok() || (mode & kPipeMessage) == 0) return;
  const bool hits = open_.find(key) != nullptr;
  message.findings.write_into_transaction = message.findings.write_into_transaction.value_or(false) || hits;
}

void MessageReader::note_range(Message& message, std::uint64_t offset, std::uint64_t count) noexcept {
  const std::uint64_t end = count > 0 ? offset + count : 0;
  const std::uint64_t outside = end > message.length() ? end - message.length() : 0;
  message.findings.data_outside = std::max(message.findings.data_outside.value_or(0), outside);
}

void MessageReader::check_offsets(Message& message, const TransactionPart& part,
                                  TransactionSink& sink) noexcept {
  note_range(message, part.parameter_offset, part.parameter_count);
  note_range(message, part.data_offset, part.data_count);
  if (message.findings.data_outside.value_or(0) > 0) sink.on_anomaly(side_, offset_outside_message);
}

// The first bytes of a transaction may come in any of its messages, and in several. True: this one has no
// more of them.
bool MessageReader::read_data(Message& message) noexcept {
  if (!has_part_ || !message.findings.transaction) return true;
  bool all_here = true;
  const auto gather = [&](Prefix& prefix, std::uint32_t offset, std::uint32_t count,
                          std::uint32_t displacement) {
    if (displacement >= kPrefixSize) return;
    const auto wanted = std::min<std::uint64_t>(count, kPrefixSize - displacement);
    const Bytes here = message.part(offset, wanted);
    prefix.put(displacement, here);
    if (here.size() < wanted) all_here = false;
  };
  const auto gather_both = [&](OpenTransaction& into) {
    gather(into.parameters, part_.parameter_offset, part_.parameter_count, part_.parameter_displacement);
    gather(into.data, part_.data_offset, part_.data_count, part_.data_displacement);
  };
  gather_both(*message.findings.transaction);
  OpenTransaction* const known = open_.find(message.header.key);
  if (known != nullptr) gather_both(*known);
  return all_here;
}

}  // namespace bansoko::proto::smb
