// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assess/model/advisory.h"
#include "assess/model/records.h"

/// Products, how long they are supported, and what they can still run: content/products, lifecycle,
/// middleware.
namespace bansoko::assess {

/// A product at one of its cycles: where a host can go.
struct Target {
  ProductId product = {};
  std::string cycle = {};  // of its lifecycle; empty: the product has one
};

struct Product {
  ProductId id = {};
  Words name = {};
  std::string vendor = {};
  char part = 'a';                      // 'o' an operating system, 'a' an application
  std::vector<std::string> also = {};   // other CPE spellings: "vendor:product" or "vendor:product:version"
  std::vector<std::string> names = {};  // as the vendor's lists name it, without the vendor's name
  std::vector<std::string> programs = {};  // as installed programs call themselves, without a version
  Arch unnamed_arch = Arch::unknown;       // the architecture of a row that names none
  std::map<Arch, std::uint32_t> unnamed_pack = {};  // the service pack of a row that names none
  std::vector<std::string> packages = {};           // what distributions call it, beside its own name
  std::string lifecycle = {};                       // endoflife.date's slug
  std::vector<Target> successors = {};              // the best first
};

/// Support of one cycle, as shipped.
struct Support {
  Lifecycle record = {};  // its product is a ProductId
  Zone zone = Zone::utc;  // whose midnight ends the last day
  /// The hosts it is of. Nothing: those whose version begins with the cycle, at a boundary.
  std::optional<Condition> when = {};
  bool free_extension = false;  // what comes after `end` costs nothing: long-term support by a community
  bool follows_os = false;      // its support is that of the system it is a part of; there are no dates
  std::string source = {};
  bool verified = false;
};

/// The last version of a product that a system can run.
struct Ceiling {
  ProductId product = {};
  Condition on = {};
  Words last = {};        // the version that still runs: "5.2.17", "4.0"
  std::string next = {};  // the first that does not; empty: not known
  Words why = {};
  std::string source = {};
  bool verified = false;
};

/// How long security software is supported on a system.
struct Protection {
  std::string name = {};
  std::vector<std::string> programs = {};  // how the names of installed programs begin
  std::string vendor = {};
  Condition on = {};
  std::optional<Date> end = {};
  Zone zone = Zone::utc;
  Words note = {};
  std::string source = {};
  bool verified = false;
};

/// Somebody who tests updates of the system before they may be installed: the maker of a device, or of what
/// runs on it.
struct Certifier {
  std::string vendor = {};
  std::vector<std::string> programs = {};  // how the names of installed programs begin; empty: any host
  std::optional<Condition> on = {};        // that this holds for
  Words why = {};
  std::string source = {};
  bool verified = false;
};

}  // namespace bansoko::assess
