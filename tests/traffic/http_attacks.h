// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bansoko::traffic::http_attacks {

/// A request with the header a simple client sends.
std::string get(std::string_view target, std::string_view host = "www.example.test");

/// The hole of MS01-033 (CVE-2001-0500) as Code Red used it: a page of Index Server asked for with a query of
/// more than its buffer holds. The filler is `size` times N and some %u-encoded N; there is no code in it.
std::string code_red(std::size_t size = 224);

/// Requests that look much like it and are in order.
std::string short_ida_query();     // what Index Server is for
std::string ida_in_a_page_name();  // a long query to x.ida.html
std::string long_query_to_page();
std::string ida_in_a_query();  // the query itself speaks of default.ida

}  // namespace bansoko::traffic::http_attacks
