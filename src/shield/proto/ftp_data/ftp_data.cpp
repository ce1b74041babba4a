// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/ftp_data/transfer.h"

namespace bansoko::proto::ftp_data {
namespace {

using Found = std::optional<Bytes>;
using Number = std::optional<std::uint64_t>;

constexpr std::array<std::string_view, 4> kAnomalies{
    "ftp-data.file_limit",
    "ftp-data.memory_limit",
    "ftp-data.gap",
    "ftp-data.file_without_digest",
};

constexpr std::array kLimits{
    Limit{"file_size", "of each file looked into; the rest passes unread", 100 << 10, 1024, 1 << 30, true},
    Limit{"memory",
          "for the files of all connections, per worker; when it is used up, no more of them is kept",
          16 << 20, 1 << 16, 1ULL << 40, true},
    Limit{"digest_limit", "of a file whose digest rules ask for; a larger one has none", 64 << 20, 1024,
          1ULL << 40, true},
};

template <Side side>
Found content(Transaction& transaction, unsigned instance) noexcept {
  const Bytes bytes = static_cast<const Transfer&>(transaction).content[flow::index(side)].bytes();
  return instance == 0 && !bytes.empty() ? Found(bytes) : Found();
}

Found name(Transaction& transaction, unsigned instance) noexcept {
  const auto& transfer = static_cast<const Transfer&>(transaction);
  if (instance > 0 || transfer.name_size == 0) return {};
  return as_bytes({transfer.name.data(), transfer.name_size});
}

template <Side side, SumKind kind>
Found file_sum(Transaction& transaction, unsigned instance) noexcept {
  return static_cast<const Transfer&>(transaction).sums[flow::index(side)].get(kind, instance);
}

template <Side side, SumKind kind>
constexpr Buffer sum() {
  constexpr auto kRow = static_cast<std::size_t>(kind);
  return {kSumNames[kRow], kSumHelp[kRow], side, kBegun, true, file_sum<side, kind>, true};
}

template <std::uint64_t purpose>
Number command(const Transaction& transaction) noexcept {
  return static_cast<const Transfer&>(transaction).purpose == purpose ? Number(purpose) : Number();
}

constexpr auto kClient = Side::client;
constexpr auto kServer = Side::server;

constexpr std::array kBuffers{
    Buffer{"file.data", "the file", kClient, kBegun, true, content<kClient>},
    Buffer{"file.data", "the file", kServer, kBegun, true, content<kServer>},
    Buffer{"file.name", "what RETR or STOR called it", kClient, kBegun, false, name},
    Buffer{"file.name", "what RETR or STOR called it", kServer, kBegun, false, name},
    sum<kClient, SumKind::size>(),
    sum<kClient, SumKind::md5>(),
    sum<kClient, SumKind::sha1>(),
    sum<kClient, SumKind::sha256>(),
    sum<kServer, SumKind::size>(),
    sum<kServer, SumKind::md5>(),
    sum<kServer, SumKind::sha1>(),
    sum<kServer, SumKind::sha256>(),
};

constexpr std::array kCommands{NamedValue{"retr", kRetrieve}, NamedValue{"stor", kStore}};

// Whoever opened the connection: a file that is stored goes to the server, as Suricata has it.
constexpr std::array kFields{
    Field{"ftpdata_command", "the command it is for", kClient, kBegun, kCommands, command<kStore>},
    Field{"ftpdata_command", "the command it is for", kServer, kBegun, kCommands, command<kRetrieve>},
};

std::uint64_t limit(std::span<const std::uint64_t> limits, std::size_t i) noexcept {
  return i < limits.size() ? limits[i] : kLimits[i].value;
}

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<TransferMemory>(static_cast<std::size_t>(limit(limits, 1)));
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared) {
  const TransferLimits of_files{.kept = static_cast<std::size_t>(limit(limits, 0)),
                                .digest = limit(limits, 2)};
  return std::make_unique<TransferParser>(of_files, static_cast<TransferMemory&>(*shared));
}

/// Its bytes could be anything: it is known because it was announced.
Guess probe(const StreamChunk&, const Approach&) noexcept { return Guess::no; }

}  // namespace

std::span<const Buffer> buffers() noexcept { return kBuffers; }

const Protocol& describe() {
  static const Protocol protocol{.name = "ftp-data",
                                 .help = "files over FTP, on connections that FTP announced",
                                 .transports = kOverTcp,
                                 .probe = probe,
                                 .make_shared = make_shared,
                                 .make_parser = make_parser,
                                 .buffers = kBuffers,
                                 .fields = kFields,
                                 .limits = kLimits,
                                 .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::ftp_data
