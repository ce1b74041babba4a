// SPDX-License-Identifier: Apache-2.0
// Says by an exit code that it was loaded.
#include <unistd.h>

__attribute__((constructor)) static void answer(void) { _exit(ANSWER); }
