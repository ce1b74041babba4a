// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assess/content/kev_reader.h"
#include "assess/content/middleware_reader.h"
#include "assess/model/advisory.h"
#include "assess/model/banner.h"
#include "assess/model/checklist.h"
#include "assess/model/product.h"
#include "base/settings.h"

namespace bansoko::content {

/// What ships in content/ for assess.
struct Content {
  std::vector<assess::Product> products = {};
  std::vector<assess::Support> support = {};
  std::vector<assess::Advisory> advisories = {};
  std::vector<assess::Rollup> rollups = {};
  Middleware middleware = {};
  KnownExploitedList kev = {};
  std::vector<assess::Checklist> checklists = {};
  std::vector<assess::Banner> banners = {};

  /// Null: there is none with this id.
  const assess::Product* find(std::string_view id) const noexcept;

  /// The product that a feed spells `id`, at `version` where it is told by that
  /// ("microsoft:windows_server_2008" at "r2"). Null: content knows none.
  const assess::Product* spelled(std::string_view id, std::string_view version) const noexcept;
};

/// Reads a folder of content. All that is wrong goes to `faults`; then nothing should be concluded from it.
Content read_content(const std::string& folder, settings::Faults& faults);

}  // namespace bansoko::content
