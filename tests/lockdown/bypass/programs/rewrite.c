// SPDX-License-Identifier: Apache-2.0
// Replaces what a file holds, in a way that is not a plain write: rewrite KIND FILE BYTES [COMMAND...].
// `mapped` keeps a shared mapping without a descriptor, runs the command (so that FILE is known and cached),
// writes through the mapping and runs the command again while the mapping is still there.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { page = 4096, head = 4 };

static int checked(long value, const char* what) {
  if (value >= 0) return (int)value;
  perror(what);
  exit(1);
}

static void run(char** command) {
  const pid_t child = checked(fork(), "fork");
  if (child == 0) {
    execv(command[0], command);
    _exit(127);
  }
  waitpid(child, 0, 0);
}

static size_t size_of(int file) {
  struct stat status;
  checked(fstat(file, &status), "fstat");
  return (size_t)status.st_size;
}

/// A file whose name ends in .bin holds each byte in another form, as payloads do that must not be seen.
static void reveal(const char* name, char* bytes, long size) {
  const char* end = strstr(name, ".bin");
  for (long at = 0; end && at < size; ++at) bytes[at] ^= 0x5a;
}

/// The bytes of a file, and then line ends to the end of the page: harmless in a script.
static char* read_padded(const char* name, size_t size) {
  char* bytes = aligned_alloc(page, size);
  const int file = checked(open(name, O_RDONLY), name);
  memset(bytes, '\n', size);
  reveal(name, bytes, checked(read(file, bytes, size), "read"));
  close(file);
  return bytes;
}

static void mapped(const char* name, const char* with, char** command) {
  const int file = checked(open(name, O_RDWR), name);
  const size_t size = size_of(file);
  char* map = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) checked(-1, "mmap");
  close(file);
  run(command);
  memcpy(map, read_padded(with, (size / page + 1) * page), size);
  run(command);
}

static void direct(const char* name, const char* with) {
  const int file = checked(open(name, O_RDWR | O_DIRECT), name);
  const size_t size = size_of(file) / page * page;
  checked(pwrite(file, read_padded(with, size), size, 0), "pwrite");
  close(file);
}

/// The first four bytes, which every ELF file has, stay: the source must not look like a program.
static void copied(const char* kind, const char* name, const char* with) {
  const int from = checked(open(with, O_RDONLY), with), to = checked(open(name, O_WRONLY), name);
  loff_t at = head, into = head;
  const size_t size = size_of(from) - head;
  int ends[2];
  if (!strcmp(kind, "copy_file_range")) checked(copy_file_range(from, &at, to, &into, size, 0), kind);
  if (!strcmp(kind, "sendfile")) {
    checked(lseek(to, head, SEEK_SET), "lseek");
    checked(sendfile(to, from, &at, size), kind);
  }
  if (!strcmp(kind, "splice")) {
    checked(pipe(ends), "pipe");
    const int moved = checked(splice(from, &at, ends[1], 0, size, 0), kind);
    checked(splice(ends[0], 0, to, &into, (size_t)moved, 0), kind);
  }
  close(to);
}

int main(int count, char** words) {
  if (count < 4) return 2;
  const char *kind = words[1], *name = words[2], *with = words[3];
  if (!strcmp(kind, "mapped")) {
    mapped(name, with, words + 4);
  } else if (!strcmp(kind, "direct")) {
    direct(name, with);
  } else {
    copied(kind, name, with);
  }
  return 0;
}
