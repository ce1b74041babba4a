// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/parser_pool.h"

#include <utility>

namespace bansoko::engine {

ParserPool::ParserPool(const proto::Protocol& protocol, std::vector<std::uint64_t> limits, std::uint32_t most)
    : protocol_(protocol), limits_(std::move(limits)) {
  if (protocol_.make_parser == nullptr) return;
  if (protocol_.make_shared != nullptr) shared_ = protocol_.make_shared(limits_);
  all_.reserve(most);
  free_.reserve(most);
}

proto::Parser* ParserPool::take(const proto::Assignment& assignment) noexcept {
  if (free_.empty()) {
    if (all_.size() == all_.capacity()) return nullptr;
    all_.push_back(protocol_.make_parser(limits_, shared_.get()));
    free_.push_back(all_.back().get());
  }
  proto::Parser* const parser = free_.back();
  free_.pop_back();
  parser->reset(assignment);
  return parser;
}

void ParserPool::give_back(proto::Parser* parser) noexcept { free_.push_back(parser); }

}  // namespace bansoko::engine
