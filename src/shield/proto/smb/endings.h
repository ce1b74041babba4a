// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "shield/proto/smb/file_use.h"

namespace bansoko::proto::smb {

/// What requests bring to an end, once the server has agreed: a client that says so alone, with a number that
/// the server does not take, must not make us forget what it goes on with.
class Endings {
 public:
  void note(std::uint64_t request, const Ending& ending) noexcept;
  /// What is over with this answer. Nothing: the server refused, or which request it answers is not clear.
  std::optional<Ending> answered(std::uint64_t request, bool agreed) noexcept;
  /// What was known as the file that a request opens has an id now.
  void rename(FileKey from, FileKey to) noexcept;
  void reset() noexcept { *this = {}; }

 private:
  struct Waiting {
    std::uint64_t request = 0;
    Ending ending = {};
    bool is_waiting = false;
  };

  std::array<Waiting, 64> waiting_{};
  bool had_no_room_ = false;  // from then on nobody can say which request an answer belongs to
};

/// Where files were opened, as the server told; of the latest.
class Openings {
 public:
  void note(FileKey file, const Place& place) noexcept { known_[next_++ % known_.size()] = {file, place}; }
  std::optional<Place> of(FileKey file) const noexcept;
  void reset() noexcept { *this = {}; }

 private:
  struct Opening {
    FileKey file = 0;
    std::optional<Place> place = {};
  };

  std::array<Opening, 64> known_{};
  std::size_t next_ = 0;
};

}  // namespace bansoko::proto::smb
