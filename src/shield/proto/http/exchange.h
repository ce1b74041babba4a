// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "shield/proto/file_sums.h"
#include "shield/proto/http/limits.h"
#include "shield/proto/http/message.h"

/// What all versions of HTTP do alike with a request and its answer.
namespace bansoko::proto::http {

/// Which bodies any rule looks into.
struct WantedBodies {
  bool request = true;
  bool response = true;
  bool uploads = true;                  // files in the request's
  std::array<WantedSums, 2> sums = {};  // by Side, of the files in them
};

/// The headers of that side's message are read: a body follows.
void begin_body(HttpTransaction& transaction, Side side, const Limits& limits, const WantedBodies& wanted);

/// Finds files in what is known of a request's body.
void find_uploads(HttpTransaction& transaction, Side side, const Limits& limits, const WantedBodies& wanted,
                  bool is_whole) noexcept;

/// No more comes of that side's file; of a form it is a file whose end has not come.
void end_file(HttpTransaction& transaction, Side side, bool is_whole);

/// Notes among the message's anomalies what befell its body.
void note_body_findings(HttpTransaction& transaction, Side side) noexcept;

}  // namespace bansoko::proto::http
