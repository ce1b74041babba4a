// SPDX-License-Identifier: Apache-2.0
// The first process of a process namespace: waits for those whose parents have gone.
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  for (;;) {
    while (waitpid(-1, 0, WNOHANG) > 0) continue;
    usleep(100000);
  }
}
