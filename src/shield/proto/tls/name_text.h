// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "shield/proto/memory_budget.h"

namespace bansoko::proto::tls {

/// Writes a name of X.501 as text: "C=US, O=Example, CN=example.org", in the order of the certificate. Ends
/// early where the budget of `text` does not allow more.
void write_name(Bytes name, BudgetedBytes& text);

/// Writes bytes as hexadecimal digits with colons between.
enum class Digits : bool { lower, upper };
void write_hexadecimal(Bytes bytes, Digits digits, BudgetedBytes& text);

}  // namespace bansoko::proto::tls
