// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/threshold_argument.h"

#include <array>
#include <utility>

#include "shield/keyword/arguments.h"

namespace bansoko::keyword {
namespace {

using Kind = detect::Threshold::Kind;
using Track = detect::Threshold::Track;

constexpr std::array kTracks{std::pair{std::string_view("by_src"), Track::by_source},
                             std::pair{std::string_view("by_dst"), Track::by_dest},
                             std::pair{std::string_view("by_both"), Track::by_both},
                             std::pair{std::string_view("by_rule"), Track::by_rule},
                             std::pair{std::string_view("by_flow"), Track::by_flow}};
constexpr std::array kKinds{std::pair{std::string_view("limit"), Kind::limit},
                            std::pair{std::string_view("threshold"), Kind::threshold},
                            std::pair{std::string_view("both"), Kind::both},
                            std::pair{std::string_view("backoff"), Kind::backoff}};

template <class Table, class Value>
Result<> choose(const Table& table, std::string_view word, Value& value) {
  for (const auto& [name, meaning] : table) {
    if (word != name) continue;
    value = meaning;
    return {};
  }
  return fail(Errc::invalid, "'{}' is not one of its words", word);
}

struct Draft {
  detect::Threshold threshold;
  bool has_type = false, has_track = false, has_count = false, has_seconds = false, has_multiplier = false;
};

Result<> apply(const Setting& setting, Draft& draft) {
  constexpr std::uint64_t kMost = 0xffffffff;
  if (setting.name == "count") {
    BANSOKO_TRY(const auto count, number_within(setting.value, 1, kMost));
    draft.threshold.count = static_cast<std::uint32_t>(count);
    draft.has_count = true;
  } else if (setting.name == "seconds") {
    BANSOKO_TRY(const auto seconds, number_within(setting.value, 1, kMost));
    draft.threshold.seconds = static_cast<std::uint32_t>(seconds);
    draft.has_seconds = true;
  } else if (setting.name == "multiplier") {
    BANSOKO_TRY(const auto multiplier, number_within(setting.value, 2, kMost));
    draft.threshold.multiplier = static_cast<std::uint32_t>(multiplier);
    draft.has_multiplier = true;
  } else if (setting.name == "track") {
    BANSOKO_CHECK(choose(kTracks, setting.value, draft.threshold.track));
    draft.has_track = true;
  } else if (setting.name == "type") {
    BANSOKO_CHECK(choose(kKinds, setting.value, draft.threshold.kind));
    draft.has_type = true;
  } else {
    return fail(Errc::invalid, "'{}' is not a setting", setting.name);
  }
  return {};
}

Result<> check_backoff(const Draft& draft) {
  if (draft.threshold.kind != Kind::backoff) return fail(Errc::invalid, "'multiplier' is for type backoff");
  if (!draft.has_multiplier || draft.has_seconds)
    return fail(Errc::invalid, "backoff needs a multiplier, and no seconds");
  if (draft.threshold.track != Track::by_flow) return fail(Errc::invalid, "backoff needs track by_flow");
  return {};
}

}  // namespace

Result<detect::Threshold> parse_threshold(std::string_view text, bool with_type) {
  Draft draft;
  for (const std::string_view part : split(text)) BANSOKO_CHECK(apply(split_setting(part), draft));
  if (draft.has_multiplier || draft.threshold.kind == Kind::backoff) BANSOKO_CHECK(check_backoff(draft));
  if (!draft.has_track || !draft.has_count || (!draft.has_seconds && !draft.has_multiplier))
    return fail(Errc::invalid, "track, count and seconds are all needed");
  if (draft.has_type != with_type)
    return with_type ? fail(Errc::invalid, "type is needed") : fail(Errc::invalid, "'type' is not a setting");
  return draft.threshold;
}

}  // namespace bansoko::keyword
