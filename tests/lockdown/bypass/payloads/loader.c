// SPDX-License-Identifier: Apache-2.0
// A loader of one's own: reads code as data, makes it executable and jumps to it.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int count, char** words) {
  char* code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const int file = count < 2 ? -1 : open(words[1], O_RDONLY);
  if (code == MAP_FAILED || read(file, code, 4096) <= 0) return 1;
  ((void (*)(void))code)();
}
