// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/exception_ledger.h"

#include <ctime>
#include <utility>

#include <fmt/chrono.h>

namespace bansoko::engine {
namespace {

std::string moment_text(std::chrono::nanoseconds until) {
  if (until == std::chrono::nanoseconds::max()) return "never";
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(until).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

}  // namespace

void ExceptionLedger::know(std::vector<detect::Exception> exceptions) {
  const std::scoped_lock lock(mutex_);
  exceptions_ = std::move(exceptions);
}

void ExceptionLedger::count(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  ++hits_[std::string(name)];
}

std::vector<std::string> ExceptionLedger::take_ended(std::chrono::nanoseconds now) {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> ended;
  for (const detect::Exception& exception : exceptions_) {
    if (now < exception.until)
      told_.erase(exception.name);
    else if (told_.insert(exception.name).second)
      ended.push_back(exception.name);
  }
  return ended;
}

std::vector<ExceptionStatus> ExceptionLedger::list(std::chrono::nanoseconds now) const {
  const std::scoped_lock lock(mutex_);
  std::vector<ExceptionStatus> all;
  for (const detect::Exception& exception : exceptions_) {
    const auto hits = hits_.find(exception.name);
    all.push_back({.name = exception.name,
                   .about = exception.about,
                   .until = moment_text(exception.until),
                   .hits = hits == hits_.end() ? 0 : hits->second,
                   .has_ended = exception.until <= now});
  }
  return all;
}

}  // namespace bansoko::engine
