// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/proto/http/message.h"
#include "shield/proto/http2/field_list.h"

namespace bansoko::proto::http2 {

/// What is wrong with the fields of a message (RFC 9113 sections 8.2 and 8.3).
struct FieldFaults {
  bool pseudo_header = false;      // missing, repeated, unknown, empty, or behind other fields
  bool upper_case = false;         // in a name
  bool connection_header = false;  // it speaks of a connection of HTTP/1, such as Transfer-Encoding
  bool host_mismatch = false;      // Host is not :authority
  bool userinfo = false;           // in :authority

  bool operator==(const FieldFaults&) const = default;
};

/// What a message's pseudo headers say, as views into its fields.
struct PseudoHeaders {
  std::string_view method = {}, path = {}, authority = {}, scheme = {}, protocol = {}, status = {};
  bool has_path = false;
};

PseudoHeaders pseudo_headers(const FieldList& fields, Side side, FieldFaults& faults) noexcept;

/// Writes the head of a message of HTTP/1 that says the same, as a gateway would hand it on, so that rules
/// for HTTP find in it what they look for. `to` is a message without a head.
FieldFaults rewrite(const FieldList& fields, Side side, http::Message& to);

}  // namespace bansoko::proto::http2
