// SPDX-License-Identifier: Apache-2.0
#include "patches/test_case.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace bansoko::patches {
namespace {

/// What a file says once for all of its cases.
struct Common {
  Port to = {};
  bool has_port = false;
  const Node* before = nullptr;
};

class CaseReader {
 public:
  CaseReader(const std::string& path, const Patch& patch, const Templates& templates, Faults& faults)
      : file_(std::make_shared<const std::string>(path)),
        patch_(patch),
        templates_(templates),
        faults_(faults),
        sink_(path, faults) {}

  std::vector<TestCase> read(const Node& root) {
    std::vector<TestCase> cases;
    MapReader map(root, sink_);
    Common common;
    if (const Node* own = map.find("templates")) templates_.add(*own, sink_);
    if (const Node* to = map.find("to")) {
      common.to = read_port(*to, sink_);
      common.has_port = true;
    }
    common.before = map.find("before");
    if (const Node* list = map.require("cases"))
      for (const Node& item : items_of(*list, sink_)) cases.push_back(read_case(item, common));
    map.finish();
    return cases;
  }

 private:
  TestCase read_case(const Node& node, const Common& common) {
    TestCase test{.file = *file_, .line = node.line, .column = node.column, .to = common.to};
    MapReader map(node, sink_);
    if (const Node* name = map.require("name")) {
      test.name = read_text(*name, sink_);
      if (!names_.insert(test.name).second)
        sink_.add(*name, fmt::format("another case is called '{}'", test.name));
    }
    if (const Node* kind = map.require("kind")) test.kind = read_kind(*kind);
    const Node* const to = map.find("to");
    if (to != nullptr) test.to = read_port(*to, sink_);
    read_conditions(map, test);
    const Node* const expect = map.find("expect");
    if (expect != nullptr) read_expectation(*expect, test);
    if (expect == nullptr && test.kind == TestKind::attack)
      sink_.add(node, "'expect' is missing: an attack must be found");
    const Node* const capture = map.find("capture");
    const Node* const say = map.find("say");
    if ((capture == nullptr) == (say == nullptr)) sink_.add(node, "has neither 'say' nor 'capture', or both");
    if (capture != nullptr) read_capture(*capture, test);
    if (say != nullptr && to == nullptr && !common.has_port)
      sink_.add(node, "'to' is missing", "to: tcp/445");
    map.finish();
    if (say != nullptr) test.moves = moves_of(*say, common);
    return test;
  }

  TestKind read_kind(const Node& node) {
    const std::string word = read_text(node, sink_);
    for (const auto& choice : kTestKinds)
      if (choice.name == word) return choice.value;
    sink_.add(node, fmt::format("'{}' is no kind of test", word), "attack, near, benign");
    return TestKind::benign;
  }

  void read_conditions(MapReader& map, TestCase& test) {
    if (const Node* side = map.find("protected")) {
      const std::string word = read_text(*side, sink_);
      test.client_is_protected = word == "client";
      if (word != "client" && word != "server")
        sink_.add(*side, fmt::format("'{}' is no side", word), "client, server");
    }
    if (const Node* connections = map.find("connections")) {
      test.connections = read_number(*connections, sink_).value_or(1);
      if (test.connections < 1 || test.connections > kMostConnections)
        sink_.add(*connections, fmt::format("{} connections", test.connections),
                  fmt::format("1 to {}", kMostConnections));
    }
    if (const Node* every = map.find("every")) test.every = read_time(*every, sink_);
    if (const Node* protocol = map.find("protocol")) {
      const std::string word = read_text(*protocol, sink_);
      test.checks_protocol = word != "other";
      if (word != "other") sink_.add(*protocol, fmt::format("'{}' is not expected here", word), "other");
    }
  }

  /// `block: 9100001`, `block: [9100001, 9100002]`, `alert: ...` or the word pass.
  void read_expectation(const Node& node, TestCase& test) {
    test.line = node.line;
    test.column = node.column;
    const bool is_pass = node.kind == Kind::scalar && node.text == "pass";
    const bool is_one = node.kind == Kind::map && node.keys.size() == 1;
    if (is_one) read_sids(node.keys.front(), node.items.front(), test);
    if (!is_pass && !is_one)
      sink_.add(node, "is not what a test can expect", "pass, {block: SID} or {alert: SID}");
    if ((test.outcome == Outcome::pass) != (test.kind != TestKind::attack))
      sink_.add(node,
                test.kind == TestKind::attack ? "an attack must not pass" : "only an attack is to be found",
                "block or alert for an attack, pass for others");
  }

  void read_sids(const Node& key, const Node& value, TestCase& test) {
    if (key.text == "block")
      test.outcome = Outcome::block;
    else if (key.text == "alert")
      test.outcome = Outcome::alert;
    else
      sink_.add(key, fmt::format("'{}' is not what a test can expect", key.text), "block, alert");
    const auto add = [&](const Node& item) {
      const auto sid = read_number(item, sink_);
      if (sid && !patch_.owns(*sid)) sink_.add(item, fmt::format("{} is no rule of this patch", *sid));
      test.sids.push_back(sid.value_or(0));
    };
    if (value.kind == Kind::list)
      for (const Node& item : value.items) add(item);
    else
      add(value);
    if (test.sids.empty()) sink_.add(value, "names no rule");
  }

  void read_capture(const Node& node, TestCase& test) {
    const std::string name = read_text(node, sink_);
    test.capture = (std::filesystem::path(*file_).parent_path() / name).string();
    std::error_code failed;
    if (!std::filesystem::is_regular_file(test.capture, failed))
      sink_.add(node, fmt::format("there is no file {}", test.capture));
  }

  std::vector<Move> moves_of(const Node& say, const Common& common) {
    const Scope scope{.file = file_};
    std::vector<Move> moves;
    if (common.before != nullptr) moves = read_moves(*common.before, scope, templates_, faults_);
    std::vector<Move> own = read_moves(say, scope, templates_, faults_);
    std::move(own.begin(), own.end(), std::back_inserter(moves));
    return moves;
  }

  std::shared_ptr<const std::string> file_;
  const Patch& patch_;
  Templates templates_;
  Faults& faults_;
  FaultSink sink_;
  std::set<std::string> names_;
};

}  // namespace

std::vector<TestCase> read_cases(const std::string& path, const Patch& patch, const Templates& templates,
                                 Faults& faults) {
  const auto tree = read_tree(path, faults);
  if (!tree) return {};
  return CaseReader(path, patch, templates, faults).read(*tree);
}

}  // namespace bansoko::patches
