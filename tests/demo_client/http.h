// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "tests/demo_client/connection.h"

namespace bansoko::demo {

struct HttpAnswer {
  Heard heard = Heard::nothing;  // bytes: whole, or up to the end of the connection
  std::string status = {};       // its first line
  std::size_t body_size = 0;
  bool close = false;  // the server will close the connection
};

/// Reads one answer. `pending` holds what was read beyond it.
HttpAnswer read_answer(Connection& connection, std::string& pending);

}  // namespace bansoko::demo
