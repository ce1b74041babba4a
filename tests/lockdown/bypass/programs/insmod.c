// SPDX-License-Identifier: Apache-2.0
// What insmod does up to the system call, which is not made: reads a module. The mark says that it was given
// the bytes.
#include <fcntl.h>
#include <unistd.h>

int main(int count, char** words) {
  char byte = 0;
  const int file = count < 2 ? -1 : open(words[1], O_RDONLY | O_CLOEXEC);
  if (file < 0 || read(file, &byte, 1) != 1) return 1;
  return open("/marks/ran", O_CREAT | O_WRONLY, 0666) < 0;
}
