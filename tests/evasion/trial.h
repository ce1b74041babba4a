// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "tests/evasion/guard.h"
#include "tests/evasion/receiver.h"
#include "tests/evasion/transform.h"

namespace bansoko::evasion {

/// How an attack is packaged: at most one transformation of each layer.
struct Packaging {
  const Transform* message = nullptr;
  const Transform* split = nullptr;
  const Transform* decoy = nullptr;
  const Transform* ip = nullptr;

  void add(const Transform& transform);
  bool fits(const Attack& attack) const;
  bool is_hostile() const;
};

/// "tcp.reverse/8 + ip.fragments/24".
std::string name_of(const Packaging& packaging);

struct Outcome {
  bool delivered = false;  // the target's application has read all that was meant for it
  std::set<std::uint32_t> alerts = {};
};

/// Tries packagings on one receiver, each in a connection of its own.
class Laboratory {
 public:
  explicit Laboratory(Receiver& receiver) : receiver_(receiver) {}

  /// Without a guard, what reaches the target is all that is sent. With one, what is refused is lost, and the
  /// client sends everything again, in the plain way.
  Outcome attempt(const Messages& messages, const Attack& attack, const Packaging& packaging, Guard* guard);

 private:
  Receiver& receiver_;
  // Of their own for each attempt: a datagram that was refused stays refused for a while.
  std::uint16_t next_port_ = 20000;
  std::uint32_t next_ip_id_ = 1;
};

}  // namespace bansoko::evasion
