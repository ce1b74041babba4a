// SPDX-License-Identifier: Apache-2.0
#include "service/event_writer.h"

#include <utility>

#include <fmt/core.h>

#include "service/own_event.h"

namespace bansoko::service {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kRetry = 10s;
constexpr auto kProbe = 1s;
constexpr auto kComplainEvery = 60s;
constexpr auto kTrimEvery = 60s;

}  // namespace

EventWriter::EventWriter(event::SpoolSettings settings, std::string_view program, const log::Logger& log)
    : settings_(std::move(settings)), program_(program), log_(log) {}

bool EventWriter::ready() {
  if (spool_) return true;
  if (steady_clock::now() < next_try_) return false;
  next_try_ = steady_clock::now() + kRetry;
  auto opened = event::SpoolWriter::open(settings_, program_);
  if (!opened) {
    complain(opened.error());
    return false;
  }
  spool_.emplace(std::move(*opened));
  return true;
}

void EventWriter::complain(const Error& error) {
  fault_ = error.message;
  if (steady_clock::now() < next_complaint_) return;
  next_complaint_ = steady_clock::now() + kComplainEvery;
  log_.error("events are being lost: {}", error.message);
}

void EventWriter::write(const event::Event& event) {
  const std::scoped_lock lock(mutex_);
  if (append(event)) return try_again();
  if (!failing_.exchange(true)) lost_before_ = lost_.value();
  lost_.add();
}

bool EventWriter::append(const event::Event& event) {
  if (!ready()) return false;
  const auto written = spool_->append(event::to_json(event));
  if (!written) complain(written.error());
  return written.has_value();
}

/// The event that says so is itself what shows whether events can be written again.
void EventWriter::try_again() {
  if (!failing_ || steady_clock::now() < next_probe_) return;
  next_probe_ = steady_clock::now() + kProbe;
  const std::string what = fmt::format("{} events were lost", lost_.value() - lost_before_);
  if (!append(own_event("engine", kSpoolRecovered, what, 0))) return;
  failing_ = false;
  fault_.clear();
  next_complaint_ = {};
  log_.info("events are written again, {}", what);
}

std::string EventWriter::fault() const {
  const std::scoped_lock lock(mutex_);
  return failing_ ? fault_ : std::string();
}

void EventWriter::maintain() {
  const std::scoped_lock lock(mutex_);
  try_again();
  if (!spool_) return;
  if (const auto synced = spool_->sync(); !synced) complain(synced.error());
  if (steady_clock::now() < next_trim_) return;
  next_trim_ = steady_clock::now() + kTrimEvery;
  if (const auto trimmed = spool_->trim(std::chrono::system_clock::now()); !trimmed)
    complain(trimmed.error());
}

}  // namespace bansoko::service
