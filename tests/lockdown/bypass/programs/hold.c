// SPDX-License-Identifier: Apache-2.0
// Holds a file open for writing, waits until another exists, then replaces what the file holds: hold fd|map
// FILE BYTES WHEN. A file of bytes whose name ends in .bin holds each in another form, as payloads do that
// must not be seen.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char bytes[65536];

int main(int count, char** words) {
  if (count < 5) return 2;
  const int file = open(words[2], O_RDWR), from = open(words[3], O_RDONLY);
  const ssize_t size = read(from, bytes, sizeof bytes);
  struct stat status;
  if (file < 0 || size <= 0 || fstat(file, &status) != 0) return 1;
  char* map = mmap(0, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) return 1;
  close(from);
  const int hidden = strstr(words[3], ".bin") != 0;
  for (ssize_t at = 0; hidden && at < size; ++at) bytes[at] ^= 0x5a;
  while (access(words[4], F_OK) != 0) usleep(5000);
  if (!strcmp(words[1], "map")) {
    memset(map, '\n', (size_t)status.st_size);
    memcpy(map, bytes, (size_t)(size < status.st_size ? size : status.st_size));
  } else {
    if (pwrite(file, bytes, (size_t)size, 0) != size || ftruncate(file, size) != 0) return 1;
  }
  (void)open("/marks/gone", O_CREAT | O_WRONLY, 0666);
  pause();
}
