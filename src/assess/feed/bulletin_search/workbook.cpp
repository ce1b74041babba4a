// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/bulletin_search/workbook.h"

#include <charconv>
#include <vector>

#include "archive/archive.h"
#include "assess/xml/records.h"
#include "base/text.h"

namespace bansoko::feed::bulletin_search {
namespace {

constexpr std::size_t kMostColumns = 256;
constexpr std::string_view kStrings = "xl/sharedStrings.xml", kWorkbook = "xl/workbook.xml",
                           kSheets = "xl/worksheets/";
constexpr archive::Limits kArchiveLimits{.max_bytes = std::size_t{256} << 20U,
                                         .max_member_bytes = std::size_t{192} << 20U,
                                         .max_archive_bytes = std::size_t{64} << 20U,
                                         .max_members = 1000};

bool is_sheet(std::string_view path) { return path.starts_with(kSheets) && path.ends_with(".xml"); }

bool wanted(std::string_view path) { return path == kStrings || path == kWorkbook || is_sheet(path); }

/// The text of <si> or <is>: of its <t>, or of the <t> in its runs; what is read aloud is not of the text.
std::string text_of(const xml::Node& item) {
  std::string text;
  for (const xml::Node& child : item.children) {
    if (child.name == "t") text += child.text;
    if (child.name == "r") text += child.text_at("t");
  }
  return text;
}

/// 0 of "A7", 27 of "AB7"; nothing for what is no place.
std::optional<std::size_t> column_of(std::string_view place) {
  std::size_t column = 0, letters = 0;
  while (letters < place.size() && letters < 4 && place[letters] >= 'A' && place[letters] <= 'Z')
    column = column * 26 + static_cast<std::size_t>(place[letters++] - 'A') + 1;
  if (letters == 0) return std::nullopt;
  return column - 1;
}

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

class Workbook {
 public:
  Workbook(const Limits& limits, const OnRow& on_row) noexcept : limits_(limits), on_row_(on_row) {}

  Result<> read_part(std::string_view bytes, std::string_view path, std::string_view element) {
    part_ = path;
    number_ = 0;
    xml::Records records([element](const xml::Element& one) { return one.path == element; },
                         [this](std::string_view, const xml::Node& node) { return take(node); }, {},
                         xml::Records::Texts::as_written);
    const xml::Limits of_xml{
        .max_bytes = limits_.max_bytes, .max_depth = limits_.max_depth, .max_text = limits_.max_text};
    auto done = xml::parse(bytes, records, of_xml);
    if (!done) return fail(done.error().code, "{}: {}", path, done.error().message);
    return {};
  }

 private:
  Result<> take(const xml::Node& node) {
    if (node.name == "si") strings_.push_back(text_of(node));
    if (node.name == "workbookPr")
      from_1904_ = node.attribute("date1904") == "1" || node.attribute("date1904") == "true";
    return node.name == "row" ? take_row(node) : Result<>();
  }

  Result<> take_row(const xml::Node& row) {
    ++number_;
    cells_.clear();
    for (const xml::Node& cell : row.children) {
      if (cell.name != "c") continue;
      const std::size_t column = column_of(cell.attribute("r")).value_or(cells_.size());
      if (column >= kMostColumns)
        return fail(Errc::limit, "row {}: more than {} columns", number_, kMostColumns);
      if (cells_.size() <= column) cells_.resize(column + 1);
      BANSOKO_TRY(cells_[column], value_of(cell));
    }
    return on_row_({part_, number_, cells_, from_1904_});
  }

  Result<std::string> value_of(const xml::Node& cell) const {
    const std::string_view type = cell.attribute("t"), value = trim(cell.text_at("v"));
    if (type == "inlineStr") {
      const xml::Node* const text = cell.child("is");
      return text == nullptr ? std::string() : text_of(*text);
    }
    if (type != "s" || value.empty()) return std::string(value);
    const auto at = number_of(value);
    if (!at || *at >= strings_.size())
      return fail(Errc::invalid, "row {}: a text that the workbook does not have", number_);
    return strings_[*at];
  }

  const Limits& limits_;
  const OnRow& on_row_;
  std::string_view part_;
  std::vector<std::string> strings_;
  std::vector<std::string> cells_;
  std::uint64_t number_ = 0;
  bool from_1904_ = false;
};

}  // namespace

std::optional<assess::Date> day_of_number(std::string_view text, bool from_1904) {
  const auto days = number_of(text.substr(0, text.find('.')));
  constexpr std::size_t kMostDays = 2'958'465;  // 9999-12-31
  if (!days || *days == 0 || *days > kMostDays) return std::nullopt;
  // Day 60 is 1900-02-29, which never was; dates of bulletins are behind it.
  const assess::Date zero = from_1904 ? std::chrono::year(1904) / 1 / 1 : std::chrono::year(1899) / 12 / 30;
  return zero + std::chrono::days(static_cast<int>(*days));
}

Result<> read_workbook(Bytes bytes, const Limits& limits, const OnRow& on_row) {
  BANSOKO_TRY(const archive::Contents contents, archive::read_archive(bytes, kArchiveLimits, wanted));
  Workbook workbook(limits, on_row);
  for (const archive::Member& member : contents.members) {
    if (member.path == kWorkbook)
      BANSOKO_CHECK(workbook.read_part(member.bytes, member.path, "workbook/workbookPr"));
    if (member.path == kStrings) BANSOKO_CHECK(workbook.read_part(member.bytes, member.path, "sst/si"));
  }
  for (const archive::Member& member : contents.members)
    if (is_sheet(member.path))
      BANSOKO_CHECK(workbook.read_part(member.bytes, member.path, "worksheet/sheetData/row"));
  return {};
}

}  // namespace bansoko::feed::bulletin_search
