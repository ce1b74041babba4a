// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/json_reader.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/printable.h"

namespace bansoko::feed {
namespace {

using Json = nlohmann::json;

/// The bytes of the source for the library's lexer, which keeps all bytes since the last token: their number
/// is bounded here. At an error and at a limit the text ends.
class JsonBytes {
 public:
  /// Both are loans for the life of this.
  JsonBytes(ByteSource& source, const Limits& limits) : source_(source), limits_(limits) {
    // A character may be written as six: a backslash, u and four digits.
    most_between_ = std::max(limits.max_text * 6 + 2, kMostBytesBetween);
    fill();
  }

  bool at_end() const noexcept { return next_ == size_; }
  char here() const noexcept { return buffer_[next_]; }
  void advance() {
    if (++next_ == size_) fill();
  }
  void token_done() noexcept { token_end_ = before_ + next_; }
  const Result<>& state() const noexcept { return state_; }

 private:
  void fill() {
    before_ += size_;
    next_ = size_ = 0;
    if (!state_) return;
    if (before_ > limits_.max_bytes)
      state_ = fail(Errc::limit, "it is larger than {} bytes", limits_.max_bytes);
    else if (before_ - token_end_ > most_between_)
      state_ = fail(Errc::limit, "after {} bytes: one value is longer than {} bytes", token_end_,
                    limits_.max_text);
    if (!state_) return;
    auto got = source_.read(buffer_);
    if (got)
      size_ = *got;
    else
      state_ = tl::unexpected<Error>(std::move(got).error());
  }

  ByteSource& source_;
  const Limits& limits_;
  std::size_t most_between_ = 0;
  std::array<char, std::size_t{32} << 10U> buffer_{};
  std::size_t next_ = 0, size_ = 0;
  std::uint64_t before_ = 0;     // bytes before the buffer
  std::uint64_t token_end_ = 0;  // of the last token
  Result<> state_;
};

/// What the library takes for input: one pass over JsonBytes.
class JsonCursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  JsonCursor() = default;
  explicit JsonCursor(JsonBytes& bytes) : bytes_(&bytes) {}
  char operator*() const { return bytes_->here(); }
  JsonCursor& operator++() {
    bytes_->advance();
    return *this;
  }
  JsonCursor operator++(int) {
    JsonCursor old = *this;
    ++*this;
    return old;
  }
  /// Only ever asked against the end.
  friend bool operator==(const JsonCursor& a, const JsonCursor&) { return a.bytes_->at_end(); }
  friend bool operator!=(const JsonCursor& a, const JsonCursor& b) { return !(a == b); }

 private:
  JsonBytes* bytes_ = nullptr;
};

/// Builds one record as its tokens come. What the library throws on its way out would be a bug of its own.
// NOLINTNEXTLINE(bugprone-exception-escape)
class JsonRecord {
 public:
  bool building() const noexcept { return !open_.empty(); }
  const Json& value() const noexcept { return root_; }

  void begin() {
    root_ = nullptr;
    values_ = bytes_ = 0;
  }

  Result<> add(Json value, std::size_t bytes) {
    BANSOKO_CHECK(count(bytes));
    const bool holds_others = value.is_structured();
    Json* const at = place(std::move(value));
    if (holds_others) open_.push_back(at);
    return {};
  }

  Result<> key(std::string& key) {
    BANSOKO_CHECK(count(key.size()));
    auto [at, is_new] = open_.back()->get_ref<Json::object_t&>().try_emplace(std::move(key));
    if (!is_new)
      return fail(Errc::invalid, "the key '{}' stands twice in one object",
                  printable(std::string_view(at->first).substr(0, 80)));
    member_ = &at->second;
    return {};
  }

  void close() { open_.pop_back(); }

 private:
  Result<> count(std::size_t bytes) {
    bytes_ += bytes;
    if (++values_ > kMostRecordValues)
      return fail(Errc::limit, "one record has more than {} values", kMostRecordValues);
    if (bytes_ > kMostRecordBytes)
      return fail(Errc::limit, "one record has more than {} bytes of text", kMostRecordBytes);
    return {};
  }

  Json* place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (open_.back()->is_array()) {
      open_.back()->push_back(std::move(value));
      return &open_.back()->back();
    }
    *member_ = std::move(value);
    return member_;
  }

  Json root_;
  std::vector<Json*> open_;  // the lists and objects that are not closed, from the root
  Json* member_ = nullptr;   // of the innermost object: what the key was of
  std::size_t values_ = 0, bytes_ = 0;
};

std::vector<std::string_view> split(std::string_view place) {
  std::vector<std::string_view> parts;
  while (!place.empty()) {
    const std::size_t end = std::min(place.find('/'), place.size());
    parts.push_back(place.substr(0, end));
    place.remove_prefix(std::min(end + 1, place.size()));
  }
  return parts;
}

