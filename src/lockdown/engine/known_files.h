// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/counter.h"
#include "base/unique_fd.h"
#include "lockdown/guard/guard.h"
#include "lockdown/identity/file_kind.h"
#include "lockdown/identity/file_state.h"
#include "lockdown/identity/language.h"
#include "lockdown/identity/sha256.h"

namespace bansoko::lockdown {

/// What a file holds, which stays true while we hold a lease on it.
struct Content {
  identity::FileKind kind = identity::FileKind::data;
  std::optional<identity::Sha256> digest = {};  // of code alone
};

/// A file with a read lease (fcntl(2), F_SETLEASE): whoever wants to write to it waits until we give it up.
enum class Leased : std::uint8_t { yes, has_writer, unsupported };

/// Files whose content we know, each with a lease on a descriptor, at most `most`: beyond it the first that
/// came goes, those that are no code before those that are. The kernel tells nothing of what it answers
/// itself, so it is not known which was not used for longest. From any thread.
class KnownFiles {
 public:
  struct Counters {
    Counter kept, evicted, broken,
        refused;  // answers kept; given up for another; given up to a writer; lease refused
  };

  /// `guard` must outlive this. The kernel announces writers by `signal`, which is to be blocked and read by
  /// signalfd(2).
  KnownFiles(guard::Guard& guard, std::size_t most, int signal) noexcept
      : guard_(guard), most_(most), signal_(signal) {}

  /// What is known of the file, if anything is.
  std::optional<Content> find(const identity::FileKey& key) const;

  /// Takes a lease on a held file, before it is read. Follow with know() or abandon().
  Leased lease(int file);
  /// Its content has been read. False: a writer came meanwhile, so it is not certain and the lease is gone.
  /// `kept` is what the kernel may answer by itself.
  bool know(UniqueFd file, const identity::FileKey& key, const Content& content,
            std::optional<guard::Kept> kept);
  void abandon(int file);
  /// Another word on what the kernel may answer about a file that is known.
  void keep(const identity::FileKey& key, guard::Kept kept);

  /// A writer waits for the file under this descriptor: it is forgotten at once. False: nothing is under it.
  bool give_up(int file);
  /// Signals were lost: everything is forgotten.
  void give_up_all();
  /// The kernel asks about all files again; what they hold is still known.
  Result<> ask_again();

  /// Gives up files that have no name any more, so that their space is free: looks at `count` of them, in
  /// turns.
  void sweep(std::size_t count);

  std::size_t size() const;
  const Counters& counters() const noexcept { return counters_; }

 private:
  struct File {
    UniqueFd descriptor;
    identity::FileKey key;
    Content content;
    bool kept = false;
    std::list<int>::iterator place;
  };
  std::list<int>& queue_of(const Content& content) noexcept { return content.digest ? code_ : data_; }
  void make_room();
  void forget(int descriptor);
  void keep(File& file, guard::Kept kept);

  guard::Guard& guard_;
  std::size_t most_;
  int signal_;
  mutable std::mutex mutex_;
  std::unordered_map<int, bool> being_read_;  // by descriptor: a writer came
  std::unordered_map<int, File> files_;       // by descriptor
  std::unordered_map<identity::FileKey, int, identity::FileKeyHash> by_key_;
  std::list<int> code_, data_;  // the first that came in front
  std::size_t swept_ = 0;       // where the last sweep ended
  Counters counters_;
};

}  // namespace bansoko::lockdown
