// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/model/product.h"

namespace bansoko::content {

/// A product row of Microsoft's lists, taken apart: "Internet Explorer 11 on Windows Server 2012 R2".
struct MicrosoftName {
  assess::ProductId product =
      {};  // the system, or what the row is about where it names none; empty: not known
  assess::Arch arch = assess::Arch::unknown;
  std::optional<std::uint32_t> service_pack = {};
  bool r2 = false;  // of Server 2003
  bool server_core = false;
  std::string version = {};                  // "1809" of Windows 10, "2014" of SQL Server
  std::string edition = {};                  // "express edition"
  std::string update = {};                   // "cumulative update 23"
  std::string branch = {};                   // "gdr", "qfe", "cu 14"
  std::string component = {};                // what is on the system: "internet explorer 11"; empty: itself
  assess::ProductId component_product = {};  // empty: content does not know it
  std::string component_version = {};        // "11", "3.5 and 4.8"
  std::string rest = {};                     // what nobody understood; then `product` says too little

  bool understood() const noexcept { return !product.empty() && rest.empty(); }
};

/// Takes rows apart by the names that products.yaml has for Microsoft's products.
class MicrosoftNames {
 public:
  /// `products` must outlive this.
  explicit MicrosoftNames(std::span<const assess::Product> products);

  MicrosoftName parse(std::string_view row) const;

 private:
  struct Name {
    std::string text = {};  // in lower case
    const assess::Product* product = nullptr;
  };

  const Name* longest(std::string_view text) const;
  bool parse_one(std::string_view text, MicrosoftName& made) const;

  std::vector<Name> names_;  // the longest first
};

}  // namespace bansoko::content
