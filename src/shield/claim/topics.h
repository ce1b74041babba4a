// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "shield/claim/claim.h"
#include "shield/proto/protocol.h"

namespace bansoko::claim {

/// How a part of a transaction becomes a text. An empty text: it says nothing.
using ReadBytes = void (*)(Bytes part, std::string_view argument, Claim& claim) noexcept;
using ReadNumber = void (*)(std::uint64_t number, const proto::Field& field, Claim& claim) noexcept;

/// What is noted of a protocol's transactions: a buffer or a field of one side, what it is called in events,
/// and how it is read.
struct Topic {
  std::string_view protocol;  // proto::Protocol::name
  std::string_view part;      // of its buffers or fields
  flow::Side side;            // whose words they are
  std::string_view name;      // of the claim: "http.server"
  ReadBytes read = nullptr;   // of a buffer
  std::string_view argument = {};
  ReadNumber read_number = nullptr;  // of a field
};

/// The table: at most kMostTopics. Rows of one name differ in where it is said.
std::span<const Topic> topics() noexcept;
inline constexpr std::size_t kMostTopics = 32;

/// How a server's first words begin, and what such a claim is called.
struct Greeting {
  std::string_view begins;  // "SSH-"
  std::string_view name;    // empty: its words tell, among kGreetingWords
};
std::span<const Greeting> greetings() noexcept;

/// What a server's greeting is called; kNoTopic: it is none that is noted. `server_port` decides where its
/// words do not.
inline constexpr std::uint8_t kNoTopic = 255;
std::uint8_t topic_of_greeting(std::string_view said, std::uint16_t server_port) noexcept;

/// All names, of topics and greetings; Claim::topic is an index into them.
std::span<const std::string_view> topic_names() noexcept;
std::uint8_t topic_named(std::string_view name) noexcept;

}  // namespace bansoko::claim
