// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/proto/memory_budget.h"
#include "shield/proto/tls/hello.h"

namespace bansoko::proto::tls {

/// JA3: the numbers of a client's hello as text, "version,ciphers,extensions,groups,point formats", each a
/// list with dashes. GREASE is left out.
void write_ja3(const Hello& hello, BudgetedBytes& text);

/// JA3S: "version,cipher,extensions" of a server's hello.
void write_ja3s(const Hello& hello, BudgetedBytes& text);

}  // namespace bansoko::proto::tls
