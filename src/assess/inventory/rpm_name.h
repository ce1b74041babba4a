// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "assess/model/host.h"

namespace bansoko::inventory {

/// The parts of "openssl-libs-1:1.0.2k-19.el7.x86_64". What is not written is empty.
struct RpmName {
  std::string_view name = {}, epoch = {}, version = {}, release = {}, arch = {};
};

/// Reads name-[epoch:]version-release[.arch], also with the epoch in front of the name. A release without an
/// architecture keeps its last part. Nothing if the text cannot be one.
std::optional<RpmName> parse_rpm_name(std::string_view text) noexcept;

/// Whether rpm builds for it, "noarch" included.
bool is_rpm_arch(std::string_view text) noexcept;

/// The package as a component: "(none)" is nothing, `source_rpm` ("openssl-1.0.2k-19.el7.src.rpm") tells
/// name and version of the source.
assess::Component rpm_component(const RpmName& name, std::string_view source_rpm);

}  // namespace bansoko::inventory
