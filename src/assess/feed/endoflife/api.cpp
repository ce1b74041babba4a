// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "assess/feed/endoflife/endoflife.h"
#include "assess/feed/json_reader.h"
#include "assess/feed/names.h"
#include "base/printable.h"
#include "base/text.h"

// https://endoflife.date/docs/api/v1/ (products/full, products/{product}) and the one before it
// (https://endoflife.date/docs/api/v0/: /api/{product}.json, a list of cycles without the product's name).
namespace bansoko::feed::endoflife {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kPlaces{"result/*", "generated_at", "schema_version"};
constexpr std::array<std::string_view, 1> kPlacesOfV0{"*"};

/// A date, true or false below `key`.
void read_end(const Json& value, std::string_view key, std::optional<assess::Date>& day, bool* over,
              Tally& tally) {
  const Json* const found = find(value, key);
  if (found == nullptr || found->is_null()) return;
  if (found->is_boolean()) {
    if (over != nullptr) *over = found->get<bool>();
    return;
  }
  day = date_in(value, key);
  if (!day) tally.leave_out("values that are no date");
}

/// Of a value that API v0 writes as a text or as a number ("cycle": 8).
std::string text_or_number(const Json& value, std::string_view key) {
  const Json* const found = find(value, key);
  if (found == nullptr) return {};
  if (found->is_number()) return found->dump();
  return std::string(text_in(value, key));
}

Result<> put_release(const Json& release, const std::string& product, Tally& tally) {
  assess::Lifecycle record{.product = product, .cycle = text_or_number(release, "name")};
  if (record.cycle.empty()) {
    tally.leave_out("releases without a name");
    return {};
  }
  record.label = text_in(release, "label");
  if (record.label.empty()) record.label = record.cycle;
  record.released = date_in(release, "releaseDate");
  read_end(release, "eoasFrom", record.mainstream_end, nullptr, tally);
  read_end(release, "eolFrom", record.end, nullptr, tally);
  read_end(release, "eoesFrom", record.extended_end, nullptr, tally);
  const Json* const is_over = find(release, "isEol");
  record.ended = !record.end && is_over != nullptr && *is_over == true;
  if (const Json* const latest = find(release, "latest")) {
    record.latest = text_in(*latest, "name");
    record.link = text_in(*latest, "link");
  }
  return tally.put(record);
}

Result<> put_product(const Json& product, Tally& tally) {
  const std::string name(text_in(product, "name"));
  if (name.empty()) {
    tally.leave_out("products without a name");
    return {};
  }
  for (const Json& release : list_in(product, "releases")) BANSOKO_CHECK(put_release(release, name, tally));
  return {};
}

/// Of API v0.
Result<> put_cycle(const Json& cycle, const std::string& product, Tally& tally) {
  assess::Lifecycle record{.product = product, .cycle = text_or_number(cycle, "cycle")};
  if (record.cycle.empty()) {
    tally.leave_out("releases without a name");
    return {};
  }
  record.label = text_in(cycle, "releaseLabel");
  if (record.label.empty()) record.label = record.cycle;
  record.released = date_in(cycle, "releaseDate");
  read_end(cycle, "support", record.mainstream_end, nullptr, tally);
  read_end(cycle, "eol", record.end, &record.ended, tally);
  read_end(cycle, "extendedSupport", record.extended_end, nullptr, tally);
  record.latest = text_or_number(cycle, "latest");
  record.link = text_in(cycle, "link");
  return tally.put(record);
}

/// Of API v1: "result" is a list of products, or one product.
class Results {
 public:
  explicit Results(Tally& tally) : tally_(tally) {}

  Result<> take(std::string_view key, const Json& value) {
    if (key.empty()) return put_product(value, tally_);
    if (key == "name" || key == "releases") one_[std::string(key)] = value;
    return {};
  }
  /// The name of the one product; nothing: it is a list.
  Result<std::optional<std::string>> finish() {
    if (one_.empty()) return std::nullopt;
    BANSOKO_CHECK(put_product(one_, tally_));
    return std::string(text_in(one_, "name"));
  }

 private:
  Tally& tally_;
  Json one_ = Json::object();
};

Result<Stamp> read_v1(const Input& input, Tally& tally, const Limits& limits) {
  Results results(tally);
  BANSOKO_CHECK(
      read_json(input.bytes, limits, kPlaces,
                [&](std::size_t place, std::span<const std::string> path, const Json& value) -> Result<> {
                  if (place == 0) return results.take(path[1], value);
                  if (!value.is_string()) return {};
                  const auto& text = value.get_ref<const std::string&>();
                  const auto day = assess::parse_date(text);
                  if (place == 1 && day) tally.stamp.date = *day;
                  if (place == 2) tally.stamp.version = printable(text.substr(0, 80));
                  return {};
                }));
  BANSOKO_TRY(const auto one, results.finish());
  if (one) {
    tally.stamp.scope = printable(*one);
    tally.stamp.together = "";
  }
  return std::move(tally.stamp);
}

Result<Stamp> read_v0(const Input& input, Tally& tally, const Limits& limits) {
  const std::string product(stem_of(input.name));
  BANSOKO_CHECK(read_json(input.bytes, limits, kPlacesOfV0,
                          [&](auto, auto, const Json& value) { return put_cycle(value, product, tally); }));
  tally.stamp.scope = printable(product);
  tally.stamp.together = "";
  return std::move(tally.stamp);
}

}  // namespace

Result<Stamp> read_api(const Input& input, Tally& tally, const Limits& limits) {
  const bool is_list = trim(input.head).starts_with('[');
  return is_list ? read_v0(input, tally, limits) : read_v1(input, tally, limits);
}

}  // namespace bansoko::feed::endoflife
