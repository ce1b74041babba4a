// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/event_writer.h"

#include <utility>

namespace bansoko::engine {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kRetry = 10s;
constexpr auto kComplainEvery = 60s;
constexpr auto kTrimEvery = 60s;

}  // namespace

EventWriter::EventWriter(event::SpoolSettings settings, const log::Logger& log)
    : settings_(std::move(settings)), log_(log) {}

bool EventWriter::ready() {
  if (spool_) return true;
  if (steady_clock::now() < next_try_) return false;
  next_try_ = steady_clock::now() + kRetry;
  auto opened = event::SpoolWriter::open(settings_, "shield");
  if (!opened) {
    complain(opened.error());
    return false;
  }
  spool_.emplace(std::move(*opened));
  return true;
}

void EventWriter::complain(const Error& error) {
  if (steady_clock::now() < next_complaint_) return;
  next_complaint_ = steady_clock::now() + kComplainEvery;
  log_.error("events are being lost: {}", error.message);
}

void EventWriter::write(const event::Event& event) {
  const std::scoped_lock lock(mutex_);
  if (!ready()) return lost_.add();
  if (const auto written = spool_->append(event::to_json(event)); !written) {
    lost_.add();
    complain(written.error());
  }
}

void EventWriter::maintain() {
  const std::scoped_lock lock(mutex_);
  if (!spool_) return;
  if (const auto synced = spool_->sync(); !synced) complain(synced.error());
  if (steady_clock::now() < next_trim_) return;
  next_trim_ = steady_clock::now() + kTrimEvery;
  if (const auto trimmed = spool_->trim(std::chrono::system_clock::now()); !trimmed)
    complain(trimmed.error());
}

}  // namespace bansoko::engine
