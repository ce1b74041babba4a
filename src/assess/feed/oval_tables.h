// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "assess/xml/records.h"

/// OVAL 5 (https://oval.mitre.org, now github.com/OVAL-Community) names what a definition tests by reference:
/// definition, test, object and state, variable, in this order in the file. So the tables behind the tests
/// are kept until its end.
namespace bansoko::feed {

/// Bytes that a document may make us keep. What is kept is counted with what it costs beside its text.
class OvalBudget {
 public:
  explicit OvalBudget(std::size_t bytes) noexcept : rest_(bytes) {}
  Result<> spend(std::size_t bytes);

 private:
  std::size_t rest_;
};

/// What a test asks of packages.
struct OvalCheck {
  enum class Kind {
    installed,  // whether they are there
    earlier,    // whether their version is less than this one
    version,    // something else about their version
    condition,  // of the system, of a signature: says nothing of a package by itself
    unknown,    // the file lacks it
  };

  Kind kind = Kind::unknown;
  std::vector<std::string> packages = {};
  std::string version = {};  // without an epoch of 0
  std::string arch = {};     // empty: any, or several
};

class OvalTables {
 public:
  /// The budget is a loan for its life.
  explicit OvalTables(OvalBudget& budget) noexcept : budget_(budget) {}

  /// A child of <tests>, <objects>, <states> or <variables>.
  Result<> add(std::string_view section, const xml::Node& entry);
  OvalCheck check(const std::string& test) const;

 private:
  struct Test {
    bool of_packages = false;
    bool negated = false;
    std::string object = {};
    std::vector<std::string> states = {};
  };
  struct Object {
    std::string name = {};
    std::string variable = {};
  };
  struct State {
    std::string evr = {};
    std::string operation = {};
    std::string arch = {};
    bool other = false;  // asks for something else
  };
  template <class Value>
  using Table = std::unordered_map<std::string, Value>;

  Result<> add_test(std::string id, const xml::Node& entry);
  Result<> add_object(std::string id, const xml::Node& entry);
  Result<> add_state(std::string id, const xml::Node& entry);
  Result<> add_variable(std::string id, const xml::Node& entry);
  std::vector<std::string> packages(const std::string& object) const;

  OvalBudget& budget_;
  Table<Test> tests_;
  Table<Object> objects_;
  Table<State> states_;
  Table<std::vector<std::string>> variables_;
};

}  // namespace bansoko::feed
