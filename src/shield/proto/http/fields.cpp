// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/fields.h"

#include <array>

#include "shield/proto/http/message.h"

namespace bansoko::proto::http {
namespace {

using Number = std::optional<std::uint64_t>;

const Message& request_of(const Transaction& transaction) noexcept {
  return static_cast<const HttpTransaction&>(transaction).request;
}

Number if_any(std::uint64_t value) noexcept { return value == 0 ? Number() : value; }

Number request_line_size(const Transaction& at) noexcept { return if_any(request_of(at).start_line_size); }
Number if_path_length(const Transaction& at) noexcept { return if_any(request_of(at).if_path_length); }
Number range_count(const Transaction& at) noexcept { return if_any(request_of(at).ranges.count); }

Number range_overlaps(const Transaction& at) noexcept {
  const RangeNumbers& ranges = request_of(at).ranges;
  return ranges.count == 0 ? Number() : ranges.overlaps;
}

Number range_end(const Transaction& at) noexcept {
  const RangeNumbers& ranges = request_of(at).ranges;
  return ranges.count == 0 ? Number() : ranges.highest_end;
}

Number form_repeats(const Transaction& at) noexcept {
  return if_any(most_of_one_name(as_text(request_of(at).body.bytes())));
}

constexpr std::array kFields{
    Field{"http.request_line_size",
          "bytes of the first line as sent, its end too, also of what line_limit leaves out",
          Side::client,
          kStartLine,
          {},
          request_line_size},
    Field{"http.range_count",
          "ranges that Range (or Request-Range) asks for",
          Side::client,
          kHeaders,
          {},
          range_count},
    Field{"http.range_overlaps",
          "of them, those that begin at or before the end of an earlier one",
          Side::client,
          kHeaders,
          {},
          range_overlaps},
    Field{"http.range_end",
          "of them, the highest last byte that is stated, up to 2^64-1",
          Side::client,
          kHeaders,
          {},
          range_end},
    Field{"http.if_path_length",
          "characters of the longest path among the URLs of If, escapes decoded",
          Side::client,
          kHeaders,
          {},
          if_path_length},
    Field{"http.form_repeats",
          "of a form in the body, when it is complete: how many parameters have the commonest name",
          Side::client,
          kComplete,
          {},
          form_repeats},
};

}  // namespace

std::span<const Field> fields() noexcept { return kFields; }

}  // namespace bansoko::proto::http
