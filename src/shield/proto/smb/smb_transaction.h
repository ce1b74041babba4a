// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/proto/dcerpc/call.h"

namespace bansoko::proto::smb {

/// A message, or a file on its way: one table of buffers and fields is about both, and about calls in pipes.
class SmbTransaction : public dcerpc::CarrierTransaction {
 public:
  bool is_file() const noexcept { return is_file_; }

 protected:
  explicit SmbTransaction(bool is_file) noexcept : CarrierTransaction(false), is_file_(is_file) {}

 private:
  bool is_file_;
};

}  // namespace bansoko::proto::smb
