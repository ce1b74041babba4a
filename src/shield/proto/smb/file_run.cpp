// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/file_run.h"

#include <algorithm>
#include <span>

#include "shield/proto/smb/message_reader.h"

namespace bansoko::proto::smb {

FileRun::FileRun(const FileLimits& limits, MemoryBudget& budget)
    : SmbTransaction(true),
      limits_(limits),
      contents_{BudgetedBytes(budget), BudgetedBytes(budget)},
      ahead_(budget),
      sums_(budget) {}

void FileRun::begin(FileKey key, Side from, const WantedSums& wanted, const FileOutlet& out) {
  file = key;
  side = from;
  wanted_ = wanted;
  size.reset();
  name.clear();
  contents_[now_].clear();
  ahead_.clear();
  piece_count_ = rewrites_ = 0;
  base_ = next_ = seen_ = 0;
  is_open_ = true;
  is_begun_ = false;
  begin_part(out);
}

/// Another transaction, about what content there is by now.
void FileRun::begin_part(const FileOutlet& out) {
  id = out.next_id++;
  progress = {};
  notes = {};
  is_cut_ = false;
  sums_.reset();
  sums_.begin(wanted_, limits_.digest);
  sums_.add(content());
}

Bytes FileRun::take(std::uint64_t at, Bytes bytes, const FileOutlet& out) {
  if (!is_begun_ && side == Side::server && at > 0) {  // a file may be read from anywhere
    base_ = next_ = at;
    sums_.spoil();
  }
  is_begun_ = true;
  const bool has_end = side == Side::server && size && base_ == 0 && next_ < *size;
  seen_ = std::max(seen_, has_end ? std::min(at + bytes.size(), *size) : at + bytes.size());
  while (!bytes.empty()) {
    Bytes rest;
    if (at < next_) {
      rest = pass_known(at, bytes, out);
    } else if (at > next_) {
      rest = keep_ahead(at, bytes);
      if (!rest.empty()) jump_to(at + bytes.size() - rest.size(), out);
    } else {
      rest = pass_next(bytes, out);
      // What comes behind the end that the server stated belongs to a longer file.
      if (!is_open_) return rest;
    }
    at += bytes.size() - rest.size();
    bytes = rest;
  }
  return {};
}

/// Gives what has come before, ahead of its turn, or is behind the file's end.
Bytes FileRun::pass_next(Bytes bytes, const FileOutlet& out) {
  const bool has_end = side == Side::server && size && base_ == 0 && next_ < *size;
  std::uint64_t until = has_end ? *size : ~std::uint64_t{0};
  for (const Piece& piece : std::span(pieces_).first(piece_count_)) until = std::min(until, piece.at);
  const auto mine = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), until - next_));
  append(bytes.first(mine), out);
  join_ahead(out);
  if (has_end && next_ >= *size) end(true, out);
  return bytes.subspan(mine);
}

/// Of bytes whose places have come before; gives those whose places have not. What differs takes their place.
Bytes FileRun::pass_known(std::uint64_t at, Bytes bytes, const FileOutlet& out) {
  if (at < base_) {
    if (rewrite(0, out)) {
      base_ = next_ = at;
      return bytes;
    }
    return bytes.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), base_ - at)));
  }
  const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), next_ - at));
  const std::size_t kept = content().size();
  const auto place = static_cast<std::size_t>(std::min<std::uint64_t>(at - base_, kept));
  const Bytes before = content().subspan(place, std::min(known, kept - place));
  const auto differs = static_cast<std::size_t>(std::ranges::mismatch(before, bytes).in1 - before.begin());
  if (differs < before.size() && rewrite(place + differs, out)) {
    next_ = base_ + place + differs;
    return bytes.subspan(differs);
  }
  // Nobody knows whether what is not kept is the same.
  if (side == Side::client && (differs < before.size() || before.size() < known)) sums_.spoil();
  return bytes.subspan(known);
}

