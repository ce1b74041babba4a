// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "shield/flow/stream_chunk.h"
#include "shield/packet/host.h"
#include "shield/packet/packet.h"

namespace bansoko::proto {

using flow::Side;
using flow::StreamChunk;

/// How far one side of a transaction has come. Protocols define their own steps between these;
/// a step never goes back.
inline constexpr std::uint8_t kNotStarted = 0;
inline constexpr std::uint8_t kComplete = 255;

/// One request and its answer, in whatever form a protocol has them. Owned by its parser.
class Transaction {
 public:
  Transaction() = default;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  virtual ~Transaction() = default;

  std::uint64_t id = 0;                    // in its flow, from 0
  std::array<std::uint8_t, 2> progress{};  // by Side
  std::array<std::uint32_t, 2> notes{};    // by Side: the inspector's own handle; 0: none
};

/// A named part of a transaction that rules may look into, such as "http.uri".
struct Buffer {
  std::string_view name;
  std::string_view help;
  Side side;              // whose message it is a part of
  std::uint8_t ready_at;  // the progress of that side from which get() may be called
  bool growing = false;   // it may get longer after that, never shorter, and its start stays in place
  /// The bytes, valid until the parser's next feed(); nothing if this transaction has none. May
  /// build them in the transaction's own memory at the first call. `instance` counts from 0 where a
  /// transaction has several of them (nothing: no more).
  std::optional<Bytes> (*get)(Transaction&, unsigned instance) noexcept = nullptr;
  bool several = false;  // get() may give more than one instance
  bool readings =
      false;  // they are ways to read the same thing: a rule that names it twice means one of them
  /// Another buffer of that side and protocol, which has the same bytes: rules for both look there, in one
  /// pass. get() is not called then.
  std::string_view same_as = {};
};

/// A word that a field's number may be written as in a rule.
struct NamedValue {
  std::string_view name;
  std::uint64_t value;
};

/// A named number of a transaction that rules may compare, such as "smb1.command".
struct Field {
  std::string_view name;
  std::string_view help;
  Side side;
  std::uint8_t ready_at;
  std::span<const NamedValue> names = {};
  std::optional<std::uint64_t> (*get)(const Transaction&) noexcept;
  /// Where a transaction has several of them: the others, from 1 (nothing: no more). A rule's comparison
  /// need hold of one.
  std::optional<std::uint64_t> (*more)(const Transaction&, unsigned instance) noexcept = nullptr;
};

/// A number in the settings: `protocols: <protocol>: <name>:`.
struct Limit {
  std::string_view name;
  std::string_view help;
  std::uint64_t value;  // by default
  std::uint64_t least;
  std::uint64_t most;
  bool is_size = false;  // in bytes: settings may write "100 KiB"
};

/// A connection that a parser has seen announced, between the ends of the flow that it follows.
struct ExpectedFlow {
  static constexpr std::size_t kMostLabel = 256;

  std::string_view protocol = {};  // that it will speak, by Protocol::name; static storage
  Side listener = Side::server;    // of the announcing flow: who waits for the connection
  std::uint16_t port = 0;          // where
  // For the parser of that protocol; what they mean is between the two. Of the label what fits is kept.
  std::uint64_t purpose = 0;
  std::string_view label = {};
};

/// What follows on a flow is of another protocol, such as TLS after STARTTLS.
struct Handover {
  std::string_view protocol = {};  // by Protocol::name; static storage
  std::size_t left = 0;            // of the chunk at hand, the bytes at its end that are of that protocol
};

/// Who looks at what a parser finds. Called from inside Parser::feed(), while every buffer that is ready
/// can be read.
class TransactionSink {
 public:
  virtual ~TransactionSink() = default;

  /// `transaction.progress[side]` has advanced, or one of its growing buffers has grown.
  virtual void on_progress(Transaction& transaction, Side side) noexcept = 0;

  /// Nothing more will come of it; its `notes` must be given back now.
  virtual void on_end(Transaction& transaction) noexcept = 0;

