// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "lockdown/identity/file_kind.h"
#include "lockdown/identity/file_state.h"
#include "lockdown/identity/language.h"
#include "lockdown/identity/sha256.h"

namespace bansoko::app {

/// A file as the lockdown identifies it.
struct IdentifiedFile {
  std::string path;  // without links: as the kernel names it
  identity::Sha256 digest{};
  identity::FileKind kind = identity::FileKind::data;
  identity::Language language = identity::Language::none;  // of a program: what it takes code in
  identity::FileState state = {};
};

/// Errc::not_found: it is gone. Errc::invalid: no regular file, or it changed while it was read.
Result<IdentifiedFile> identify(const std::string& path);

}  // namespace bansoko::app