/// Begins a transaction with the first `same` bytes of this one. False: it is one too many.
bool FileRun::rewrite(std::size_t same, const FileOutlet& out) {
  if (rewrites_ > limits_.rewrites) return false;
  tell(file_rewritten, out);
  if (rewrites_++ == limits_.rewrites) return false;
  BudgetedBytes& other = contents_[1 - now_];
  other.clear();
  const bool has_memory = other.append(content().first(same), limits_.kept);
  if (!has_memory) tell(memory_limit, out);
  end_part(false, out);
  contents_[now_].clear();
  now_ = 1 - now_;
  ahead_.clear();
  piece_count_ = 0;
  begin_part(out);
  if (!has_memory || base_ > 0) sums_.spoil();
  return true;
}

void FileRun::append(Bytes bytes, const FileOutlet& out) {
  if (bytes.empty()) return;
  next_ += bytes.size();
  sums_.add(bytes);
  if (is_cut_) return;
  BudgetedBytes& kept = contents_[now_];
  const Bytes wanted = bytes.first(std::min(bytes.size(), limits_.kept - kept.size()));
  const bool has_memory = wanted.empty() || kept.append(wanted, limits_.kept);
  is_cut_ = !has_memory || wanted.size() < bytes.size();
  if (is_cut_) tell(has_memory ? file_limit : memory_limit, out);
  if (wanted.empty() || !has_memory) return;
  progress[flow::index(side)] = step_file;
  out.sink.on_progress(*this, side);
}

/// Gives what there is no room for.
Bytes FileRun::keep_ahead(std::uint64_t at, Bytes bytes) {
  const Bytes fits = bytes.first(std::min(bytes.size(), limits_.ahead - ahead_.size()));
  Piece* last = piece_count_ == 0 ? nullptr : &pieces_[piece_count_ - 1];
  const bool continues = last != nullptr && last->at + last->size == at;
  if (fits.empty() || (!continues && piece_count_ == kMostPieces)) return bytes;
  const std::size_t place = ahead_.size();
  if (!ahead_.append(fits, limits_.ahead)) return bytes;
  if (!continues) {
    last = &pieces_[piece_count_++];
    *last = {.at = at, .place = place, .size = 0};
  }
  last->size += fits.size();
  return bytes.subspan(fits.size());
}

/// Appends what has come in its turn by now.
void FileRun::join_ahead(const FileOutlet& out) {
  for (;;) {
    const auto pieces = std::span(pieces_).first(piece_count_);
    const auto ready = std::ranges::find_if(pieces, [this](const Piece& piece) { return piece.at <= next_; });
    if (ready == pieces.end()) break;
    const Piece piece = *ready;
    std::ranges::move(ready + 1, pieces.end(), ready);
    --piece_count_;
    const std::uint64_t known = std::min<std::uint64_t>(next_ - piece.at, piece.size);
    append(ahead_.bytes().subspan(piece.place, piece.size).subspan(static_cast<std::size_t>(known)), out);
  }
  if (piece_count_ == 0) ahead_.clear();
}

/// There is no room for more to wait.
void FileRun::jump_to(std::uint64_t at, const FileOutlet& out) {
  tell(file_order, out);
  jump_ahead(out);
  if (at > next_) sums_.skip(at - next_);
  next_ = std::max(next_, at);
}

/// What was to come between has not come.
void FileRun::jump_ahead(const FileOutlet& out) {
  while (piece_count_ > 0) {
    const auto first = std::ranges::min_element(std::span(pieces_).first(piece_count_), {}, &Piece::at)->at;
    if (first > next_) sums_.skip(first - next_);
    next_ = std::max(next_, first);
    join_ahead(out);
  }
}

void FileRun::end(bool is_closed, const FileOutlet& out) {
  if (!is_open_) return;
  jump_ahead(out);
  is_open_ = false;
  end_part(is_closed && base_ == 0 && next_ >= std::max(seen_, size.value_or(0)), out);
}

void FileRun::end_part(bool is_whole, const FileOutlet& out) {
  sums_.end(is_whole);
  if (sums_.take_missing()) tell(file_without_digest, out);
  progress[flow::index(side)] = kComplete;
  out.sink.on_progress(*this, side);
  out.sink.on_end(*this);
}

void FileRun::reset() noexcept {
  is_open_ = false;
  sums_.reset();
}

void FileRun::release() noexcept {
  for (BudgetedBytes& content : contents_) content.release();
  ahead_.release();
}

}  // namespace bansoko::proto::smb
