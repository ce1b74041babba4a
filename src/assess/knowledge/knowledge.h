// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/knowledge/schema.h"
#include "assess/model/records.h"
#include "base/result.h"

/// The one file that keeps what feeds said, and what assess asks of it.
namespace bansoko::knowledge {

inline constexpr const char* kDefaultStore = "/var/lib/bansoko/knowledge.db";

/// One feed as it was imported.
struct Feed {
  std::string format = {};                // "nvd-2.0"
  std::string scope = {};                 // "2008"; may be empty
  std::string source = {};                // the file as the operator named it
  std::string licence = {};               // "public domain"
  std::optional<assess::Date> date = {};  // the feed's own
  std::string version = {};               // the feed's own
  std::int64_t imported = 0;              // seconds of the epoch
  std::string sha256 = {};  // of the file; of many files: of what sha256sum says of them, sorted by name
  std::uint64_t bytes = 0;  // of the files as they stood on the disk
  std::uint64_t files = 0;
  std::uint64_t records = 0;
  std::map<std::string, std::uint64_t, std::less<>> left_out = {};  // why, how many
};

/// A KB that takes the place of another.
struct Supersedence {
  std::uint32_t kb = 0;
  std::uint32_t superseded = 0;
};

/// Reads the file. Statements are prepared once; each call gives all there is of what it was asked for, so
/// that many hosts are served by one call. Where several feeds tell of one CVE the newest word holds, as each
/// function says. For one thread.
class Knowledge {
 public:
  static Result<Knowledge> open(const std::string& path, Check check = Check::head);
  Knowledge(Knowledge&&) noexcept;
  Knowledge& operator=(Knowledge&&) noexcept;
  ~Knowledge();

  /// By format and scope.
  Result<std::vector<Feed>> feeds();

  /// The names that rows of Microsoft use, sorted.
  Result<std::vector<std::string>> microsoft_products();
  /// All rows of one product, by the name that microsoft_products() gives.
  Result<std::vector<assess::MicrosoftFix>> microsoft_fixes(std::string_view product);
  /// What any row says, each pair once, sorted by kb.
  Result<std::vector<Supersedence>> supersedences();

  /// One for each CVE that is known, in the order asked. The most lately modified row holds; what it lacks (a
  /// score, a title) comes from the others.
  Result<std::vector<assess::Vulnerability>> vulnerabilities(std::span<const std::string> cves);
  /// One for each CVE that is exploited, in the order asked.
  Result<std::vector<assess::KnownExploited>> known_exploited(std::span<const std::string> cves);
  Result<std::vector<assess::ExploitProbability>> exploit_probabilities(std::span<const std::string> cves);
  Result<std::vector<assess::Ssvc>> ssvc(std::span<const std::string> cves);
  /// All entries that tell of any of these CVEs, each once, by id; of two with one id the later import.
  Result<std::vector<assess::JapaneseEntry>> japanese_entries(std::span<const std::string> cves);

  /// What a distribution says of these packages in one release, of all feeds.
  Result<std::vector<assess::PackageFix>> package_fixes(std::string_view distribution,
                                                        std::string_view release,
                                                        std::span<const std::string> packages);
  /// What these products are affected by. Of the feeds that tell of a CVE only the one with the most lately
  /// modified entry counts: what a later word no longer names is no match.
  Result<std::vector<assess::AffectedProduct>> affected_products(std::span<const std::string> products);
  /// All cycles of these products, by product as asked; of two with one name the later import.
  Result<std::vector<assess::Lifecycle>> lifecycles(std::span<const std::string> products);

 private:
  class State;
  explicit Knowledge(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace bansoko::knowledge
