// SPDX-License-Identifier: Apache-2.0
// The approved library of greet and of programs that load it by name.
#include <fcntl.h>

void greet(void) { (void)open("/marks/approved", O_CREAT | O_WRONLY, 0666); }
