// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/feed/feed.h"

/// For tests of readers: a text as a stream, and a sink that keeps all.
namespace bansoko::feed {

/// Gives a text in pieces of at most `piece` bytes. The text is a loan.
class TextSource : public ByteSource {
 public:
  explicit TextSource(std::string_view text, std::size_t piece = std::string::npos)
      : rest_(text), piece_(piece) {}

  Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = std::min({piece_, out.size(), rest_.size()});
    if (size != 0) std::memcpy(out.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view rest_;
  std::size_t piece_;
};

/// Gives `begin`, then `body` again and again until `size` bytes of it were given, then `end`.
class RepeatedSource : public ByteSource {
 public:
  RepeatedSource(std::string begin, std::string body, std::uint64_t size, std::string end)
      : begin_(std::move(begin)), body_(std::move(body)), end_(std::move(end)), times_(size / body_.size()) {}

  Result<std::size_t> read(std::span<char> out) override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      if (rest_.empty() && !next()) break;
      const std::size_t size = std::min(out.size() - filled, rest_.size());
      std::memcpy(out.data() + filled, rest_.data(), size);
      rest_.remove_prefix(size);
      filled += size;
    }
    return filled;
  }

 private:
  bool next() {
    if (!begun_) {
      begun_ = true;
      rest_ = begin_;
    } else if (times_ != 0) {
      --times_;
      rest_ = body_;
    } else {
      rest_ = std::exchange(ended_, true) ? std::string_view() : std::string_view(end_);
    }
    return !rest_.empty() || !ended_;
  }

  std::string begin_, body_, end_;
  std::uint64_t times_;
  std::string_view rest_;
  bool begun_ = false, ended_ = false;
};

/// Keeps all records.
struct KeptRecords : Sink {
  std::vector<assess::Vulnerability> vulnerabilities;
  std::vector<assess::AffectedProduct> affected;
  std::vector<assess::KnownExploited> exploited;
  std::vector<assess::ExploitProbability> probabilities;
  std::vector<assess::Ssvc> ssvc;
  std::vector<assess::MicrosoftFix> microsoft;
  std::vector<assess::PackageFix> packages;
  std::vector<assess::Lifecycle> lifecycles;
  std::vector<assess::JapaneseEntry> japanese;

  std::size_t count() const {
    return vulnerabilities.size() + affected.size() + exploited.size() + probabilities.size() + ssvc.size() +
           microsoft.size() + packages.size() + lifecycles.size() + japanese.size();
  }

  Result<> put(const assess::Vulnerability& record) override { return keep(vulnerabilities, record); }
  Result<> put(const assess::AffectedProduct& record) override { return keep(affected, record); }
  Result<> put(const assess::KnownExploited& record) override { return keep(exploited, record); }
  Result<> put(const assess::ExploitProbability& record) override { return keep(probabilities, record); }
  Result<> put(const assess::Ssvc& record) override { return keep(ssvc, record); }
  Result<> put(const assess::MicrosoftFix& record) override { return keep(microsoft, record); }
  Result<> put(const assess::PackageFix& record) override { return keep(packages, record); }
  Result<> put(const assess::Lifecycle& record) override { return keep(lifecycles, record); }
  Result<> put(const assess::JapaneseEntry& record) override { return keep(japanese, record); }

 private:
  template <class Record>
  static Result<> keep(std::vector<Record>& kept, const Record& record) {
    kept.push_back(record);
    return {};
  }
};

/// Reads a text with a format, `piece` bytes at a time.
inline Result<Stamp> read_text(const FeedFormat& format, std::string_view name, std::string_view text,
                               Sink& sink, const Limits& limits = {}, std::size_t piece = std::string::npos) {
  TextSource source(text, piece);
  return format.read({.name = name, .head = text.substr(0, 4096), .bytes = source}, sink, limits);
}

}  // namespace bansoko::feed
