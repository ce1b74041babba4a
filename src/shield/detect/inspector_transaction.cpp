// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/detect/inspector_state.h"

namespace bansoko::detect {

using flow::Side;

TransactionNotes* Inspector::State::notes_of(proto::Transaction& transaction, Side side) noexcept {
  std::uint32_t& handle = transaction.notes[flow::index(side)];
  if (handle == 0) handle = notes.take();
  if (handle == 0) {
    counters.transaction_limit.add();
    return nullptr;
  }
  TransactionNotes& known = notes[handle];
  if (known.generation != rules->generation) {
    drop_blocks(known);
    known = {};
    known.generation = rules->generation;
  }
  return &known;
}

void Inspector::State::forget(proto::Transaction& transaction) noexcept {
  for (std::uint32_t& handle : transaction.notes) {
    if (handle == 0) continue;
    drop_blocks(notes[handle]);
    notes.give(handle);
    handle = 0;
  }
}

void Inspector::State::drop_blocks(TransactionNotes& known) noexcept {
  while (known.block != 0) {
    const std::uint32_t next = blocks[known.block].next;
    blocks.give(known.block);
    known.block = next;
  }
  known.count = 0;
}

void Inspector::State::remember(TransactionNotes& known, std::uint32_t entry) noexcept {
  const std::size_t at = known.count % CandidateBlock::kSize;
  if (at == 0) {
    const std::uint32_t block = blocks.take();
    if (block == 0) {
      counters.candidate_limit.add();
      return;
    }
    blocks[block].next = known.block;
    known.block = block;
  }
  blocks[known.block].rules[at] = entry;
  ++known.count;
}

// Moves the candidates of earlier rounds into `recalled`; those to be tried again become candidates. We are
// asked when a step is done or a buffer has grown: if it is not the one, it is the other.
void Inspector::State::recall(TransactionNotes& known, Side side, bool advanced) noexcept {
  recalled_count = 0;
  const std::size_t s = flow::index(side);
  std::size_t in_block = known.count % CandidateBlock::kSize;
  if (in_block == 0 && known.count != 0) in_block = CandidateBlock::kSize;
  for (std::uint32_t block = known.block; block != 0; block = blocks[block].next) {
    for (std::size_t i = 0; i < in_block; ++i) {
      const std::uint32_t entry = blocks[block].rules[i];
      const std::uint32_t rule = entry & ~CandidateBlock::kMatched;
      const bool again = (entry & CandidateBlock::kMatched) == 0 && (advanced || rules->rules[rule].grows[s]);
      if (again) {
        add_candidate(rule);
      } else if (recalled_count < recalled.size()) {
        recalled[recalled_count++] = entry;
      }
    }
    in_block = CandidateBlock::kSize;
  }
  drop_blocks(known);
}

// Looks at what is new only: of several instances, which grow one after the other, at what lies beyond the
// bytes seen so far, counted through all of them.
void Inspector::State::scan_growing(proto::Transaction& transaction, const BufferGroup& group,
                                    std::uint32_t& scanned) noexcept {
  const proto::Buffer& buffer = protocols[subject.protocol]->buffers[group.row];
  const LiteralGroup& literals = group.literals;
  std::size_t before = 0;
  for (unsigned instance = 0;; ++instance) {
    const auto bytes = buffer.get(transaction, instance);
    if (!bytes) break;
    const std::size_t end = before + bytes->size();
    if (end > scanned) {
      const std::size_t seen = scanned > before ? scanned - before : 0;
      scan(literals, bytes->subspan(seen - std::min(seen, literals.longest() - 1)),
           first_buffer[subject.protocol] + group.row);
    }
    before = end;
    if (!buffer.several) break;
  }
  scanned = static_cast<std::uint32_t>(std::max<std::size_t>(before, scanned));
}

void Inspector::State::scan_transaction(proto::Transaction& transaction, Side side,
                                        TransactionNotes& known) noexcept {
  const std::size_t s = flow::index(side);
  const std::uint8_t progress = transaction.progress[s];
  const auto buffers = protocols[subject.protocol]->buffers;
  std::size_t growing = 0;
  for (const BufferGroup& group : rules->protocols[subject.protocol].buffers[s]) {
    const proto::Buffer& buffer = buffers[group.row];
    if (buffer.ready_at > progress) break;
    if (buffer.growing && growing < TransactionNotes::kMaxGrowing) {
      scan_growing(transaction, group, known.grown[growing++]);
      continue;
    }
    const std::uint64_t bit = std::uint64_t{1} << group.row;
    if ((known.scanned & bit) != 0) continue;
    known.scanned |= bit;
    for (unsigned instance = 0;; ++instance) {
      const auto bytes = buffer.get(transaction, instance);
      if (!bytes) break;
      scan(group.literals, *bytes, first_buffer[subject.protocol] + group.row);
      if (!buffer.several) break;
    }
  }
  if (known.progress == 0) add_candidates(rules->protocols[subject.protocol].always[s]);
  recall(known, side, progress > known.progress);
}

void Inspector::State::transaction_rules(proto::Transaction& transaction, Side side) noexcept {
  if (subject.protocol >= rules->protocols.size()) return;
  const std::size_t s = flow::index(side);
  const auto& own = rules->protocols[subject.protocol];
  if (own.buffers[s].empty() && own.always[s].empty()) return;
  TransactionNotes* const known = notes_of(transaction, side);
  if (known == nullptr) return;
  begin_candidates();
  scan_transaction(transaction, side, *known);
  const std::uint8_t progress = transaction.progress[s];
  known->progress = progress;
  for (std::size_t i = 0; i < recalled_count; ++i) remember(*known, recalled[i]);
  const Look* const payload = stream_look && stream_side == side ? &*stream_look : nullptr;
  for (const std::uint32_t rule : candidates()) {
    const CompiledRule& compiled = rules->rules[rule];
    if (compiled.needs[s] > progress) {
      remember(*known, rule);
      continue;
    }
    // A rule that matched is kept only where its literal may turn up once more.
    bool has_matched = false;
    for (std::size_t i = 0; i < recalled_count; ++i)
      has_matched |= recalled[i] == (rule | CandidateBlock::kMatched);
    if (has_matched) continue;
    const Tried tried = evaluate(rule, side, &transaction, payload);
    if (tried == Tried::yes) {
      matched(rule, &transaction);
      if (compiled.grows[s] && progress != proto::kComplete)
        remember(*known, rule | CandidateBlock::kMatched);
    } else if (tried == Tried::later && progress != proto::kComplete &&
               (compiled.grows[s] || !compiled.bit_tests.empty())) {
      remember(*known, rule);
    }
  }
}

}  // namespace bansoko::detect
