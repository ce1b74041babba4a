// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>

#include <fmt/format.h>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// The files of Apache httpd ("Configuration Files", "Configuration Sections"). A directive of the server
/// itself is "httpd:servertokens", and the last one holds. What stands in a section is kept apart, all its
/// values together: "httpd:directory:options", "httpd:virtualhost:traceenable". Modules that are loaded are
/// "httpd:module:dav_module".
namespace bansoko::inventory::httpd_conf {
namespace {

/// Directives that add to what they said before.
constexpr std::array<std::string_view, 8> kLists{"listen",           "port",        "addtype", "addhandler",
                                                 "sslproxyprotocol", "serveralias", "alias",   "scriptalias"};

enum class Kind : std::uint8_t {
  transparent,  // what is within counts as if it stood outside
  skipped,      // nobody knows whether what is within counts
  section,
};

struct Section {
  Kind kind = Kind::section;
  std::string name = {};
};

Section section_named(std::string_view name, std::string_view argument) {
  const bool negated = argument.starts_with('!');
  if (same_text(name, "ifmodule")) return {negated ? Kind::skipped : Kind::transparent};
  // Nothing says what the server was started with: -D names are taken as not given.
  if (same_text(name, "ifdefine")) return {negated ? Kind::transparent : Kind::skipped};
  if (same_text(name, "ifversion") || same_text(name, "iffile") || same_text(name, "requireall") ||
      same_text(name, "requireany"))
    return {Kind::transparent};
  std::string plain = lowered(name);
  constexpr std::string_view kMatch = "match";
  if (plain.ends_with(kMatch)) plain.resize(plain.size() - kMatch.size());
  return {Kind::section, plain};
}

class Reader {
 public:
  explicit Reader(Config& config) noexcept : config_(config) {}

  void read(const Document& document) {
    if (server_root_.empty())
      server_root_ = document.name.find("/apache2/") != std::string::npos ? "/etc/apache2" : "/etc/httpd";
    const std::size_t outside = sections_.size();
    each_joined_line(document.bytes, [&](std::string_view line, std::uint32_t number) {
      if (line.empty() || line.starts_with('#')) return;
      const Place place{document, number, line};
      if (line.starts_with("</"))
        close(place, outside);
      else if (line.starts_with('<'))
        open(line, place);
      else
        take(line, place);
    });
    if (sections_.size() > outside) {
      config_.unreadable("the file ends within a section", {document});
      sections_.resize(outside);
    }
  }

 private:
  void open(std::string_view line, const Place& place) {
    line = trim(line.substr(1, line.rfind('>') == std::string_view::npos ? line.npos : line.rfind('>') - 1));
    const std::string_view name = take_word(line);
    constexpr std::size_t kDeepest = 64;
    if (sections_.size() >= kDeepest) {
      config_.unreadable(fmt::format("sections are nested more than {} deep", kDeepest), place);
      ++too_deep_;
      return;
    }
    sections_.push_back(section_named(name, trim(line)));
  }

  void close(const Place& place, std::size_t outside) {
    if (too_deep_ > 0)
      --too_deep_;
    else if (sections_.size() > outside)
      sections_.pop_back();
    else
      config_.unreadable("a section ends that did not begin", place);
  }

  void take(std::string_view line, const Place& place) {
    std::string_view rest = line;
    const std::string_view name = take_word(rest);
    const std::string_view value = unquoted(trim(rest));
    std::string_view section;
    for (const Section& one : sections_) {
      if (one.kind == Kind::skipped) return;
      if (one.kind == Kind::section) section = one.name;
    }
    if (same_text(name, "include") || same_text(name, "includeoptional")) {
      config_.follow(in_folder(server_root_, include_pattern(value)), place,
                     same_text(name, "includeoptional"), [this](const Document& file) { read(file); });
      return;
    }
    if (!section.empty()) {
      config_.each(fmt::format("{}:{}", section, name), value, place);
      return;
    }
    take_of_server(name, value, place);
  }

  void take_of_server(std::string_view name, std::string_view value, const Place& place) {
    if (same_text(name, "serverroot") && value.starts_with('/')) server_root_ = value;
    std::string_view rest = value;
    if (same_text(name, "loadmodule")) {
      const std::string_view module = take_word(rest);
      config_.last(fmt::format("module:{}", module), trim(rest), place);
      return;
    }
    for (const std::string_view list : kLists)
      if (same_text(list, name)) {
        config_.each(name, value, place);
        return;
      }
    config_.last(name, value, place);
  }

  /// A folder means all files in it.
  static std::string include_pattern(std::string_view value) {
    return value.ends_with('/') ? fmt::format("{}*", value) : std::string(value);
  }

  Config& config_;
  std::string server_root_;
  std::vector<Section> sections_;
  std::size_t too_deep_ = 0;
};

void read_file(const Document& document, Config& config) { Reader(config).read(document); }

constexpr ConfigFormat kFormat{"httpd", read_file};
constexpr std::array<std::string_view, 5> kPaths{
    "/usr/local/apache/conf/httpd.conf", "/usr/local/apache2/conf/httpd.conf", "/etc/httpd/conf/httpd.conf",
    "/etc/apache2/httpd.conf", "/etc/apache2/apache2.conf"};

bool recognises(const Document& document) {
  const std::string_view name = file_name(document.name);
  return name == "httpd.conf" || name == "apache2.conf";
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "httpd-conf",
                                 .title = "httpd.conf or apache2.conf of Apache httpd",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::httpd_conf
