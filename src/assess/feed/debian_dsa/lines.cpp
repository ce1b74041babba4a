// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/debian_dsa/lines.h"

#include <array>

namespace bansoko::feed::debian_dsa {

Result<> read_lines(ByteSource& bytes, const Limits& limits, const OnLine& on_line) {
  std::array<char, 16384> piece{};
  std::string line;
  std::uint64_t number = 1, taken = 0;
  while (true) {
    BANSOKO_TRY(const std::size_t got, bytes.read(piece));
    if (got == 0) return line.empty() ? Result<>() : on_line(line, number);
    taken += got;
    if (taken > limits.max_bytes)
      return fail(Errc::limit, "line {}: more than {} bytes", number, limits.max_bytes);
    std::string_view rest(piece.data(), got);
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      line.append(rest.substr(0, end));
      if (line.size() > limits.max_text)
        return fail(Errc::limit, "line {}: longer than {} bytes", number, limits.max_text);
      if (end == std::string_view::npos) break;
      BANSOKO_CHECK(on_line(line, number++));
      line.clear();
      rest.remove_prefix(end + 1);
    }
  }
}

}  // namespace bansoko::feed::debian_dsa
