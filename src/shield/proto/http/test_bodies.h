// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bansoko::proto::http {

// "hello " twenty times, and what zlib makes of it.
// clang-format off
inline const std::string kHello = "hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello ";
using namespace std::string_literals;
inline const std::string kHelloGzip =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\xa0\x3b\x09\x00\x2f\xfa\xf8\x48\x78\x00\x00\x00"s;
inline const std::string kHelloZlib =
    "\x78\x9c\xcb\x48\xcd\xc9\xc9\x57\xc8\xa0\x3b\x09\x00\x77\xba\x2c\x11"s;
inline const std::string kHelloDeflate =
    "\xcb\x48\xcd\xc9\xc9\x57\xc8\xa0\x3b\x09\x00"s;
inline const std::string kHelloGzipGzip =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x93\xef\xe6\x60\x00\x01\x26\xe6\xd3\x1e\x67\x4f\x9e\x0c\x3f\xb1\xc0\x9a\x93\x41\xff\xd7\x0f\x8f\x0a\xa0\x20\x00\xe5\xca\xed\xa0\x1d\x00\x00\x00"s;
// clang-format on

}  // namespace bansoko::proto::http
