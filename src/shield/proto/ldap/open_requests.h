// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bansoko::proto::ldap {

/// A request that has no final response yet.
struct OpenRequest {
  std::uint64_t id = 0;
  std::uint64_t transaction = 0;
  std::uint64_t responses = 0;
  bool is_starttls = false;
  bool is_sasl_bind = false;
};

/// The open requests of one flow, oldest first.
class OpenRequests {
 public:
  explicit OpenRequests(std::size_t most) { open_.reserve(most); }

  /// False: there was no room, and the oldest one is forgotten.
  bool begin(const OpenRequest& request) noexcept {
    const bool has_room = open_.size() < open_.capacity();
    if (!has_room) open_.erase(open_.begin());
    open_.push_back(request);
    return has_room;
  }
  /// Null: there is none with this message id.
  OpenRequest* find(std::uint64_t id) noexcept {
    const auto found = std::ranges::find(open_, id, &OpenRequest::id);
    return found == open_.end() ? nullptr : &*found;
  }
  void end(std::uint64_t id) noexcept {
    const auto found = std::ranges::find(open_, id, &OpenRequest::id);
    if (found != open_.end()) open_.erase(found);
  }
  bool has_starttls() const noexcept { return std::ranges::any_of(open_, &OpenRequest::is_starttls); }
  void clear() noexcept { open_.clear(); }

 private:
  std::vector<OpenRequest> open_;
};

}  // namespace bansoko::proto::ldap
