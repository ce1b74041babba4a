// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bansoko {

/// Where content is if nobody says: ./content if it has patches, else the installed one.
std::string content_folder();

}  // namespace bansoko
