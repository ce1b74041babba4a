// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/smb2.h"

namespace bansoko::proto::smb {

Smb2Header read_smb2_header(Bytes bytes) noexcept {
  ByteReader in(bytes);
  Smb2Header header;
  in.skip(4 + 2 + 2);  // ProtocolId, StructureSize, CreditCharge
  header.status = in.u32le();
  header.command = in.u16le();
  in.skip(2);  // CreditRequest
  header.flags = in.u32le();
  header.next = in.u32le();
  header.message = in.u64le();
  in.skip(4);  // Reserved
  header.tree = in.u32le();
  header.session = in.u64le();
  return header;
}

Encryption read_encryption(Bytes bytes) noexcept {
  ByteReader in(bytes);
  Encryption encryption;
  in.skip(4 + 16 + 16);  // ProtocolId, Signature, Nonce
  encryption.original_size = in.u32le();
  in.skip(2 + 2);  // Reserved, Flags
  encryption.session = in.u64le();
  return encryption;
}

Compression read_compression(Bytes bytes) noexcept {
  ByteReader in(bytes);
  Compression compression;
  in.skip(4);  // ProtocolId
  compression.original_size = in.u32le();
  compression.algorithm = in.u16le();
  compression.flags = in.u16le();
  compression.offset = in.u32le();
  return compression;
}

}  // namespace bansoko::proto::smb
