// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bansoko::traffic::dcom {

/// The order of bytes in numbers, which each sender chooses (C706 section 14.1).
enum class Order : std::uint8_t { little, big };

/// A presentation context: what requests with this id are about.
struct Context {
  std::uint16_t id = 0;
  std::string_view interface;  // "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57"
  std::uint16_t version = 0;
};

/// Connection-oriented PDUs (C706 section 12.6.4).
/// `authentication`: bytes of the verifier by which the client begins to authenticate itself; 0: none.
std::string bind(std::uint32_t call, std::span<const Context> contexts, Order order = Order::little,
                 std::size_t authentication = 0);
std::string alter_context(std::uint32_t call, std::span<const Context> contexts, Order order = Order::little);

/// One fragment of a request.
struct Request {
  std::uint32_t call = 2;
  std::uint16_t context = 0;
  std::uint16_t opnum = 0;
  std::string stub = {};
  Order order = Order::little;
  bool first = true, last = true;
  std::optional<std::uint32_t> alloc_hint = std::nullopt;  // nothing: the size of this stub
  std::string_view object = {};                            // its UUID; empty: none
  std::size_t authentication = 0;                          // bytes of a verifier behind the stub; 0: none
};
std::string request(const Request& request);

/// The two fields that a fragment is told by, and its stub, as request() made them without an object and
/// without a verifier.
Request parse_request(std::string_view pdu);

/// IRemoteActivation ([MS-DCOM] section 3.1.2.5.2.2), whose first operation takes the name of an object.
inline constexpr std::string_view kRemoteActivation = "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57";
std::string remote_activation(std::string_view object_name, Order order = Order::little);
/// The name in such a stub.
std::string activated_name(std::string_view stub);

}  // namespace bansoko::traffic::dcom
