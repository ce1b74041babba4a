// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bansoko {

/// Gives memory that was freed back to the system, which allocators put off. It takes milliseconds: after
/// large work, not on the packet path.
void give_back_free_memory() noexcept;

}  // namespace bansoko
