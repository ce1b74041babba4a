// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace bansoko::proto::http {

/// The files that a request brings: its body, or each file of a form (multipart/form-data, RFC 7578). Knows
/// where they are in the body, which others keep.
class Uploads {
 public:
  static constexpr std::size_t kMost = 32;

  /// Of a request with such a method and Content-Type. At most `most` files are told apart.
  void start(std::string_view method, std::string_view content_type, std::size_t most) noexcept;
  /// `body` is all that is known of it by now; `is_whole`: no more will come.
  void advance(Bytes body, bool is_whole) noexcept;
  void reset() noexcept { *this = {}; }

  std::size_t size() const noexcept { return count_; }
  /// May grow with the next advance() if it is the last.
  Bytes content(Bytes body, std::size_t file) const noexcept;
  /// As the form says; empty where the body is the file.
  std::string_view name(Bytes body, std::size_t file) const noexcept;
  bool is_form() const noexcept { return kind_ == Kind::form; }
  bool is_body() const noexcept { return kind_ == Kind::body; }
  /// Of a form: what follows the file has come.
  bool is_over(std::size_t file) const noexcept { return file + 1 < count_ || !is_file_; }
  /// There were more files than are told apart: what they hold is in none.
  bool has_too_many() const noexcept { return has_too_many_; }

 private:
  enum class Kind : std::uint8_t { none, body, form };
  enum class Step : std::uint8_t { preamble, after_delimiter, headers, content, over };
  struct File {
    std::uint32_t name_at = 0, name_size = 0, at = 0, size = 0;
  };
  static constexpr std::size_t kMostBoundary = 128;  // RFC 2046 section 5.1.1 allows 70
  static constexpr std::size_t kMostHeaders = 4096;  // of one part

  bool step(std::string_view body, bool is_whole) noexcept;
  bool find_delimiter(std::string_view body, bool is_whole) noexcept;
  bool pass_delimiter_line(std::string_view body) noexcept;
  bool read_headers(std::string_view body) noexcept;
  void begin_content(std::string_view body, std::string_view headers) noexcept;

  std::array<char, kMostBoundary + 3> delimiter_{};  // line feed, two hyphens, the boundary
  std::size_t delimiter_size_ = 0;
  Kind kind_ = Kind::none;
  Step step_ = Step::preamble;
  bool is_file_ = false;  // the part under way
  bool has_too_many_ = false;
  std::size_t most_ = 0;
  std::size_t count_ = 0;
  std::size_t at_ = 0;        // where the step under way began
  std::size_t searched_ = 0;  // no delimiter begins before it
  std::array<File, kMost> files_{};
};

}  // namespace bansoko::proto::http
