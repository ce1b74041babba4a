// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "patches/patch.h"

namespace bansoko::explain {

using patches::Lang;
using patches::Words;

struct MessageFile {
  std::string_view name = {};
  std::string_view text = {};
};

/// content/messages, compiled in.
std::span<const MessageFile> shipped_messages();

/// What there is to say, in every language, by its key: "reason.rule", "anomaly.ipv4.checksum".
class Catalogue {
 public:
  /// Fails, with every fault and its place, on a text that is not there in both languages, that has other
  /// places to be filled in in one than in the other, or whose key stands in two files.
  static Result<Catalogue> read(std::span<const MessageFile> files);

  /// Null: nothing has this key.
  const Words* find(std::string_view key) const noexcept;

  const std::map<std::string, Words, std::less<>>& all() const noexcept { return texts_; }

 private:
  std::map<std::string, Words, std::less<>> texts_;
};

}  // namespace bansoko::explain
