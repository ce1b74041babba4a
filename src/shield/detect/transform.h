// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "shield/pattern/regex.h"

namespace bansoko::detect {

/// What transforms work with. One per worker: its memory is taken at start.
struct TransformTools {
  pattern::Regex::Workspace regexes;
  Digest md5{DigestKind::md5}, sha1{DigestKind::sha1}, sha256{DigestKind::sha256};
};

/// What a rule does to the bytes of a buffer before it looks at them. One is a rule option, whose folder says
/// how it works.
struct Transform {
  /// How many bytes one may give beyond those that it was given.
  static constexpr std::size_t kRoom = 64;

  std::string_view name = {};  // of the option; static storage
  std::string argument = {};   // as written: with the name it tells one transform from another
  /// Gives a part of `bytes`, or what it wrote into `room`, which has kRoom bytes more than `bytes`.
  Bytes (*apply)(const Transform& self, Bytes bytes, std::span<std::uint8_t> room,
                 TransformTools& tools) noexcept = nullptr;
  std::string key = {};                                   // what the argument says, if it is bytes
  std::shared_ptr<const pattern::Regex> regex = nullptr;  // the same, if it is an expression

  friend bool operator==(const Transform& a, const Transform& b) noexcept {
    return a.name == b.name && a.argument == b.argument;
  }
};

}  // namespace bansoko::detect
