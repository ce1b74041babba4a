// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "shield/proto/line_reader.h"
#include "shield/proto/smtp/mail.h"
#include "shield/proto/smtp/transfer_decoder.h"

namespace bansoko::proto::smtp {

/// Reads a mail line by line (RFC 5322, RFC 2045 to 2047, 2231) and puts what rules look into in a Mail.
class MimeReader {
 public:
  /// `limits`, `budget` and `mail` outlive it.
  MimeReader(const Limits& limits, MemoryBudget& budget, Mail& mail);

  /// A mail begins.
  void start(const Wanted& wanted) noexcept;
  void line(const Line& line);
  /// A part of a line, of whatever size.
  void lose() noexcept;
  /// The mail is over. Not `is_whole`: what follows has not come.
  void finish(bool is_whole);
  void release() { header_.release(); }

 private:
  enum class Step : std::uint8_t { headers, content, outside };  // outside: of all parts
  static constexpr std::size_t kMostBoundary = 254;
  static constexpr std::size_t kMostName = 255;
  struct Boundary {
    std::array<char, kMostBoundary> text{};
    std::size_t size = 0;
    std::string_view view() const noexcept { return {text.data(), size}; }
  };
  /// What the headers say of the part under way.
  struct Part {
    Coding coding = Coding::none;
    bool is_multipart = false, is_message = false, is_text = true;
    Boundary boundary;
    std::array<char, kMostName> name{};
    std::size_t name_size = 0;
  };

  void begin_part() noexcept;
  bool read_delimiter(std::string_view text);
  void header_line(const Line& line);
  void read_header();
  void read_header_of_mail(std::string_view name, std::string_view value);
  void read_type(std::string_view value);
  void read_name(std::string_view value, std::string_view parameter);
  void headers_done();
  void content_line(const Line& line);
  void append(std::string_view text);
  void end_content(bool is_whole);
  void find_links(bool is_whole);

  const Limits& limits_;
  Mail& mail_;
  Wanted wanted_;
  BudgetedBytes header_;  // the header under way, unfolded
  Step step_ = Step::headers;
  bool is_main_ = true;  // these are the headers of the mail itself
  bool is_file_ = false;
  bool is_delimiter_line_ = false;  // the rest of this line is none of ours
  std::string_view line_end_;       // of the line before: it belongs to a delimiter that may follow
  Part part_;
  TransferDecoder decoder_;
  TransferDecoder::Output decoded_{};
  std::size_t searched_ = 0;  // for links, in the content of the part
  std::array<Boundary, kMostDepth> boundaries_{};
  std::size_t depth_ = 0;
};

}  // namespace bansoko::proto::smtp
