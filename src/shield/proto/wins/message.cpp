// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/wins/message.h"

namespace bansoko::proto::wins {
namespace {

template <auto part>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  return static_cast<const WinsMessage&>(transaction).parts.*part;
}

constexpr std::array kTypes{
    NamedValue{"start", start},
    NamedValue{"start_reply", start_reply},
    NamedValue{"stop", stop},
    NamedValue{"replication", replication},
};

constexpr std::array kCommands{
    NamedValue{"table_query", table_query},
    NamedValue{"table_reply", table_reply},
    NamedValue{"send_request", send_request},
    NamedValue{"send_reply", send_reply},
    NamedValue{"update", update},
    NamedValue{"update_propagated", update_propagated},
    NamedValue{"inform", inform},
    NamedValue{"inform_propagated", inform_propagated},
};

struct Row {
  std::string_view name, help;
  std::optional<std::uint64_t> (*get)(const Transaction&) noexcept;
  std::span<const NamedValue> names = {};
};

constexpr std::array kRows{
    Row{"wins.size", "the length that the message states", number<&Parts::size>},
    Row{"wins.message_type", "what the message is", number<&Parts::type>, kTypes},
    Row{"wins.command", "what is to be replicated", number<&Parts::command>, kCommands},
    Row{"wins.assoc_ctx", "the receiver's handle of the association", number<&Parts::handle>},
    Row{"wins.foreign_assoc_ctx",
        "1: a handle that the receiver has not given on this connection (CVE-2004-1080); 0: its own",
        number<&Parts::is_foreign>},
    Row{"wins.record_count", "how many owners or names it states", number<&Parts::record_count>},
    Row{"wins.name_length", "the length of its longest name", number<&Parts::name_length>},
    Row{"wins.address_count", "how many addresses one of its names has at most",
        number<&Parts::address_count>},
    Row{"wins.overrun", "by how many bytes what it must have or states to have reaches beyond its end",
        number<&Parts::overrun>},
};

constexpr auto both_sides() {
  std::array<Field, 2 * kRows.size()> all{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Row& row = kRows[i / 2];
    all[i] = {.name = row.name,
              .help = row.help,
              .side = i % 2 == 0 ? Side::client : Side::server,
              .ready_at = kComplete,
              .names = row.names,
              .get = row.get};
  }
  return all;
}

constexpr auto kFields = both_sides();

}  // namespace

std::span<const Field> wins_fields() noexcept { return kFields; }

}  // namespace bansoko::proto::wins
