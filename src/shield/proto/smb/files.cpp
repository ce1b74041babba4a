// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/files.h"

#include <algorithm>
#include <span>

#include "shield/proto/smb/message_reader.h"

namespace bansoko::proto::smb {
namespace {

constexpr std::array kSides{Side::client, Side::server};

}  // namespace

Files::Files(const FileLimits& limits, MemoryBudget& budget) : limits_(limits), budget_(budget) {}

Files::~Files() { budget_.give_back(runs_.size() * sizeof(FileRun) + known_.size() * sizeof(Known)); }

Files::Known* Files::known(FileKey file) noexcept {
  const auto found = std::ranges::find_if(known_, [file](const auto& one) { return one->file == file; });
  return found == known_.end() ? nullptr : found->get();
}

/// The one that was not used for longest makes room. Null: there is no memory for any.
Files::Known* Files::remember(FileKey file) {
  Known* one = known(file);
  if (one == nullptr && known_.size() < limits_.files && budget_.take(sizeof(Known)))
    one = known_.emplace_back(std::make_unique<Known>()).get();
  if (one == nullptr && !known_.empty())
    one = std::ranges::min_element(known_, {}, [](const auto& other) { return other->used_at; })->get();
  if (one == nullptr) return nullptr;
  one->file = file;
  one->name.clear();
  one->size.reset();
  one->is_pipe = false;
  one->used_at = ++clock_;
  return one;
}

void Files::note_name(FileKey opening, Bytes name) {
  if (Known* const one = remember(opening); one != nullptr) one->name.append(name);
}

void Files::note_opened(FileKey opening, const OpenedFile& opened, const FileOutlet& out) {
  close(opened.file, std::nullopt, out);
  if (Known* const before = known(opened.file); before != nullptr && opening != opened.file) before->file = 0;
  Known* one = known(opening);
  if (one == nullptr) one = remember(opened.file);
  if (one == nullptr) return;
  one->file = opened.file;
  one->size = opened.size;
  one->is_pipe = opened.is_pipe;
  one->used_at = ++clock_;
  // Those in the same compound as the request came before the id.
  for (const Side side : kSides)
    if (FileRun* const run = find(opening, side); run != nullptr) run->file = opened.file;
}

void Files::note_tree_asked(std::uint64_t request, bool is_of_pipes) noexcept {
  asked_trees_[next_asked_tree_++ % asked_trees_.size()] = {request, is_of_pipes, true};
}

void Files::note_tree(std::uint64_t request, std::uint32_t tree) noexcept {
  for (Tree& known : trees_)
    if (known.number == tree) known.is_known = false;
  for (AskedTree& asked : asked_trees_) {
    if (!asked.is_waiting || asked.request != request) continue;
    asked.is_waiting = false;
    trees_[next_tree_++ % trees_.size()] = {tree, asked.is_of_pipes, true};
    return;
  }
}

std::optional<bool> Files::is_of_pipes(std::uint32_t tree) const noexcept {
  const auto is_it = [tree](const Tree& known) { return known.is_known && known.number == tree; };
  const auto* const found = std::ranges::find_if(trees_, is_it);
  return found == trees_.end() ? std::nullopt : std::optional(found->is_of_pipes);
}

bool Files::awaits_pipes() const noexcept {
  return std::ranges::any_of(asked_trees_,
                             [](const AskedTree& asked) { return asked.is_waiting && asked.is_of_pipes; });
}

FileRun* Files::find(FileKey file, Side side) const noexcept {
  const auto found = std::ranges::find_if(runs_, [file, side](const auto& run) {
    return run->is_open() && run->file == file && run->side == side;
  });
  return found == runs_.end() ? nullptr : found->get();
}

FileRun* Files::free_one() {
  const auto idle = std::ranges::find_if(runs_, [](const auto& run) { return !run->is_open(); });
  if (idle != runs_.end()) return idle->get();
  if (runs_.size() == limits_.files || !budget_.take(sizeof(FileRun))) return nullptr;
  return runs_.emplace_back(std::make_unique<FileRun>(limits_, budget_)).get();
}

FileRun* Files::open(FileKey file, Side side, const FileOutlet& out) {
  FileRun* run = free_one();
  if (run == nullptr) {
    out.sink.on_anomaly(side, open_file_limit);
    if (runs_.empty()) return nullptr;
    run = std::ranges::min_element(runs_, {}, [](const auto& one) { return one->used_at; })->get();
    run->end(false, out);
  }
  run->begin(file, side, wanted_.sums[flow::index(side)], out);
  if (Known* const one = known(file); one != nullptr) {
    run->name = one->name;
    run->size = one->size;
    one->used_at = ++clock_;
  }
  return run;
}

void Files::take(Side side, const FileData& data, std::uint64_t at, Bytes bytes, const FileOutlet& out) {
  const Known* const one = known(data.file);
  if (one != nullptr && one->is_pipe) return;
  while (!bytes.empty()) {
    FileRun* run = find(data.file, side);
    if (run == nullptr) run = open(data.file, side, out);
    if (run == nullptr) return;
    run->used_at = ++clock_;
    const Bytes rest = run->take(at, bytes, out);
    at += bytes.size() - rest.size();
    bytes = rest;
  }
}

void Files::lose(Side side, FileKey file) noexcept {
  if (FileRun* const run = find(file, side); run != nullptr) run->lose();
}

void Files::close(FileKey file, std::optional<Side> side, const FileOutlet& out) {
  for (const Side each : kSides)
    if (FileRun* const run = find(file, each); run != nullptr && side.value_or(each) == each)
      run->end(true, out);
}

void Files::end(const FileOutlet& out) {
  for (const auto& run : runs_) run->end(false, out);
}

void Files::reset(const WantedFiles& wanted) noexcept {
  wanted_ = wanted;
  for (const auto& run : runs_) run->reset();
  if (budget_.is_tight()) {
    budget_.give_back(runs_.size() * sizeof(FileRun) + known_.size() * sizeof(Known));
    runs_.clear();
    known_.clear();
  }
  for (const auto& one : known_) *one = {};
  asked_trees_ = {};
  trees_ = {};
  next_asked_tree_ = next_tree_ = 0;
}

}  // namespace bansoko::proto::smb
