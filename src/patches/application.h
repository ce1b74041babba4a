// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "patches/yaml.h"

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

/// The reviewed list of applications.
struct Applications {
  std::vector<Application> all = {};
  std::vector<std::string> passed_over =
      {};  // a rule of others whose msg has one of these words protects no server

  /// Null: there is none.
  const Application* find(std::string_view id) const noexcept;
};

/// Reads the list; what is wrong goes to the faults.
Applications read_applications(const std::string& path, Faults& faults);

}  // namespace bansoko::patches
