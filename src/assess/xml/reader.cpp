// SPDX-License-Identifier: Apache-2.0
#include "assess/xml/reader.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <expat.h>

#include "base/printable.h"

namespace bansoko::xml {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10U;
constexpr char kSeparator = '\f';  // which no XML may hold

/// "http://jvn.jp/vuldef/\fTitle", or "Title".
struct Name {
  std::string_view space;
  std::string_view local;
};

Name split(const char* name) noexcept {
  const std::string_view whole(name);
  const auto at = whole.rfind(kSeparator);
  if (at == std::string_view::npos) return {{}, whole};
  return {whole.substr(0, at), whole.substr(at + 1)};
}

/// An open element. Its buffers are kept for the next one of the same depth.
class Level {
 public:
  void open(Name name, std::size_t path_size) {
    bytes_.clear();
    places_.clear();
    text_.clear();
    space_ = keep(name.space);
    name_ = keep(name.local);
    path_size_ = path_size;
  }
  void add(std::string_view name, std::string_view value) {
    const Place at = keep(name);
    places_.push_back({at, keep(value)});
  }
  void add_text(std::string_view text) { text_.append(text); }

  std::size_t attribute_bytes() const noexcept { return bytes_.size(); }
  std::size_t text_size() const noexcept { return text_.size(); }
  std::size_t path_size() const noexcept { return path_size_; }

  Element element(std::string_view path) {
    attributes_.clear();
    for (const auto& [name, value] : places_) attributes_.push_back({view(name), view(value)});
    return {view(name_), view(space_), path, attributes_, text_};
  }

 private:
  struct Place {
    std::size_t at = 0, size = 0;
  };
  struct AttributePlaces {
    Place name, value;
  };

  Place keep(std::string_view text) {
    bytes_.append(text);
    return {bytes_.size() - text.size(), text.size()};
  }
  std::string_view view(Place place) const noexcept {
    return std::string_view(bytes_).substr(place.at, place.size);
  }

  std::string bytes_;
  std::string text_;
  std::vector<AttributePlaces> places_;
  std::vector<Attribute> attributes_;
  Place space_, name_;
  std::size_t path_size_ = 0;  // of the path up to this element
};

class Parser {
 public:
  Parser(Handler& handler, const Limits& limits)
      : handler_(handler), limits_(limits), expat_(::XML_ParserCreateNS(nullptr, kSeparator)) {
    ::XML_SetUserData(expat_.get(), this);
    ::XML_SetElementHandler(expat_.get(), begin, end);
    ::XML_SetCharacterDataHandler(expat_.get(), text);
    ::XML_SetStartDoctypeDeclHandler(expat_.get(), doctype);
  }

  Result<> run(const Read& read) {
    std::uint64_t taken = 0;
    while (true) {
      void* const buffer = ::XML_GetBuffer(expat_.get(), static_cast<int>(kChunk));
      if (buffer == nullptr) return fail(Errc::limit, "{}no memory left", where());
      BANSOKO_TRY(const std::size_t got, read({static_cast<char*>(buffer), kChunk}));
      taken += got;
      if (taken > limits_.max_bytes)
        return fail(Errc::limit, "{}more than {} bytes", where(), limits_.max_bytes);
      const auto status = ::XML_ParseBuffer(expat_.get(), static_cast<int>(got), got == 0 ? 1 : 0);
      if (error_) return tl::unexpected<Error>(std::move(*error_));
      if (status != XML_STATUS_OK) return broken();
      if (got == 0) return {};
      BANSOKO_CHECK(check_token(taken));
    }
  }

 private:
  struct Freer {
    void operator()(XML_Parser parser) const noexcept { ::XML_ParserFree(parser); }
  };

  static Parser& self(void* data) noexcept { return *static_cast<Parser*>(data); }

  std::string where() const {
    return fmt::format("line {}, column {}: ", ::XML_GetCurrentLineNumber(expat_.get()),
                       ::XML_GetCurrentColumnNumber(expat_.get()) + 1);
  }

