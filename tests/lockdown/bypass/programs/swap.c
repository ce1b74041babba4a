// SPDX-License-Identifier: Apache-2.0
// Exchanges two names in one step: swap ONE OTHER (renameat2 with RENAME_EXCHANGE).
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>

int main(int count, char** words) {
  if (count < 3 || renameat2(AT_FDCWD, words[1], AT_FDCWD, words[2], RENAME_EXCHANGE) == 0) return count < 3;
  perror("renameat2");
  return 1;
}