  /// Something is wrong: an index into Protocol::anomalies.
  virtual void on_anomaly(Side side, std::size_t anomaly) noexcept = 0;

  /// A connection is announced.
  virtual void on_expected(const ExpectedFlow&) noexcept {}

  /// Of a parser whose feed() then gives Parsed::finished.
  virtual void on_handover(const Handover&) noexcept {}
};

enum class Guess : std::uint8_t { no, maybe, yes };

/// What carries an application protocol: bits.
using Transports = std::uint8_t;
inline constexpr Transports kOverTcp = 1, kOverUdp = 2;

/// What a probe may know beside the bytes. Ports are a hint for protocols whose messages could be anything;
/// a protocol with a mark of its own does not look at them.
struct Approach {
  Transports transport = kOverTcp;  // one of them
  std::uint16_t client_port = 0, server_port = 0;
};

enum class Parsed : std::uint8_t {
  more,       // go on
  malformed,  // not this protocol any more: stop feeding this parser
  finished,   // what follows is opaque (a tunnel, encrypted) or handed over: nothing more to parse
};

/// What a parser is to know of the flow it is given.
struct Assignment {
  std::uint64_t wanted = 0;  // a bit for each entry of Protocol::buffers that some rule looks into:
                             // what nobody wants need not be built
  packet::HostView server = {};
  Transports transport = kOverTcp;          // one of them
  packet::Address client = {};              // who opened the flow
  const ExpectedFlow* announced = nullptr;  // by another flow, which is how it was recognised; for the call
};

/// Follows one flow. Kept in a pool and used again: after reset() it must be as new, with its
/// memory kept, so that parsing allocates nothing once warm.
class Parser {
 public:
  virtual ~Parser() = default;

  /// Takes the next chunk. Malformed traffic is a result, not an error. Empty chunks may come, with a
  /// gap before them or as the last one.
  virtual Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept = 0;

  /// The flow is over: completes what ends by closing, then calls on_end() for every transaction.
  virtual void end(TransactionSink& sink) noexcept = 0;

  /// Whether all that the last chunk held was encrypted, under keys that both sides of the flow have agreed
  /// on: no rule about raw bytes looks at the next chunk until the parser has, and not then if it says this.
  virtual bool is_sealed() const noexcept { return false; }

  /// Makes ready for another flow.
  virtual void reset(const Assignment& assignment) noexcept = 0;
};

/// What all parsers of one protocol in one worker share: memory that has a limit. Outlives them.
class SharedMemory {
 public:
  SharedMemory() = default;
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  virtual ~SharedMemory() = default;
};

/// Everything the engine knows about one application protocol.
struct Protocol {
  std::string_view name;                     // as rules write it
  std::span<const std::string_view> also{};  // other names that rules may mean it by, among others ("http")
  std::string_view help;
  Transports transports = kOverTcp;
  /// Whether the first bytes a side sent look like this protocol. `no` is final for that side.
  Guess (*probe)(const StreamChunk& first, const Approach& approach) noexcept;
  /// Made once for each worker, with the same `limits`. Null: its parsers share nothing.
  std::unique_ptr<SharedMemory> (*make_shared)(std::span<const std::uint64_t> limits) = nullptr;
  /// Null: recognised, not parsed. `limits` are the settings' numbers in the order of Protocol::limits,
  /// `shared` is what make_shared() made.
  std::unique_ptr<Parser> (*make_parser)(std::span<const std::uint64_t> limits, SharedMemory* shared);
  std::span<const Buffer> buffers = {};
  std::span<const Field> fields = {};
  std::span<const Limit> limits = {};
  std::span<const std::string_view> anomalies = {};
  /// Whether a transaction says that numbers in it are little-endian: what `dce` asks for in rules. Null:
  /// transactions say nothing of the kind.
  bool (*is_little_endian)(const Transaction&) noexcept = nullptr;
};

/// All protocols built in: one per folder beside this file.
std::span<const Protocol* const> all_protocols();

}  // namespace bansoko::proto
