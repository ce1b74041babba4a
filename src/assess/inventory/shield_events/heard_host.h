// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "assess/inventory/inventory.h"
#include "assess/model/date.h"
#include "assess/model/host.h"

namespace bansoko::inventory::shield_events {

/// One thing that a host said of itself.
struct Remark {
  std::uint16_t port = 0;      // that it answers on; 0: it said so as a client
  std::string transport = {};  // "tcp", "udp"
  std::string topic = {};      // "http.server"
  std::string said = {};
  assess::Date day = {};
  assess::Evidence evidence = {};
};

/// All that one address said, as its events come.
class HeardHost {
 public:
  /// A thing that was not said again for so long, while others were in its place, is over.
  static constexpr std::chrono::days kOver{2};

  /// False: there was no room for it.
  bool add(Remark remark, const Limits& limits);

  /// `address` is what it is known by.
  assess::Host finish(const std::string& address) const;

 private:
  /// What is said on one port about one topic, by text.
  using Texts = std::map<std::string, Remark, std::less<>>;
  using Subject = std::pair<std::uint16_t, std::string>;  // port and topic

  const Remark* latest(std::uint16_t port, const char* topic) const;
  void tell_by_name(assess::Host& host) const;
  void tell_by_version(assess::Host& host) const;
  void tell_name(assess::Host& host) const;
  void tell_services(assess::Host& host) const;
  void tell_tls(assess::Host& host) const;

  std::map<Subject, Texts> subjects_;
  std::size_t size_ = 0;
};

}  // namespace bansoko::inventory::shield_events
