// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "assess/model/host.h"

namespace bansoko::inventory {

/// Adds a gap, unless it is there in the same words. Of what fills a report, a thousand are enough.
void add_gap(assess::Host& host, assess::Gap gap, std::string what, assess::Evidence evidence = {});

/// The updates of a host, each once.
class UpdateList {
 public:
  /// `host` outlives this. More than `most` are not kept, which is a gap.
  UpdateList(assess::Host& host, std::size_t most) noexcept : host_(host), most_(most) {}
  /// A date where none was known counts.
  void add(assess::Update update);

 private:
  assess::Host& host_;
  std::size_t most_;
  std::map<std::string, std::size_t, std::less<>> known_;
};

/// The digits of "KB958644-v2 - Update", "Q147222", "KB893803v2", "KB978695_WM9"; empty: it is no such thing.
std::string update_number(std::string_view text);

/// Names what a host lacks by what it holds: each reader ends with it, and so does merge(). A list that is
/// empty is one that is not known: no source tells "none" from "not looked".
void state_gaps(assess::Host& host);

}  // namespace bansoko::inventory
