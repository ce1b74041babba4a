// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/stream.h"

namespace bansoko::proto::http2 {

void Half::reset() noexcept {
  facts = {};
  fields.clear();
  updates.clear();
  is_begun = has_data = false;
  body_size = 0;
}

void StreamTransaction::reset() noexcept {
  HttpTransaction::reset();
  for (Half& half : halves) half.reset();
  stream = 0;
  settings.clear();
}

void StreamTransaction::shrink() noexcept {
  HttpTransaction::shrink();
  for (Half& half : halves) half.fields.shrink();
}

void StreamTransaction::shrink_if_tight() noexcept {
  HttpTransaction::shrink_if_tight();
  for (Half& half : halves) half.fields.shrink_if_tight();
}

void StreamTransaction::count_memory() noexcept {
  request.count_memory();
  response.count_memory();
  for (Half& half : halves) half.fields.count_memory();
}

}  // namespace bansoko::proto::http2
