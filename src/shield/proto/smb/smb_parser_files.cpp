// SPDX-License-Identifier: Apache-2.0
// What messages carry of files and pipes.
#include <algorithm>
#include <span>

#include "shield/proto/smb/commands.h"
#include "shield/proto/smb/names.h"
#include "shield/proto/smb/smb_parser.h"

namespace bansoko::proto::smb {
namespace {

bool connects_tree(const Message& message) noexcept {
  if (message.dialect == Dialect::smb2) return message.smb2.command == smb2_tree_connect;
  const auto commands = std::span(message.commands).first(message.command_count);
  return message.dialect == Dialect::smb1 && std::ranges::any_of(commands, [](const CommandBlock& block) {
           return block.code == tree_connect_andx || block.code == tree_connect;
         });
}

}  // namespace

/// A request related to the one before it in its compound need not name the share again.
std::uint32_t SideParser::tree() const noexcept {
  const bool is_related = message_.dialect == Dialect::smb2 && message_.smb2.is_related();
  return is_related ? tree_ : message_.tree();
}

void SideParser::take_file_data(std::uint64_t& next_id, TransactionSink& sink) noexcept {
  const dcerpc::Outlet calls{.sink = sink, .next_id = next_id, .first_anomaly = first_of_calls};
  if (message_.opened) note_opened(next_id, sink);
  for (FileData& data : std::span(message_.file_data).first(message_.data_count)) {
    if (!data.is_left_alone) {
      const Bytes more = message_.part(std::uint64_t{data.offset} + data.taken, data.size - data.taken);
      pipes_.take(side_, data, more, calls);
      if (pipes_.limit_reached()) sink.on_anomaly(side_, pipe_limit);
    }
    if (files_.are_wanted()) pass_file_data(data, {.sink = sink, .next_id = next_id});
  }
}

void SideParser::note_opened(std::uint64_t& next_id, TransactionSink& sink) noexcept {
  const OpenedFile& opened = *message_.opened;
  const FileKey opening = opened_by(message_.request());
  pipes_.note_opened(message_.dialect == Dialect::smb2 ? opening : opened.file, opened.file, message_.place(),
                     {.sink = sink, .next_id = next_id, .first_anomaly = first_of_calls});
  if (files_.are_wanted()) files_.note_opened(opening, opened, {.sink = sink, .next_id = next_id});
  message_.opened.reset();
}

/// What has come of a message at a place of it: kept, or in the piece that has come just now.
Bytes SideParser::bytes_at(std::uint64_t offset, std::uint64_t size) const noexcept {
  if (offset < message_.kept().size()) return message_.part(offset, size);
  const std::uint64_t begin = message_.received() - piece_.size();
  if (offset < begin || offset >= message_.received()) return {};
  const Bytes rest = piece_.subspan(static_cast<std::size_t>(offset - begin));
  return rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), size)));
}

void SideParser::pass_file_data(FileData& data, const FileOutlet& out) {
  // A file may begin like a call, so its share decides, where it is known.
  if (!data.at || files_.is_of_pipes(tree()).value_or(pipes_.knows(data.file))) return;
  while (data.passed < data.size) {
    const std::uint64_t offset = std::uint64_t{data.offset} + data.passed;
    const Bytes more = bytes_at(offset, data.size - data.passed);
    if (more.empty()) break;
    files_.take(side_, data, *data.at + data.passed, more, out);
    data.passed += static_cast<std::uint32_t>(more.size());
  }
}

/// Which shares are those of pipes, and whether the message is about one of them.
void SideParser::note_share() noexcept {
  const bool connects = connects_tree(message_);
  if (side_ == Side::server) {
    if (connects) files_.note_tree(message_.request(), message_.tree());
    return;
  }
  if (connects) {
    is_about_pipes_ = pipe_share_name(message_).has_value();
    files_.note_tree_asked(message_.request(), *is_about_pipes_);
  } else if (const bool is_related = message_.dialect == Dialect::smb2 && message_.smb2.is_related();
             !is_related) {
    is_about_pipes_ = files_.is_of_pipes(message_.tree());
    // Its number may have been guessed before the answer came.
    if (!is_about_pipes_ && files_.awaits_pipes()) is_about_pipes_ = true;
  }
  message_.is_about_pipes = is_about_pipes_;
}

void SideParser::end_pipes(const FileOutlet& out) {
  const dcerpc::Outlet calls{.sink = out.sink, .next_id = out.next_id, .first_anomaly = first_of_calls};
  if (message_.answers_ending) pipes_.answered(message_.request(), message_.status() == 0, calls);
  if (message_.closed) pipes_.close(*message_.closed, calls);
}

/// What a message says of files holds once all of it has come.
void SideParser::end_file_use(bool complete, const FileOutlet& out) {
  if (complete) end_pipes(out);
  if (complete) note_share();
  if (!files_.are_wanted()) return;
  for (const FileData& data : std::span(message_.file_data).first(message_.data_count))
    if (data.at && data.passed < data.size) files_.lose(side_, data.file);
  if (complete && side_ == Side::client) note_request();
  if (complete && message_.over)
    files_.close(*message_.over, side_ == Side::server ? std::optional(Side::server) : std::nullopt, out);
  tree_ = tree();
}

void SideParser::note_request() noexcept {
  if (const auto name = file_name(message_); name && !name->empty())
    files_.note_name(opened_by(message_.request()), *name);
}

}  // namespace bansoko::proto::smb
