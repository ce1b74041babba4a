// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shield/engine/settings.h"
#include "shield/packet/address.h"
#include "shield/rule/address_set.h"

namespace bansoko::engine {

/// HOME_NET of the settings; any, where nobody has said what it is.
rule::AddressSet home_net(const ShieldSettings& settings);

/// Who is ours: HOME_NET; where that is any, the machine itself if it stands as a host; else nobody can say.
class OurHosts {
 public:
  explicit OurHosts(const ShieldSettings& settings);

  bool are_known() const noexcept { return !home_.is_any() || is_host_; }
  /// Asks the machine for its addresses where it is all that is ours.
  bool contains(const packet::Address& address) const;

 private:
  rule::AddressSet home_;
  bool is_host_;
};

/// The same as rules write addresses: "$HOME_NET", "[192.0.2.1,2001:db8::1]"; empty: nobody can say, or
/// everybody is ours. The machine's addresses are those of this moment.
std::string our_hosts_in_rules(const ShieldSettings& settings);

}  // namespace bansoko::engine
