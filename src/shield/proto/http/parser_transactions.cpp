// SPDX-License-Identifier: Apache-2.0
// The transactions of a flow: which are under way, and what they cost.
#include <algorithm>

#include "shield/proto/http/parser.h"

namespace bansoko::proto::http {

/// Without memory for more, only the one under way and the one being answered are followed.
std::size_t HttpParser::most_transactions() const noexcept {
  return memory_.budget.is_full() ? std::min<std::size_t>(limits_.transactions, 2) : limits_.transactions;
}

HttpTransaction& HttpParser::open_transaction() {
  HttpTransaction& transaction = transactions_.open(next_id_++);
  transaction.request.server = server_;
  return transaction;
}

/// Makes room by ending the oldest transaction whose request is over and whose answer has not begun.
void HttpParser::give_up_oldest() {
  const auto live = transactions_.live();
  const auto oldest = std::find_if(live.begin(), live.end(),
                                   [](const auto& row) { return row->is_over[0] && !row->is_answered; });
  if (oldest == live.end()) return;
  tell(Side::client, Anomaly::too_many_transactions);
  ++given_up_;
  end_transaction(**oldest);
}

void HttpParser::end_transaction(HttpTransaction& transaction) {
  sink_->on_end(transaction);
  for (Reader& reader : readers_)
    if (reader.at == &transaction) {
      reader.at = nullptr;
      reader.step = Step::lost;
    }
  transactions_.close(transaction);
}

}  // namespace bansoko::proto::http
