// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace bansoko::inventory::systeminfo {

enum class Field {
  host_name,
  os_name,
  os_version,
  configuration,
  system_type,
  locale,
  domain,
  updates,
  network
};

struct Label {
  std::string_view language;  // "en"
  Field field;
  std::string_view text;  // in lower case where it is ASCII
};

/// What a label means, in the languages that we know; a label of another language is nothing.
std::optional<Label> find_label(std::string_view text);

/// Whether a configuration ("Primary Domain Controller", "メンバー サーバー") is of a server.
enum class DomainRole {
  unknown,
  standalone_workstation,
  member_workstation,
  standalone_server,
  member_server,
  domain_controller
};
DomainRole domain_role(std::string_view configuration);

}  // namespace bansoko::inventory::systeminfo
