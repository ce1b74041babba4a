// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/printable.h"
#include "lockdown/scan/report.h"
#include "lockdown/trust/hexadecimal.h"

namespace bansoko::scan {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Does a reader of the text get back the very bytes?
bool is_plain(const std::string& text) {
  if (printable(text) != text) return false;
  try {
    static_cast<void>(Json(text).dump());
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

void put_path(Json& json, const std::string& path) {
  json["path"] = printable(path);
  if (!is_plain(path)) json["path_hex"] = hexadecimal(as_bytes(path));
}

Json head_of(const Scan& scan) {
  Json json{{"type", "scan"},
            {"version", 1},
            {"root", printable(scan.root)},
            {"begun", scan.begun},
            {"ended", scan.ended},
            {"paths", Json::array()},
            {"faults", Json::array()},
            {"malware_scanner", printable(scan.malware_scanner)},
            {"files", scan.totals.files},
            {"folders", scan.totals.folders},
            {"executable", scan.found.size()},
            {"bytes_read", scan.totals.bytes},
            {"files_read", scan.totals.digested},
            {"files_unchanged", scan.totals.reused},
            {"left_out_more", scan.left_out_more},
            {"outside_more", scan.outside_more}};
  for (const std::string& path : scan.paths) json["paths"].push_back(printable(path));
  for (const std::string& fault : scan.faults) json["faults"].push_back(printable(fault));
  return json;
}

Json file_of(const Found& found) {
  Json json{{"type", "file"}};
  put_path(json, found.path);
  json["sha256"] = identity::to_text(found.digest);
  json["kind"] = identity::name_of(found.kind);
  json["language"] = identity::name_of(found.language);
  json["package"] = printable(found.package);
  json["match"] = trust::name_of(found.match);
  json["size"] = found.state.size;
  json["mode"] = found.state.mode;
  json["owner"] = found.state.owner;
  json["modified"] = found.state.modified;
  json["changed"] = found.state.changed;
  json["suspicions"] = Json::array();
  for (std::size_t i = 0; i < kSuspicions; ++i)
    if (found.suspicions.has(static_cast<Suspicion>(i)))
      json["suspicions"].push_back(name_of(static_cast<Suspicion>(i)));
  if (!found.malware.empty()) json["malware"] = printable(found.malware);
  return json;
}

/// The value of this name; the first one after a name that is none.
template <class E>
E named(const Json& json, std::size_t count) {
  const auto& name = json.get_ref<const std::string&>();
  for (std::size_t i = 0; i < count; ++i)
    if (name_of(static_cast<E>(i)) == name) return static_cast<E>(i);
  return static_cast<E>(0);
}

std::string path_in(const Json& json) {
  const auto exact = json.find("path_hex");
  if (exact == json.end()) return json.at("path").get<std::string>();
  const auto& digits = exact->get_ref<const std::string&>();
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  return std::string(as_text(Bytes(bytes).first(trust::from_hexadecimal(digits, bytes))));
}

void read_head(const Json& json, Scan& scan) {
  json.at("root").get_to(scan.root);
  json.at("begun").get_to(scan.begun);
  json.at("ended").get_to(scan.ended);
  json.at("paths").get_to(scan.paths);
  json.at("faults").get_to(scan.faults);
  json.at("malware_scanner").get_to(scan.malware_scanner);
  json.at("files").get_to(scan.totals.files);
  json.at("folders").get_to(scan.totals.folders);
  json.at("bytes_read").get_to(scan.totals.bytes);
  json.at("files_read").get_to(scan.totals.digested);
  json.at("files_unchanged").get_to(scan.totals.reused);
  json.at("left_out_more").get_to(scan.left_out_more);
  json.at("outside_more").get_to(scan.outside_more);
}

bool read_file_line(const Json& json, Scan& scan) {
  Found found;
  found.path = path_in(json);
  const auto digest = identity::sha256_from(json.at("sha256").get_ref<const std::string&>());
  if (!digest || found.path.empty()) return false;
  found.digest = *digest;
  found.kind = named<identity::FileKind>(json.at("kind"), identity::kFileKinds);
  found.language = named<identity::Language>(json.at("language"), identity::kLanguages);
  json.at("package").get_to(found.package);
  found.match = named<trust::Match>(json.at("match"), trust::kMatches);
  json.at("size").get_to(found.state.size);
  json.at("mode").get_to(found.state.mode);
  json.at("owner").get_to(found.state.owner);
  json.at("modified").get_to(found.state.modified);
  json.at("changed").get_to(found.state.changed);
  for (const Json& one : json.at("suspicions")) found.suspicions.add(named<Suspicion>(one, kSuspicions));
  if (json.contains("malware")) json.at("malware").get_to(found.malware);
  scan.found.push_back(std::move(found));
  return true;
}

/// False: it is none of ours. Sets `ended` at the last one.
bool read_line(const Json& json, Scan& scan, bool& ended) {
  const auto& type = json.at("type").get_ref<const std::string&>();
  if (type == "scan") read_head(json, scan);
  if (type == "file") return read_file_line(json, scan);
  if (type == "left_out")
    scan.left_out.push_back(
        {path_in(json), named<Reason>(json.at("reason"), kReasons), json.at("detail").get<std::string>()});
  if (type == "outside") scan.outside.push_back({path_in(json), json.at("files").get<std::uint64_t>()});
  ended = type == "end";
  return true;
}

}  // namespace

std::string to_json_lines(const Scan& scan) {
  std::string text = line_of(head_of(scan));
  for (const LeftOut& one : scan.left_out) {
    Json json{{"type", "left_out"}};
    put_path(json, one.path);
    json["reason"] = name_of(one.reason);
    json["detail"] = printable(one.detail);
    text += line_of(json);
  }
  for (const Outside& one : scan.outside) {
    Json json{{"type", "outside"}};
    put_path(json, one.folder);
    json["files"] = one.files;
    text += line_of(json);
  }
  for (const Found& found : scan.found) text += line_of(file_of(found));
  return text + line_of({{"type", "end"}});
}

Result<Scan> from_json_lines(std::string_view text) {
  Scan scan;
  bool ended = false;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = text.find('\n');
    try {
      if (ended || !read_line(Json::parse(text.substr(0, end)), scan, ended))
        return fail(Errc::invalid, "line {} is none of a scan", line);
    } catch (const Json::exception&) {
      return fail(Errc::invalid, "line {} is none of a scan", line);
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  if (!ended) return fail(Errc::invalid, "it is cut: its last line is missing");
  return scan;
}

}  // namespace bansoko::scan
