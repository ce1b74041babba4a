// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "tests/evasion/transform.h"
#include "tests/traffic/http_attacks.h"

namespace bansoko::evasion {

Request parse_request(std::string_view text) {
  Request request;
  const std::size_t line = text.find("\r\n");
  const std::string_view start = text.substr(0, line);
  const std::size_t target = start.find(' ') + 1;
  const std::size_t version = start.rfind(' ');
  request.method = start.substr(0, target - 1);
  request.target = start.substr(target, version - target);
  std::string_view rest = text.substr(line + 2);
  while (!rest.starts_with("\r\n")) {
    const std::size_t end = rest.find("\r\n");
    request.headers.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 2);
  }
  return request;
}

std::string to_text(const Request& request) {
  std::string text =
      request.before + request.method + request.space + request.target + request.version + request.line_end;
  if (request.version.empty()) return text;
  for (const std::string& header : request.headers) text += header + request.line_end;
  return text + request.line_end;
}

namespace {

std::size_t path_size(const Request& request) { return request.target.find('?'); }

/// Rewrites the characters of the path for which `chosen` holds, all but its first slash.
template <class Chosen, class Write>
void rewrite_path(Request& request, Chosen chosen, Write write) {
  const std::size_t size = path_size(request);
  std::string path = request.target.substr(0, 1);
  for (std::size_t i = 1; i < size; ++i)
    path += chosen(i) ? write(static_cast<unsigned char>(request.target[i])) : request.target.substr(i, 1);
  request.target = path + request.target.substr(size);
}

bool in_extension(const Request& request, std::size_t i) { return i + 4 >= path_size(request); }

template <class Write>
void encode(Request& request, int which, Write write) {
  Random random(static_cast<std::size_t>(which));
  const auto chosen = [&](std::size_t i) {
    if (request.target[i] == '/') return false;
    return which == 0 ? in_extension(request, i) : which == 1 || random.below(2) == 0;
  };
  rewrite_path(request, chosen, write);
}

void percent(Request& request, int which) {
  encode(request, which, [](unsigned c) { return fmt::format("%{:02X}", c); });
}
void percent_lower_case(Request& request, int which) {
  encode(request, which, [](unsigned c) { return fmt::format("%{:02x}", c); });
}
void percent_u(Request& request, int which) {
  encode(request, which, [](unsigned c) { return fmt::format("%u{:04x}", c); });
}
void percent_twice(Request& request, int which) {
  encode(request, which, [](unsigned c) { return fmt::format("%25{:02x}", c); });
}
void percent_digits_twice(Request& request, int which) {
  encode(request, which, [](unsigned c) {
    return fmt::format("%%{:02x}%{:02x}", fmt::format("{:x}", c >> 4U)[0], fmt::format("{:x}", c & 15U)[0]);
  });
}
/// UTF-8 in more bytes than the character needs.
void overlong(Request& request, int bytes) {
  encode(request, 0, [bytes](unsigned c) {
    if (bytes == 2) return fmt::format("%{:02x}%{:02x}", 0xc0U | c >> 6U, 0x80U | (c & 0x3fU));
    return fmt::format("%e0%{:02x}%{:02x}", 0x80U | c >> 6U, 0x80U | (c & 0x3fU));
  });
}
void upper_case(Request& request, int which) {
  encode(request, which, [](unsigned c) {
    return std::string(1, static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c));
  });
}

void ahead_of_path(Request& request, std::string_view text) { request.target.insert(0, text); }
void self_directory(Request& request, int times) {
  for (int i = 0; i < times; ++i) ahead_of_path(request, "/.");
}
void parent_directory(Request& request, int times) {
  for (int i = 0; i < times; ++i) ahead_of_path(request, fmt::format("/dir{}/..", i));
}
void many_slashes(Request& request, int times) {
  ahead_of_path(request, std::string(static_cast<std::size_t>(times), '/'));
}
void backslashes(Request& request, int) { ahead_of_path(request, "\\scripts\\.."); }
void path_info(Request& request, int) { request.target.insert(path_size(request), "/more/of/it"); }
void absolute_form(Request& request, int which) {
  constexpr std::array<std::string_view, 3> kFronts{"http://www.example.test", "HTTP://192.0.2.1:80",
                                                    "http://user@www.example.test"};
  ahead_of_path(request, kFronts.at(static_cast<std::size_t>(which)));
}

