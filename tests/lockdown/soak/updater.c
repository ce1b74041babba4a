// SPDX-License-Identifier: Apache-2.0
// A trusted updater: writes a file as package tools do, under another name that is then renamed: updater FROM
// TO TAIL.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int count, char** words) {
  static char bytes[65536];
  char next[4096];
  if (count < 4) return 2;
  snprintf(next, sizeof next, "%s.new", words[2]);
  const int from = open(words[1], O_RDONLY), to = open(next, O_CREAT | O_EXCL | O_WRONLY, 0755);
  for (ssize_t size; (size = read(from, bytes, sizeof bytes)) > 0;)
    if (write(to, bytes, (size_t)size) != size) return 1;
  if (write(to, words[3], strlen(words[3])) < 0 || fsync(to) != 0 || close(to) != 0) return 1;
  return rename(next, words[2]) != 0;
}
