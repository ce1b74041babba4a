// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::inventory::rpmdb {

/// What we read of an rpm header.
struct Header {
  std::string name = {}, version = {}, release = {}, arch = {};
  std::optional<std::uint32_t> epoch = {};
  std::string source_rpm = {}, vendor = {}, module = {};
};

/// A header as databases keep it, without the magic of package files (rpm's manual, "RPM V4 package format",
/// "Header"): the number of entries, the size of the data, the entries, the data, all in network order.
/// An error says which part reaches beyond what is there.
Result<Header> read_header(Bytes blob);

}  // namespace bansoko::inventory::rpmdb
