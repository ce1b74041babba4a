// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "patches/map_reader.h"

namespace bansoko::patches {

/// A program that serves others, as content/applications.yaml lists it.
struct Application {
  std::string id = {};
  std::string name = {};
  std::string vendor = {};
  std::string role = {};                // web, database, mail, ...
  std::vector<std::string> ports = {};  // "tcp/445", where it usually listens
  std::vector<std::string> match = {};  // what rules of others call it; may be empty
};

/// Reads a list of them; what is wrong goes to the faults.
std::vector<Application> read_applications(const std::string& path, Faults& faults);

}  // namespace bansoko::patches
