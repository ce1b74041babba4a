// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/json_records.h"

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/printable.h"

namespace bansoko::inventory {
namespace {

using Json = nlohmann::json;

/// The functions that nlohmann's reader calls; false stops it.
class Sax {
 public:
  explicit Sax(const JsonRecords& records) : records_(records) {}

  bool null() { return value({}); }
  bool boolean(bool claim) { return value(claim ? "true" : "false"); }
  bool number_integer(Json::number_integer_t number) { return value(std::to_string(number)); }
  bool number_unsigned(Json::number_unsigned_t number) { return value(std::to_string(number)); }
  bool number_float(Json::number_float_t, const std::string& text) { return value(text); }
  bool string(const std::string& text) { return value(text); }
  bool binary(const Json::binary_t&) { return true; }
  bool key(const std::string& name) {
    if (name.size() > records_.max_text) return stop(Errc::limit, "a name is too long");
    key_ = name;
    return true;
  }
  bool start_array(std::size_t) {
    if (!deeper()) return false;
    levels_.push_back({path_.size(), key_, true});
    append_path();
    return true;
  }
  bool end_array() {
    path_.resize(levels_.back().path_size);
    levels_.pop_back();
    return true;
  }
  bool start_object(std::size_t) {
    if (!deeper()) return false;
    const bool listed = !levels_.empty() && levels_.back().list;
    const std::string name = listed ? levels_.back().name : key_;
    levels_.push_back({path_.size(), name, false});
    if (!listed) append_path();
    if (!open_.empty() || records_.wanted(path_)) return open(name);
    return true;
  }
  bool end_object() {
    bool going = true;
    if (!open_.empty()) {
      xml::Node node = std::move(open_.back());
      open_.pop_back();
      if (open_.empty())
        going = finish(node);
      else
        open_.back().children.push_back(std::move(node));
    }
    path_.resize(levels_.back().path_size);
    levels_.pop_back();
    return going;
  }
  bool parse_error(std::size_t position, const std::string&, const Json::exception&) {
    if (!error_) error_ = Error{Errc::invalid, fmt::format("byte {}: not JSON", position)};
    return false;
  }

  std::optional<Error> take_error() { return std::move(error_); }

 private:
  struct Level {
    std::size_t path_size = 0;
    std::string name = {};
    bool list = false;
  };

  bool stop(Errc code, std::string why) {
    error_ = Error{code, std::move(why)};
    return false;
  }
  bool deeper() {
    return levels_.size() < records_.max_depth ||
           stop(Errc::limit, fmt::format("more than {} deep", records_.max_depth));
  }
  void append_path() {
    if (levels_.size() == 1) return;  // the root has no name
    if (!path_.empty()) path_ += '/';
    path_ += key_;
  }
  bool count() { return ++nodes_ <= records_.max_nodes || stop(Errc::limit, "a record of too many values"); }
  bool open(const std::string& name) {
    if (open_.empty()) nodes_ = 0;
    open_.push_back({name, {}, {}, {}});
    return count();
  }
  bool finish(xml::Node& record) {
    auto told = records_.take(path_, record);
    if (told) return true;
    error_ = std::move(told).error();
    return false;
  }
  bool value(const std::string& text) {
    if (text.size() > records_.max_text) return stop(Errc::limit, "a text is too long");
    const bool listed = !levels_.empty() && levels_.back().list;
    const std::string& name = listed ? levels_.back().name : key_;
    if (!open_.empty()) {
      open_.back().children.push_back({name, text, {}, {}});
      return count();
    }
    if (records_.text)
      records_.text(path_.empty() || listed ? (listed ? path_ : name) : path_ + "/" + name, text);
    return true;
  }

  const JsonRecords& records_;
  std::vector<Level> levels_;
  std::vector<xml::Node> open_;
  std::string path_, key_;
  std::size_t nodes_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<> read_json(std::string_view bytes, const JsonRecords& records) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  Sax sax(records);
  if (Json::sax_parse(bytes.begin(), bytes.end(), &sax)) return {};
  auto error = sax.take_error();
  return tl::unexpected<Error>(error ? std::move(*error) : Error{Errc::invalid, "not JSON"});
}

}  // namespace bansoko::inventory
