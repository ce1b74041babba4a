// SPDX-License-Identifier: Apache-2.0
// The transactions of a flow: which are under way, and what they cost.
#include <algorithm>
#include <memory>
#include <span>

#include "shield/proto/http/parser.h"

namespace bansoko::proto::http {
namespace {

constexpr std::size_t kFixedTransactions = 1;  // that every flow may have without asking
constexpr std::size_t kTransactionSize = sizeof(HttpTransaction) + 2 * Message::kFixed;

}  // namespace

HttpParser::~HttpParser() {
  live_ = 0;
  drop_idle_transactions(0);
}

/// Without memory for more, only the one under way and the one being answered are followed.
std::size_t HttpParser::most_transactions() const noexcept {
  return memory_.budget.is_full() ? std::min<std::size_t>(limits_.transactions, 2) : limits_.transactions;
}

HttpTransaction& HttpParser::open_transaction() {
  if (live_ == transactions_.size()) {
    if (live_ >= kFixedTransactions) memory_.budget.take_anyway(kTransactionSize);
    transactions_.push_back(std::make_unique<HttpTransaction>(memory_));
    transactions_.back()->place = transactions_.size();
  }
  HttpTransaction& transaction = *transactions_[live_++];
  transaction.id = next_id_++;
  transaction.request.server = server_;
  return transaction;
}

void HttpParser::drop_idle_transactions(std::size_t keep) noexcept {
  keep = std::max({keep, live_, kFixedTransactions});
  for (; transactions_.size() > keep; transactions_.pop_back())
    if (transactions_.size() > kFixedTransactions) memory_.budget.give_back(kTransactionSize);
}

/// Makes room by ending the oldest transaction whose request is over and whose answer has not begun.
void HttpParser::give_up_oldest() {
  const auto live = std::span(transactions_).first(live_);
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
  transaction.reset();
  const auto row = std::find_if(transactions_.begin(), transactions_.end(),
                                [&](const auto& owned) { return owned.get() == &transaction; });
  transaction.request.shrink_if_tight();
  transaction.response.shrink_if_tight();
  std::rotate(row, row + 1, transactions_.begin() + static_cast<std::ptrdiff_t>(live_));
  --live_;
  if (memory_.budget.is_tight()) drop_idle_transactions(0);
}

}  // namespace bansoko::proto::http
