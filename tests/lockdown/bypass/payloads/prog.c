// SPDX-License-Identifier: Apache-2.0
// What must not start. Inert: it leaves a mark.
#include <fcntl.h>

int main(void) { return open("/marks/ran", O_CREAT | O_WRONLY, 0666) < 0; }
