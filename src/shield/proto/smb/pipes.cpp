// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/pipes.h"

#include <algorithm>

namespace bansoko::proto::smb {

Pipes::Pipes(std::size_t limit, const dcerpc::CallLimits& calls, MemoryBudget& budget)
    : limit_(limit), calls_(calls), budget_(budget) {
  pipes_.reserve(limit);
}

Pipes::~Pipes() { budget_.give_back(pipes_.size() * sizeof(Pipe)); }

void Pipes::note_asked(std::uint64_t request, const Asked& asked) noexcept {
  asked_[next_asked_++ % asked_.size()] = {.number = request, .asked = asked, .is_known = true};
}

std::optional<Asked> Pipes::asked_by(std::uint64_t request) const noexcept {
  for (std::size_t i = 1; i <= asked_.size(); ++i) {  // the latest first
    const Request& known = asked_[(next_asked_ - i) % asked_.size()];
    if (known.is_known && known.number == request) return known.asked;
  }
  return std::nullopt;
}

void Pipes::take(Side side, FileData& data, Bytes bytes, const dcerpc::Outlet& out) noexcept {
  if (data.is_left_alone || bytes.empty()) return;
  Pipe* pipe = find(data.file);
  if (pipe == nullptr && side == Side::client && dcerpc::look_like_pdu(bytes) != Guess::no)
    pipe = open(data.file, out);
  data.is_left_alone = pipe == nullptr || (!pipe->is_proven && side == Side::server);
  if (data.is_left_alone) return;
  pipe->used_at = ++clock_;
  if (data.taken == 0) pipe->association.restart(side);
  data.taken += static_cast<std::uint32_t>(bytes.size());
  if (!pipe->is_proven && prove(*pipe, bytes, out) == Guess::no) {
    data.is_left_alone = true;
    return close(*pipe, out);
  }
  if (pipe->is_proven) pipe->association.feed(side, bytes, out);
}

/// Takes the first bytes away for as long as they may become a PDU's header.
Guess Pipes::prove(Pipe& pipe, Bytes& bytes, const dcerpc::Outlet& out) noexcept {
  const std::size_t wanted = std::min(bytes.size(), pipe.first.size() - pipe.first_size);
  std::copy_n(bytes.begin(), wanted, pipe.first.begin() + pipe.first_size);
  pipe.first_size += wanted;
  bytes = bytes.subspan(wanted);
  const Bytes first = Bytes(pipe.first).first(pipe.first_size);
  const Guess guess = dcerpc::look_like_pdu(first);
  pipe.is_proven = guess == Guess::yes;
  if (pipe.is_proven) pipe.association.feed(Side::client, first, out);
  return guess;
}

void Pipes::note_opened(FileKey opening, FileKey file, const Place& place,
                        const dcerpc::Outlet& out) noexcept {
  close(file, out);
  openings_.note(file, place);
  if (Pipe* const pipe = find(opening); pipe != nullptr) {
    pipe->file = file;
    pipe->place = place;
  }
  for (Request& known : asked_)
    if (known.asked.file == opening) known.asked.file = file;
  endings_.rename(opening, file);
}

void Pipes::answered(std::uint64_t request, bool agreed, const dcerpc::Outlet& out) noexcept {
  const auto ending = endings_.answered(request, agreed);
  if (!ending) return;
  if (ending->of == Ending::Of::file) return close(ending->file, out);
  for (const auto& pipe : pipes_) {
    if (!pipe->is_open || !pipe->place || pipe->place->session != ending->place.session) continue;
    if (ending->of == Ending::Of::session || pipe->place->tree == ending->place.tree) close(*pipe, out);
  }
}

void Pipes::close(FileKey file, const dcerpc::Outlet& out) noexcept {
  if (Pipe* const pipe = find(file); pipe != nullptr) close(*pipe, out);
}

Pipes::Pipe* Pipes::find(FileKey file) const noexcept {
  const auto found =
      std::ranges::find_if(pipes_, [&](const auto& pipe) { return pipe->is_open && pipe->file == file; });
  return found == pipes_.end() ? nullptr : found->get();
}

Pipes::Pipe* Pipes::open(FileKey file, const dcerpc::Outlet& out) noexcept {
  Pipe* pipe = free_one();
  if (pipe == nullptr) {
    limit_reached_ = true;
    if (pipes_.empty()) return nullptr;
    const auto stillest = std::ranges::min_element(pipes_, {}, [](const auto& one) { return one->used_at; });
    pipe = stillest->get();
    close(*pipe, out);
  }
  pipe->is_open = true;
  pipe->is_proven = false;
  pipe->first_size = 0;
  pipe->file = file;
  pipe->place = openings_.of(file);
  return pipe;
}

Pipes::Pipe* Pipes::free_one() noexcept {
  const auto idle = std::ranges::find_if(pipes_, [](const auto& pipe) { return !pipe->is_open; });
  if (idle != pipes_.end()) return idle->get();
  if (pipes_.size() == limit_ || !budget_.take(sizeof(Pipe))) return nullptr;
  return pipes_.emplace_back(std::make_unique<Pipe>(calls_, budget_)).get();
}

void Pipes::close(Pipe& pipe, const dcerpc::Outlet& out) noexcept {
  pipe.association.end(out);
  pipe.association.reset();
  pipe.is_open = false;
}

void Pipes::end(const dcerpc::Outlet& out) noexcept {
  for (const auto& pipe : pipes_)
    if (pipe->is_open) close(*pipe, out);
}

void Pipes::reset() noexcept {
  for (const auto& pipe : pipes_) {
    pipe->is_open = false;
    pipe->association.reset();
  }
  if (budget_.is_tight()) {
    budget_.give_back(pipes_.size() * sizeof(Pipe));
    pipes_.clear();
  }
  asked_ = {};
  next_asked_ = 0;
  endings_.reset();
  openings_.reset();
  limit_reached_ = false;
}

}  // namespace bansoko::proto::smb
