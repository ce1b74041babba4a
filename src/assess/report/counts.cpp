// SPDX-License-Identifier: Apache-2.0
#include "assess/report/counts.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <numeric>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "assess/advice/priority.h"
#include "assess/report/escape.h"

namespace bansoko::assess {
namespace {

struct BothWords {
  std::string_view en, ja;

  std::string_view in(Lang lang) const noexcept { return lang == Lang::ja ? ja : en; }
};

constexpr BothWords kDefinition{
    "CVEs whose entry in the imported feeds names the product as vulnerable, by month of publication; levels "
    "of IPA by "
    "CVSS v2 base score: III from 7.0, II from 4.0, I below; withdrawn ones are not counted.",
    "取り込んだ脆弱性情報で対象製品に脆弱性があるとされた CVE を公表月ごとに数えたもの。レベルは IPA "
    "の基準で CVSS v2 "
    "基本値による (III: 7.0 以上、II: 4.0 以上、I: 4.0 未満)。取り下げられたものは数えない。"};
constexpr std::array kLevelNames{BothWords{"III", "III"}, BothWords{"II", "II"}, BothWords{"I", "I"},
                                 BothWords{"no score", "値なし"}};
constexpr std::array<std::string_view, 4> kColours{"#b5322a", "#e08a1e", "#e9cf63", "#9aa5ad"};

/// From the gravest to those without a score: places in Levels.
constexpr std::array<std::size_t, 4> kOrder{3, 2, 1, 0};

std::string month_of(Date date) {
  const std::chrono::year_month_day day(date);
  return fmt::format("{:04}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()));
}

std::uint64_t sum(const Levels& levels) {
  return std::accumulate(levels.begin(), levels.end(), std::uint64_t{0});
}

std::string column(double x, double bottom, const Levels& levels, double scale, double width) {
  std::string text;
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    const double height = static_cast<double>(levels[kOrder[i]]) * scale;
    if (height <= 0) continue;
    bottom -= height;
    text += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                        x, bottom, width, height, kColours[i]);
  }
  return text;
}

}  // namespace

Counts count(std::string product, std::span<const Vulnerability> vulnerabilities, Date from, Date to) {
  Counts counts{.product = std::move(product), .from = from, .to = to};
  const std::chrono::year_month_day first(from);
  for (auto month = first.year() / first.month(); Date(month / 1) <= to; month += std::chrono::months(1))
    counts.months.try_emplace(month_of(Date(month / 1)));
  for (const Vulnerability& one : vulnerabilities) {
    if (one.rejected) {
      ++counts.rejected;
      continue;
    }
    if (!one.published) {
      ++counts.undated;
      continue;
    }
    if (*one.published < from || *one.published > to) continue;
    const std::size_t level = ipa_level(one.cvss2 ? std::optional(one.cvss2->score) : std::nullopt);
    ++counts.months[month_of(*one.published)][level];
    ++counts.all[level];
  }
  return counts;
}

std::string to_text(const Counts& counts, Lang lang) {
  std::string text = fmt::format("{}, {} - {}\n{}\n\n", counts.product, to_text(counts.from, lang),
                                 to_text(counts.to, lang), kDefinition.in(lang));
  const auto row = [&](std::string_view name, const Levels& levels) {
    fmt::format_to(std::back_inserter(text), "{:<9}", name);
    for (const std::size_t level : kOrder) fmt::format_to(std::back_inserter(text), "{:>10}", levels[level]);
    fmt::format_to(std::back_inserter(text), "{:>10}\n", sum(levels));
  };
  fmt::format_to(std::back_inserter(text), "{:<9}", "");
  for (const BothWords& name : kLevelNames) fmt::format_to(std::back_inserter(text), "{:>10}", name.in(lang));
  fmt::format_to(std::back_inserter(text), "{:>10}\n", BothWords{"all", "計"}.in(lang));
  for (const auto& [month, levels] : counts.months)
    if (sum(levels) != 0) row(month, levels);
  row(BothWords{"all", "計"}.in(lang), counts.all);
  if (counts.undated != 0)
    text += fmt::format(fmt::runtime(BothWords{"{} without a day of publication are in no month.\n",
                                               "公表日のない {} 件は含みません。\n"}
                                         .in(lang)),
                        counts.undated);
  return text;
}

std::string to_json(const Counts& counts) {
  using Json = nlohmann::ordered_json;
  const auto levels_json = [](const Levels& levels) {
    return Json{{"III", levels[3]},
                {"II", levels[2]},
                {"I", levels[1]},
                {"no_score", levels[0]},
                {"all", sum(levels)}};
  };
  Json json{{"product", counts.product},
            {"from", to_text(counts.from)},
            {"to", to_text(counts.to)},
            {"definition", kDefinition.en}};
  for (const auto& [month, levels] : counts.months) json["months"][month] = levels_json(levels);
  json["all"] = levels_json(counts.all);
  json["undated"] = counts.undated;
  json["rejected"] = counts.rejected;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_svg(const Counts& counts, Lang lang) {
  constexpr double kWidth = 960, kHeight = 360, kLeft = 50, kBottom = 300, kTop = 60;
  std::uint64_t most = 1;
  for (const auto& [month, levels] : counts.months) most = std::max(most, sum(levels));
  const double step =
      (kWidth - kLeft - 10) / static_cast<double>(std::max<std::size_t>(counts.months.size(), 1));
  const double scale = (kBottom - kTop) / static_cast<double>(most);
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" font-family=\"sans-serif\" "
      "font-size=\"11\">\n"
      "<title>{2}</title>\n<text x=\"{3}\" y=\"18\" font-size=\"14\">{2}</text>\n<text x=\"{3}\" y=\"{4}\" "
      "font-size=\"9\">{5}</text>\n"
      "<text x=\"4\" y=\"{6}\">{7}</text><line x1=\"{3}\" y1=\"{8}\" x2=\"{0}\" y2=\"{8}\" "
      "stroke=\"#555\"/>\n",
      kWidth, kHeight,
      escaped(
          fmt::format("{}, {} - {}", counts.product, to_text(counts.from, lang), to_text(counts.to, lang))),
      kLeft, kHeight - 8, escaped(kDefinition.in(lang)), kTop + 4, most, kBottom);
  double x = kLeft;
  std::string_view year;
  for (const auto& [month, levels] : counts.months) {
    text += column(x, kBottom, levels, scale, std::max(step - 1, 0.5));
    if (std::string_view(month).substr(0, 4) != year) {
      year = std::string_view(month).substr(0, 4);
      text += fmt::format("<text x=\"{:.1f}\" y=\"{}\">{}</text>\n", x, kBottom + 14, year);
    }
    x += step;
  }
  double at = kLeft;
  for (std::size_t i = 0; i < kLevelNames.size(); ++i, at += 90)
    text += fmt::format(
        "<rect x=\"{0:.0f}\" y=\"28\" width=\"10\" height=\"10\" fill=\"{1}\"/><text x=\"{2:.0f}\" "
        "y=\"37\">{3}</text>\n",
        at, kColours[i], at + 14, kLevelNames[i].in(lang));
  return text + "</svg>\n";
}

}  // namespace bansoko::assess
