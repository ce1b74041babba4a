// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/detect/inspector_state.h"
#include "shield/detect/literal_choice.h"

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

void Inspector::State::remember(TransactionNotes& known, const Candidate& candidate) noexcept {
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
  blocks[known.block].candidates[at] = candidate;
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
    for (const Candidate& candidate : std::span(blocks[block].candidates).first(in_block)) {
      if (recalled_count == recalled.size()) break;
      recalled_at[candidate.rule] = static_cast<std::uint32_t>(recalled_count);
      recalled[recalled_count++] = candidate;
      if (!candidate.matched && (advanced || rules->rules[candidate.rule].grows[s]))
        add_candidate(candidate.rule);
    }
    in_block = CandidateBlock::kSize;
  }
  drop_blocks(known);
}

Candidate* Inspector::State::recalled_of(std::uint32_t rule) noexcept {
  const std::uint32_t at = recalled_at[rule];
  return at < recalled_count && recalled[at].rule == rule ? &recalled[at] : nullptr;
}

// Of a buffer of which `seen` bytes were looked at before.
void Inspector::State::search_head(const LiteralGroup& head, Bytes bytes, std::size_t seen) noexcept {
  if (seen >= kHeadSize) return;
  search(head, bytes.first(std::min(bytes.size(), kHeadSize)).subspan(seen - std::min(seen, head.overlap())));
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
      scan(literals, bytes->subspan(seen - std::min(seen, literals.overlap())),
           first_buffer[subject.protocol] + group.row);
      search_head(group.head, *bytes, seen);
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
    if (group.ready_at > progress) break;
    const proto::Buffer& buffer = buffers[group.row];
    const bool grows = buffer.growing && group.chain == Part::kNoChain;
    if (grows && growing < TransactionNotes::kMaxGrowing) {
      scan_growing(transaction, group, known.grown[growing++]);
      continue;
    }
    if (group.ready_at <= known.progress && !grows) continue;  // done with, in an earlier look
    for (unsigned instance = 0;; ++instance) {
      const auto bytes = buffer.get(transaction, instance);
      if (!bytes) break;
      if (group.chain != Part::kNoChain) {
        scan_changed(*bytes, group);
      } else {
        scan(group.literals, *bytes, first_buffer[subject.protocol] + group.row);
        search_head(group.head, *bytes, 0);
      }
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
  transformed.begin();
  scan_transaction(transaction, side, *known);
  const std::uint8_t progress = transaction.progress[s];
  known->progress = progress;
  for (const Candidate& candidate : std::span(recalled).first(recalled_count))
    if (stamps[candidate.rule] != round) remember(*known, candidate);
  for (const std::uint32_t rule : candidates()) try_candidate(transaction, side, *known, rule);
}

void Inspector::State::try_candidate(proto::Transaction& transaction, Side side, TransactionNotes& known,
                                     std::uint32_t rule) noexcept {
  const std::size_t s = flow::index(side);
  const std::uint8_t progress = transaction.progress[s];
  const CompiledRule& compiled = rules->rules[rule];
  Candidate* const before = recalled_of(rule);
  // A rule that matched is kept only where its literal may turn up once more.
  const bool is_idle = before != nullptr && (before->matched || still_waits(*before, transaction, side));
  if (is_idle || compiled.needs[s] > progress)
    return remember(known, before != nullptr ? *before : Candidate{.rule = rule});
  const Look* const payload = look_at(side) != kNoLook ? &*stream_look : nullptr;
  waited = before;
  const Tried tried = evaluate(rule, side, &transaction, payload);
  waited = nullptr;
  if (tried == Tried::yes) {
    matched(rule, &transaction);
    waits.matched = true;
    if (compiled.grows[s] && progress != proto::kComplete) remember(known, waits);
  } else if (tried == Tried::later && progress != proto::kComplete &&
             (compiled.grows[s] || !compiled.bit_tests.empty() || compiled.memory != nullptr)) {
    remember(known, waits);
  }
}

// Which look at the stream a rule about this side's messages can have at present.
std::uint32_t Inspector::State::look_at(Side side) const noexcept {
  return stream_look && stream_side == side ? look_number : kNoLook;
}

// Whether a part that has just failed cannot hold before there is another look: numbers that it takes from
// the parts before may be others when a buffer has grown.
bool Inspector::State::waits_for_stream(const CompiledRule& rule, std::size_t part,
                                        Side side) const noexcept {
  if (!rule.parts[part].is_payload()) return false;
  return std::ranges::none_of(std::span(rule.parts).first(part), [&](const Part& before) {
    return !before.is_payload() && may_change(before, side);
  });
}

// Whether what a candidate waits for has not come: a look at the stream, or at what its buffer has grown by.
bool Inspector::State::still_waits(Candidate& candidate, proto::Transaction& transaction,
                                   Side side) noexcept {
  if (candidate.look != 0) return candidate.look == look_at(side);
  if (candidate.seen == 0) return false;
  const Part& part = rules->rules[candidate.rule].parts[candidate.part];
  const auto row = static_cast<std::size_t>(part.row[flow::index(side)]);
  const auto bytes = protocols[subject.protocol]->buffers[row].get(transaction, 0);
  const auto* const content = std::get_if<Content>(&part.steps[candidate.step].kind);
  if (!bytes || content == nullptr) return false;
  const std::size_t overlap = std::min<std::size_t>(candidate.seen, content->finder.size() - 1);
  if (content->finder.find(*bytes, candidate.seen - overlap) != pattern::Finder::kNone) return false;
  candidate.seen = static_cast<std::uint32_t>(bytes->size());
  return true;
}

}  // namespace bansoko::detect
