// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assess/applicability/condition.h"
#include "assess/model/product.h"

/// What a system lets its programs become, and what still protects it: content/middleware.
namespace bansoko::assess {

/// A program that cannot go beyond a version on this system.
struct ReachedCeiling {
  const Ceiling* ceiling = nullptr;  // of content; outlives this
  const Product* product = nullptr;  // the same
  std::string name = {};             // the program, as the inventory names it
  std::string version = {};          // empty: not known
};

/// Each program and version once.
std::vector<ReachedCeiling> ceilings_of(const Subject& subject, std::span<const Ceiling> ceilings,
                                        std::span<const Product> products);

/// Security software that its vendor serves, or served, on this system.
struct Protecting {
  const Protection* protection = nullptr;  // of content; outlives this
  std::string program = {};                // as the inventory names it; empty: it was not seen
  bool is_over = false;                    // its last day has passed
};

/// What the inventory names comes first.
std::vector<Protecting> protections_of(const Subject& subject, std::span<const Protection> protections,
                                       Date today);

/// Who is to be asked before an update is installed.
struct AskFirst {
  const Certifier* certifier = nullptr;  // of content; outlives this
  std::string program = {};              // what is theirs on the host; empty: the whole of it
};

std::vector<AskFirst> certifiers_of(const Subject& subject, std::span<const Certifier> certifiers);

}  // namespace bansoko::assess