void methods(Request& request, int which) {
  constexpr std::array<std::string_view, 4> kMethods{"HEAD", "POST", "TRACE", "SEARCH"};
  request.method = kMethods.at(static_cast<std::size_t>(which));
  if (request.method == "POST") request.headers.emplace_back("Content-Length: 0");
}
void versions(Request& request, int which) {
  constexpr std::array<std::string_view, 3> kVersions{" HTTP/1.0", "", " HTTP/1.2"};
  request.version = kVersions.at(static_cast<std::size_t>(which));
}
void spaces(Request& request, int which) {
  constexpr std::array<std::string_view, 3> kSpaces{"  ", "\t", " \t "};
  request.space = kSpaces.at(static_cast<std::size_t>(which));
}
void bare_line_feeds(Request& request, int) { request.line_end = "\n"; }
void empty_lines_before(Request& request, int lines) {
  for (int i = 0; i < lines; ++i) request.before += "\r\n";
}
void pipelined(Request& request, int times) {
  for (int i = 0; i < times; ++i)
    request.before += traffic::http_attacks::get(fmt::format("/page{}.html", i));
}
void behind_a_body(Request& request, int size) {
  request.before =
      fmt::format("POST /form HTTP/1.1\r\nHost: www.example.test\r\nContent-Length: {}\r\n\r\n", size) +
      std::string(static_cast<std::size_t>(size), 'x');
}
void behind_chunks(Request& request, int size) {
  request.before = "POST /form HTTP/1.1\r\nHost: www.example.test\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 3; ++i)
    request.before +=
        fmt::format("{:x};name=value\r\n{}\r\n", size, std::string(static_cast<std::size_t>(size), 'x'));
  request.before += "0\r\nTrailer: yes\r\n\r\n";
}
void header_padding(Request& request, int size) {
  request.headers.insert(request.headers.begin(),
                         "X-Padding: " + std::string(static_cast<std::size_t>(size), 'p'));
}
void many_headers(Request& request, int count) {
  for (int i = 0; i < count; ++i)
    request.headers.insert(request.headers.begin(), fmt::format("X-Number-{}: {}", i, i));
}
void parameters_before(Request& request, int count) {
  std::string more;
  for (int i = 0; i < count; ++i) more += fmt::format("p{}=v&", i);
  request.target.insert(path_size(request) + 1, more);
}
void parameter_behind(Request& request, int count) {
  for (int i = 0; i < count; ++i) request.target += fmt::format("&p{}=v", i);
}

}  // namespace

std::vector<Transform> http_transforms() {
  std::vector<Transform> all;
  const auto add = [&](std::string_view kind, OnRequest apply, std::initializer_list<int> variants,
                       Defence defence = Defence::decoding) {
    for (const int variant : variants)
      all.push_back(
          {.kind = kind, .variant = variant, .defence = defence, .apply = apply, .layer = Layer::message});
  };
  add("http.percent", percent, {0, 1, 2});
  add("http.percent_lower_case", percent_lower_case, {0, 1, 2});
  add("http.percent_u", percent_u, {0, 1, 2});
  add("http.percent_twice", percent_twice, {0, 1});
  add("http.percent_digits_twice", percent_digits_twice, {0});
  add("http.overlong_utf8", overlong, {2, 3});
  add("http.upper_case", upper_case, {0, 1, 2});
  add("http.self_directory", self_directory, {1, 5});
  add("http.parent_directory", parent_directory, {1, 3});
  add("http.many_slashes", many_slashes, {1, 4});
  add("http.backslashes", backslashes, {0});
  add("http.path_info", path_info, {0});
  add("http.absolute_form", absolute_form, {0, 1, 2});
  add("http.methods", methods, {0, 1, 2, 3});
  add("http.versions", versions, {0, 1, 2}, Defence::framing);
  add("http.spaces", spaces, {0, 1, 2});
  add("http.bare_line_feeds", bare_line_feeds, {0}, Defence::framing);
  add("http.empty_lines_before", empty_lines_before, {1, 3}, Defence::framing);
  add("http.pipelined", pipelined, {1, 5}, Defence::framing);
  add("http.behind_a_body", behind_a_body, {10, 2000}, Defence::framing);
  add("http.behind_chunks", behind_chunks, {1, 100}, Defence::framing);
  add("http.header_padding", header_padding, {100, 6000}, Defence::framing);
  add("http.many_headers", many_headers, {10, 90}, Defence::framing);
  add("http.parameters_before", parameters_before, {1, 20});
  add("http.parameter_behind", parameter_behind, {1}, Defence::framing);
  return all;
}

}  // namespace bansoko::evasion