  tl::unexpected<Error> broken() const {
    return fail(Errc::invalid, "{}{}", where(), ::XML_ErrorString(::XML_GetErrorCode(expat_.get())));
  }

  /// Expat keeps a tag or a comment that is not yet whole, and looks at it anew with each piece.
  Result<> check_token(std::uint64_t taken) const {
    const XML_Index at = ::XML_GetCurrentByteIndex(expat_.get());
    const std::uint64_t most = limits_.max_text + 2 * kChunk;
    if (at >= 0 && taken - static_cast<std::uint64_t>(at) > most)
      return fail(Errc::limit, "{}a tag or comment of more than {} bytes", where(), most);
    return {};
  }

  void stop(const Error& error) {
    if (error_) return;
    error_ = {error.code, where() + error.message};
    ::XML_StopParser(expat_.get(), XML_FALSE);
  }
  template <class... Args>
  void refuse(Errc code, fmt::format_string<Args...> text, Args&&... args) {
    stop({code, fmt::format(text, std::forward<Args>(args)...)});
  }

  static void XMLCALL doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    self(data).refuse(Errc::denied, "a document type (DOCTYPE) is not accepted");
  }

  static void XMLCALL begin(void* data, const XML_Char* name, const XML_Char** attributes) {
    self(data).begin_element(split(name), attributes);
  }

  void begin_element(Name name, const XML_Char** attributes) {
    if (error_) return;
    if (depth_ == limits_.max_depth) return refuse(Errc::limit, "more than {} elements deep", depth_);
    if (name.local.size() > limits_.max_name)
      return refuse(Errc::limit, "a name of more than {} bytes", limits_.max_name);
    if (levels_.size() == depth_) levels_.emplace_back();
    Level& level = levels_[depth_++];
    level.open(name, path_.size());
    if (!path_.empty()) path_ += '/';
    path_.append(name.local);
    for (std::size_t i = 0; attributes[2 * i] != nullptr; ++i) {
      if (i == limits_.max_attributes) return refuse(Errc::limit, "more than {} attributes", i);
      level.add(split(attributes[2 * i]).local, attributes[2 * i + 1]);
      if (level.attribute_bytes() > limits_.max_text)
        return refuse(Errc::limit, "attributes of more than {} bytes", limits_.max_text);
    }
    if (auto told = handler_.begin(level.element(path_)); !told) stop(std::move(told).error());
  }

  static void XMLCALL end(void* data, const XML_Char*) { self(data).end_element(); }

  void end_element() {
    if (error_) return;
    Level& level = levels_[--depth_];
    if (auto told = handler_.end(level.element(path_)); !told) return stop(std::move(told).error());
    path_.resize(level.path_size());
  }

  static void XMLCALL text(void* data, const XML_Char* bytes, int size) {
    self(data).add_text({bytes, static_cast<std::size_t>(size)});
  }

  void add_text(std::string_view text) {
    if (error_ || depth_ == 0) return;
    Level& level = levels_[depth_ - 1];
    if (text.size() > limits_.max_text - level.text_size())
      return refuse(Errc::limit, "a text of more than {} bytes", limits_.max_text);
    level.add_text(text);
  }

  Handler& handler_;
  const Limits& limits_;
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, Freer> expat_;
  std::vector<Level> levels_;
  std::size_t depth_ = 0;
  std::string path_;
  std::optional<Error> error_;
};

}  // namespace

std::string_view Element::attribute(std::string_view wanted) const noexcept {
  for (const Attribute& one : attributes)
    if (one.name == wanted) return one.value;
  return {};
}

Result<> parse(const Read& read, Handler& handler, const Limits& limits) {
  return Parser(handler, limits).run(read);
}

Result<> parse(std::string_view bytes, Handler& handler, const Limits& limits) {
  return parse(
      [&bytes](std::span<char> out) -> Result<std::size_t> {
        const std::size_t size = std::min(out.size(), bytes.size());
        if (size != 0) std::memcpy(out.data(), bytes.data(), size);
        bytes.remove_prefix(size);
        return size;
      },
      handler, limits);
}

}  // namespace bansoko::xml
