// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <span>

#include "shield/proto/http/recorder.h"
#include "shield/proto/http/shared.h"

namespace bansoko::proto::http {
namespace {

constexpr std::uint64_t kEverything = ~std::uint64_t{0};

/// An input is a row of (side and size, 2 bytes; that many bytes).
std::vector<Said> read_talk(Bytes input) {
  std::vector<Said> talk;
  ByteReader in(input);
  while (!in.rest().empty()) {
    const std::uint16_t head = in.u16();
    const std::size_t size = std::min<std::size_t>(head & 0x7fffU, in.rest().size());
    talk.push_back(
        {(head & 0x8000U) != 0 ? Side::server : Side::client, std::string(as_text(in.take(size)))});
  }
  return talk;
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void check(const Recorder& seen) {
  for (const auto& fault : seen.faults) std::fprintf(stderr, "%s\n", fault.c_str());
  require(seen.faults.empty(), "a promise of protocol.h");
  require(seen.ended() >= seen.seen(), "each transaction ends");
}

/// Anomalies stand in the order in which they were noticed. Of several that one piece brought to light that
/// order means nothing.
void sort_anomalies(Recorder& seen) {
  std::map<std::pair<std::uint64_t, std::size_t>, std::multiset<std::string>> lists;
  const auto is_list = [](const auto& row) {
    return describe().buffers[std::get<1>(row.first)].name == "http.anomaly";
  };
  const auto message_of = [](const auto& row) {
    return std::pair(std::get<0>(row.first), std::get<1>(row.first));
  };
  for (const auto& row : seen.values)
    if (is_list(row)) lists[message_of(row)].insert(row.second);
  for (auto& row : seen.values)
    if (is_list(row)) row.second = lists[message_of(row)].extract(lists[message_of(row)].begin()).value();
}

/// Says which buffers differ between two readings of one talk.
void show_difference(const Recorder& a, const Recorder& b) {
  for (const auto& [key, value] : a.values) {
    const auto other = b.values.find(key);
    if (other != b.values.end() && other->second == value) continue;
    const auto [id, buffer, instance] = key;
    const std::string_view name = describe().buffers[buffer].name;
    std::fprintf(stderr, "transaction %llu, %.*s[%u]: %zu bytes, %s\n", static_cast<unsigned long long>(id),
                 static_cast<int>(name.size()), name.data(), instance, value.size(),
                 other == b.values.end() ? "not there" : "differs");
  }
}

/// Another way to read a target differs from the one before it, and the first is there.
void check_readings(const Recorder& seen) {
  for (const auto& [key, value] : seen.values) {
    const auto [id, buffer, instance] = key;
    if (describe().buffers[buffer].name != "http.uri" || instance == 0) continue;
    const auto first = seen.values.find({id, buffer, 0});
    require(first != seen.values.end() && first->second != value, "a second reading differs from the first");
    require(value.size() <= seen.value(id, Side::client, "http.uri.raw").size(), "a reading does not grow");
  }
}

/// Where a compressed body turns out to be broken, the library may give a little more or less of what came
/// just before, depending on how much it was fed at once: such bodies are not compared.
void forget_broken_bodies(Recorder& seen) {
  std::erase_if(seen.values, [](const auto& row) {
    const Buffer& buffer = describe().buffers[std::get<1>(row.first)];
    return buffer.growing || buffer.name == "file.name";  // which only what is not empty has
  });
  seen.anomalies.clear();
}

/// Gaps anywhere must do no harm; what is seen then depends on where they are.
void feed_with_gaps(Parser& parser, const std::vector<Said>& talk) {
  Recorder seen;
  parser.reset({.wanted = kEverything});
  Parsed result = Parsed::more;
  for (std::size_t i = 0; i < talk.size() && result == Parsed::more; ++i) {
    StreamChunk chunk;
    chunk.from = talk[i].side;
    chunk.gap = static_cast<std::uint32_t>(talk[i].bytes.size() * (i % 3));
    chunk.last = i % 5 == 4;
    chunk.window = as_bytes(talk[i].bytes);
    result = parser.feed(chunk, seen);
  }
  parser.end(seen);
  check(seen);
}

/// Two flows that quarrel over little memory and one inflater: what they take, they give back.
void feed_with_little_memory(const std::vector<Said>& talk) {
  constexpr std::array<std::uint64_t, 10> kLittle{4096, 4096, 4096, 1024, 64, 8, 4, 0, 1, 8192};
  const auto shared = describe().make_shared(kLittle);
  const auto& memory = static_cast<const HttpMemory&>(*shared);
  {
    const auto first = describe().make_parser(kLittle, shared.get());
    const auto second = describe().make_parser(kLittle, shared.get());
    Recorder of_first;
    Recorder of_second;
    first->reset({.wanted = kEverything});
    second->reset({.wanted = kEverything});
    for (const Said& said : talk) {
      StreamChunk chunk;
      chunk.from = said.side;
      chunk.window = as_bytes(said.bytes);
      if (first->feed(chunk, of_first) != Parsed::more) break;
    }
    replay(*second, of_second, talk, 100);
    first->end(of_first);
    check(of_first);
    check(of_second);
    require(memory.decoders.in_use() == 0, "inflaters come back with the flow");
    first->reset({.wanted = kEverything});
    second->reset({.wanted = kEverything});
    require(!memory.budget.is_tight(), "memory comes back with the flow");
  }
  require(memory.budget.used() == 0, "memory is counted rightly");
}

}  // namespace
}  // namespace bansoko::proto::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto::http;
  // Small limits, so that small inputs reach them.
  constexpr std::uint64_t kSmall[] = {256, 256, 1024, 256, 8, 3, 2, 64};
  const auto talk = read_talk({data, size});
  const bansoko::proto::Assignment assignment{
      .wanted = kEverything,
      .server = {.web_server = static_cast<bansoko::packet::WebServer>(size == 0 ? 0 : data[size - 1] & 3U)}};
  for (const auto limits : {std::span<const std::uint64_t>(), std::span<const std::uint64_t>(kSmall)}) {
    const bansoko::proto::LoneParser parser(describe(), limits);
    Recorder whole;
    Recorder bytewise;
    parser->reset(assignment);
    const auto whole_result = replay(*parser, whole, talk, 65536);
    parser->reset(assignment);
    const auto bytewise_result = replay(*parser, bytewise, talk, 1);
    check(whole);
    check(bytewise);
    require(whole_result == bytewise_result, "splitting changes the result");
    if (whole.anomalies.contains("http.compressed_body_invalid") ||
        bytewise.anomalies.contains("http.compressed_body_invalid")) {
      forget_broken_bodies(whole);
      forget_broken_bodies(bytewise);
    }
    check_readings(whole);
    sort_anomalies(whole);
    sort_anomalies(bytewise);
    if (whole.values != bytewise.values) {
      show_difference(whole, bytewise);
      show_difference(bytewise, whole);
    }
    require(whole.values == bytewise.values, "splitting changes a buffer");
    require(whole.anomalies == bytewise.anomalies, "splitting changes the anomalies");
    feed_with_gaps(*parser, talk);
  }
  feed_with_little_memory(talk);
  return 0;
}