/// Takes the library's events: follows the path, and lets a record be built where a place is.
class JsonWalk {
 public:
  /// All are loans for the life of this.
  JsonWalk(JsonBytes& bytes, const Limits& limits, std::span<const std::string_view> places,
           const OnJsonRecord& on_record)
      : bytes_(bytes), limits_(limits), on_record_(on_record) {
    for (const std::string_view place : places) places_.push_back(split(place));
  }

  Result<> state() && { return std::move(state_); }

  // The names of these are the library's.
  bool null() { return scalar(nullptr, 0); }
  bool boolean(bool value) { return scalar(value, 0); }
  bool number_integer(Json::number_integer_t value) { return scalar(value, 0); }
  bool number_unsigned(Json::number_unsigned_t value) { return scalar(value, 0); }
  bool number_float(Json::number_float_t value, const std::string& text) {
    return scalar(value, text.size());
  }
  bool string(std::string& value) {
    if (value.size() > limits_.max_text) return too_long();
    const std::size_t size = value.size();
    return scalar(std::move(value), size);
  }
  bool binary(Json::binary_t&) { return false; }  // not of JSON texts
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool key(std::string& key) {
    bytes_.token_done();
    if (key.size() > limits_.max_text) return too_long();
    if (record_.building()) return stop_at(record_.key(key));
    path_.back() = std::move(key);
    return true;
  }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error ...",
    // "[json.exception.out_of_range.406] number overflow ..."
    std::string_view why = error.what();
    for (const std::string_view before : {"] ", "parse error "})
      if (const auto at = why.find(before); at < 40) why.remove_prefix(at + before.size());
    state_ = fail(Errc::invalid, "no valid JSON: {}", printable(why.substr(0, 300)));
    return false;
  }

 private:
  bool scalar(Json value, std::size_t bytes) {
    bytes_.token_done();
    if (record_.building()) return stop_at(record_.add(std::move(value), bytes));
    if (!find_place()) return true;
    record_.begin();
    return stop_at(record_.add(std::move(value), bytes)) && tell();
  }

  bool open(Json value) {
    bytes_.token_done();
    if (++depth_ > limits_.max_depth)
      return stop_at(fail(Errc::limit, "it is nested more than {} deep", limits_.max_depth));
    if (record_.building()) return stop_at(record_.add(std::move(value), 0));
    if (find_place()) {
      record_.begin();
      return stop_at(record_.add(std::move(value), 0));
    }
    path_.emplace_back();
    return true;
  }

  bool close() {
    bytes_.token_done();
    --depth_;
    if (!record_.building()) {
      path_.pop_back();
      return true;
    }
    record_.close();
    return record_.building() || tell();
  }

  bool find_place() {
    const auto matches = [this](const std::vector<std::string_view>& place) {
      return std::equal(
          place.begin(), place.end(), path_.begin(), path_.end(),
          [](std::string_view wanted, const std::string& key) { return wanted == "*" || wanted == key; });
    };
    const auto found = std::find_if(places_.begin(), places_.end(), matches);
    place_ = static_cast<std::size_t>(found - places_.begin());
    return found != places_.end();
  }

  bool tell() { return stop_at(on_record_(place_, path_, record_.value())); }

  bool too_long() { return stop_at(fail(Errc::limit, "a text is longer than {} bytes", limits_.max_text)); }

  bool stop_at(Result<> result) {
    if (result) return true;
    state_ = std::move(result);
    return false;
  }

  JsonBytes& bytes_;
  const Limits& limits_;
  const OnJsonRecord& on_record_;
  std::vector<std::vector<std::string_view>> places_;
  std::vector<std::string> path_;  // outside of records: of each open list and object the key we are at
  std::size_t place_ = 0;          // of the record
  std::size_t depth_ = 0;
  JsonRecord record_;
  Result<> state_;
};

}  // namespace

Result<> read_json(ByteSource& bytes, const Limits& limits, std::span<const std::string_view> places,
                   const OnJsonRecord& on_record) {
  JsonBytes text(bytes, limits);
  JsonWalk walk(text, limits, places, on_record);
  const bool complete = Json::sax_parse(JsonCursor(text), JsonCursor(), &walk);
  if (!text.state()) return text.state();
  if (!complete) return std::move(walk).state();
  return {};
}

const Json* find(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto& members = object.get_ref<const Json::object_t&>();
  const auto at = members.find(key);
  return at == members.end() ? nullptr : &at->second;
}

std::string_view text_in(const Json& object, std::string_view key) {
  const Json* const value = find(object, key);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_ref<const std::string&>();
}

std::optional<assess::Date> date_in(const Json& object, std::string_view key) {
  const auto date = assess::parse_date(text_in(object, key));
  if (!date) return {};
  return *date;
}

const Json& list_in(const Json& object, std::string_view key) {
  static const Json none = Json::array();
  const Json* const value = find(object, key);
  return value != nullptr && value->is_array() ? *value : none;
}

}  // namespace bansoko::feed
