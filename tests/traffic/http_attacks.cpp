// SPDX-License-Identifier: Apache-2.0
#include "tests/traffic/http_attacks.h"

namespace bansoko::traffic::http_attacks {
namespace {

constexpr std::size_t kLong = 400;

}  // namespace

std::string get(std::string_view target, std::string_view host) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) +
         "\r\nUser-Agent: bansoko-demo\r\nAccept: */*\r\n\r\n";
}

std::string code_red(std::size_t size) {
  std::string target = "/default.ida?" + std::string(size, 'N');
  for (int i = 0; i < 22; ++i) target += "%u004E";
  return get(target + "=a");
}

std::string short_ida_query() {
  return get("/query.idq?CiScope=%2Fdocs&CiMaxRecordsPerPage=10&TemplateName=query");
}
std::string ida_in_a_page_name() { return get("/x.ida.html?" + std::string(kLong, 'N')); }
std::string long_query_to_page() { return get("/search.html?q=" + std::string(kLong, 'N')); }
std::string ida_in_a_query() { return get("/search?page=/default.ida&q=" + std::string(kLong, 'N')); }

}  // namespace bansoko::traffic::http_attacks
