// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::rpmdb {

/// What we read of an rpm header.
struct Header {
  std::string name = {}, version = {}, release = {}, arch = {};
  std::optional<std::uint32_t> epoch = {};
  std::string source_rpm = {}, vendor = {}, module = {};
};

/// A header as databases keep it, without the magic of package files (rpm's manual, "RPM V4 package format",
/// "Header"): the number of entries, the size of the data, the entries, the data, all in network order.
/// An error says which part reaches beyond what is there.
Result<Header> read_header(Bytes blob);

/// A file as its package's header has it. Texts are views into the header.
struct FileRecord {
  std::string_view folder = {}, name = {};  // "/usr/bin/", "bash"
  std::string_view digest = {};             // in hexadecimal digits; empty: none
  std::uint32_t algorithm = 1;  // of the digest, as OpenPGP numbers them (RFC 4880, 9.4): 1 MD5, 8 SHA-256
  std::uint16_t mode = 0;       // as st_mode
  bool config = false;          // may be changed by the operator
  bool ghost = false;           // is no part of the package's content
};
using TakeFile = std::function<void(const FileRecord&)>;

/// The files of a header (rpm's manual, "Tags": BASENAMES, DIRNAMES, DIRINDEXES, FILEDIGESTS, FILEMODES). One
/// without files gives none. An error says which list does not fit the others; no file is given then.
Result<> read_files(Bytes blob, const TakeFile& take);

}  // namespace bansoko::rpmdb
