// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/model/host.h"
#include "base/result.h"

/// What banners say, as content/banners.yaml has it.
namespace bansoko::assess {

/// How a banner reads: text, in letters of any case, with places in it.
///
///   `*`          anything, also nothing; at most two of them
///   `{version}`  digits, dots and letters, beginning with a digit; taken over
///   `{word}`     one character or more that is no blank
///
/// The banner may go on behind the last part.
class BannerPattern {
 public:
  static constexpr std::size_t kMostStars = 2;
  /// Of a banner so much is looked at: with the stars that bounds the work.
  static constexpr std::size_t kMostText = 512;

  static Result<BannerPattern> parse(std::string_view text);

  /// Nothing: the banner is another. The version is empty where the pattern has none.
  std::optional<std::string_view> match(std::string_view banner) const noexcept;

 private:
  enum class Kind : std::uint8_t { text, star, version, word };
  struct Part {
    Kind kind = Kind::text;
    std::string text = {};
  };

  std::optional<std::string_view> match_from(std::size_t part, std::string_view rest,
                                             std::string_view version) const noexcept;

  std::vector<Part> parts_;
};

/// One row: a banner of that topic which reads so tells a product, or a system, or both.
struct Banner {
  std::string topic = {};  // of the shield's events: "http.server"; nmap's service names have one, too
  BannerPattern pattern = {};
  ProductId product = {};               // empty: it tells a system alone
  std::vector<ProductId> systems = {};  // that it may run on; empty: it does not tell
  /// A distribution built it, and puts fixes into old versions.
  bool by_distribution = false;
  bool beside = false;  // it tells of something beside what the banner is of: a module of a web server
};

}  // namespace bansoko::assess
