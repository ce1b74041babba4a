// SPDX-License-Identifier: Apache-2.0
#include "patches/dialogue.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/settings_units.h"
#include "patches/message_writer.h"
#include "patches/patch_reader.h"

namespace bansoko::patches {
namespace {

constexpr int kDepth = 16;  // templates of dialogues within each other

class Steps {
 public:
  Steps(const Templates& templates, Faults& faults)
      : templates_(templates), faults_(faults), writer_(templates, faults) {}

  void read(const Node& steps, const Scope& scope) {
    const FaultSink sink(*scope.file, faults_);
    if (++depth_ > kDepth)
      sink.add(steps, fmt::format("more than {} dialogues within each other", kDepth));
    else
      for (const Node& step : items_of(steps, sink)) read_step(step, scope, sink);
    --depth_;
  }

  std::vector<Move> take() { return std::move(moves_); }

 private:
  void read_step(const Node& step, const Scope& scope, const FaultSink& sink) {
    constexpr std::array kKinds{"client", "server", "wait", "connect", "close", "use"};
    MapReader map(step, sink);
    const Node* value = nullptr;
    std::string_view kind;
    for (const char* each : kKinds)
      if (const Node* found = map.find(each); found != nullptr && value == nullptr) {
        value = found;
        kind = each;
      }
    const Node* const with = map.find("with");
    const Node* const times = map.find("times");
    const Node* const index = map.find("index");
    if (value == nullptr) {
      sink.add(step, "is no step", "client, server, wait, connect, close or use");
      return;
    }
    map.finish();
    const std::int64_t count = times == nullptr ? 1 : writer_.number(*times, scope).value_or(0);
    for (std::int64_t i = 0; i < count && !is_full(step, scope); ++i) {
      Scope inner{.file = scope.file, .key = scope.key, .around = &scope, .is_template = scope.is_template};
      if (index != nullptr) inner.names[index->text] = {.number = i};
      take_step(kind, *value, with, inner, sink);
    }
  }

  void take_step(std::string_view kind, const Node& value, const Node* with, const Scope& scope,
                 const FaultSink& sink) {
    if (kind == "client" || kind == "server")
      say(kind == "client" ? Move::What::client : Move::What::server, writer_.write(value, scope));
    else if (kind == "wait")
      moves_.push_back({.what = Move::What::wait, .time = read_time(value, sink)});
    else if (kind == "connect")
      moves_.push_back({.what = Move::What::connect, .port = read_port(value, sink)});
    else if (kind == "close")
      close(value, sink);
    else
      use(value, with, scope, sink);
  }

  void say(Move::What what, std::string bytes) {
    size_ += bytes.size();
    moves_.push_back({.what = what, .bytes = std::move(bytes)});
  }

  void close(const Node& value, const FaultSink& sink) {
    const std::string how = read_text(value, sink);
    if (how != "fin" && how != "reset")
      sink.add(value, fmt::format("a connection is not closed by '{}'", how), "fin, reset");
    moves_.push_back({.what = how == "reset" ? Move::What::reset : Move::What::close});
  }

  void use(const Node& value, const Node* with, const Scope& scope, const FaultSink& sink) {
    const Template* const used = templates_.find(value.text);
    if (used == nullptr || used->say == nullptr) {
      sink.add(value, used == nullptr
                          ? fmt::format("there is no template '{}'", value.text)
                          : fmt::format("'{}' is a piece of a message, not of a dialogue", used->name));
      return;
    }
    const Scope inner = writer_.scope_of(*used, value, with, scope);
    read(*used->say, inner);
  }

  bool is_full(const Node& at, const Scope& scope) {
    if (moves_.size() < kMostMoves && size_ <= kMostBytes) return false;
    if (!told_)
      writer_.fault(at, scope,
                    fmt::format("a dialogue of more than {} steps or {} bytes", kMostMoves, kMostBytes));
    return told_ = true;
  }

  const Templates& templates_;
  Faults& faults_;
  MessageWriter writer_;
  std::vector<Move> moves_;
  std::size_t size_ = 0;
  int depth_ = 0;
  bool told_ = false;
};

}  // namespace

std::vector<Move> read_moves(const Node& steps, const Scope& scope, const Templates& templates,
                             Faults& faults) {
  Steps reading(templates, faults);
  reading.read(steps, scope);
  return reading.take();
}

Port read_port(const Node& node, const FaultSink& faults) {
  const std::string text = read_text(node, faults);
  if (!is_port(text)) {
    if (!text.empty()) faults.add(node, fmt::format("'{}' is not a port", text), "tcp/445, udp/53");
    return {};
  }
  Port port{.udp = text.starts_with("udp")};
  std::from_chars(text.data() + 4, text.data() + text.size(), port.number);
  return port;
}

std::chrono::nanoseconds read_time(const Node& node, const FaultSink& faults) {
  const auto amount = settings::parse_amount(read_text(node, faults), settings::Unit::nanoseconds);
  if (amount) return std::chrono::nanoseconds(*amount);
  faults.add(node, amount.error().message, "500 ms, 2 s");
  return {};
}

}  // namespace bansoko::patches
