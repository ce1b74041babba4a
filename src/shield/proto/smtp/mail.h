// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "shield/proto/file_sums.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"
#include "shield/proto/smtp/anomaly.h"
#include "shield/proto/smtp/limits.h"

namespace bansoko::proto::smtp {

// Progress of the client's side; the server's has none.
inline constexpr std::uint8_t kGreeted = 1;
inline constexpr std::uint8_t kEnvelope = 2;  // who sends it; recipients follow
inline constexpr std::uint8_t kHeaders = 3;   // those of the mail itself; parts follow

/// What there is once in a mail.
enum class Single : std::uint8_t { helo, mail_from, from, to, cc, subject, date, message_id, x_mailer };
inline constexpr std::size_t kSingles = 9;

/// What there may be several of.
enum class Listed : std::uint8_t { recipient, received, link };

/// One mail with its envelope, as far as the limits let.
class Mail final : public Transaction {
 public:
  /// `budget` outlives it.
  Mail(const Limits& limits, MemoryBudget& budget)
      : sums(budget), limits_(limits), text_(budget, kFixed), content_(budget) {}

  void reset() noexcept;
  /// Gives its memory back.
  void release();

  /// The first of its kind is kept.
  void set(Single kind, std::string_view value);
  bool has(Single kind) const noexcept { return singles_[static_cast<std::size_t>(kind)].is_set; }
  void add(Listed kind, std::string_view value);
  /// A link that stands in the content already.
  void add_link(std::size_t at, std::size_t size);

  /// Another part of the mail begins. False: it is one too many.
  bool begin_file(std::string_view name, const WantedSums& wanted);
  /// The last one is over.
  void end_file(bool is_whole) noexcept;
  /// To the last one.
  void append(Bytes decoded);
  /// What is known of the content of the last one, and where that begins.
  Bytes last_content() const noexcept;
  std::size_t last_content_at() const noexcept { return files_[file_count_ - 1].at; }

  std::optional<Bytes> single(Single kind) const noexcept;
  std::optional<Bytes> listed(Listed kind, unsigned instance) const noexcept;
  std::optional<Bytes> file(unsigned instance) const noexcept;
  std::optional<Bytes> file_name(unsigned instance) const noexcept;

  /// Whether it has grown since the last time.
  bool take_growth() noexcept { return std::exchange(has_grown_, false); }
  void note_growth() noexcept { has_grown_ = true; }

  AnomalySet anomalies;
  FileSums sums;

 private:
  static constexpr std::size_t kFixed = 512;
  struct Place {
    std::uint32_t at = 0, size = 0;
    bool is_set = false;
  };
  struct Item {
    Listed kind = Listed::recipient;
    Place place;
  };
  struct File {
    Place name;
    std::uint32_t at = 0, size = 0;
  };

  std::optional<Place> keep(std::string_view value);
  void list(Listed kind, Place place);
  Bytes text_at(const Place& place) const noexcept { return text_.bytes().subspan(place.at, place.size); }

  const Limits& limits_;
  BudgetedBytes text_, content_;
  std::array<Place, kSingles> singles_{};
  std::array<Item, kMostListed> items_{};
  std::array<File, kMostFiles> files_{};
  std::size_t item_count_ = 0, file_count_ = 0;
  bool has_grown_ = false;
};

/// The buffers of a mail.
std::span<const Buffer> buffers() noexcept;

/// What any rule looks into.
struct Wanted {
  bool mail = true;  // anything within the mail
  bool files = true;
  bool links = true;
  WantedSums sums = {};

  static Wanted from(std::uint64_t bits) noexcept;
};

}  // namespace bansoko::proto::smtp
