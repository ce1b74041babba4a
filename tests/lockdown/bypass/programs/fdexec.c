// SPDX-License-Identifier: Apache-2.0
// Starts a file by its descriptor: fdexec KIND FILE. Stands for any approved program that makes these calls.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char** environ;

#ifndef MFD_EXEC
#define MFD_EXEC 0x10U
#endif

static void fail(const char* what) {
  perror(what);
  exit(1);
}

static int checked(int value, const char* what) {
  if (value < 0) fail(what);
  return value;
}

/// A file whose name ends in .bin holds each byte in another form, as payloads do that must not be seen.
static void fill(int to, const char* name) {
  static unsigned char bytes[65536];
  const int from = checked(open(name, O_RDONLY), name);
  const unsigned char mask = strstr(name, ".bin") ? 0x5a : 0;
  for (ssize_t size; (size = read(from, bytes, sizeof bytes)) > 0;) {
    for (ssize_t at = 0; at < size; ++at) bytes[at] ^= mask;
    if (write(to, bytes, (size_t)size) != size) fail("write");
  }
  close(from);
}

static int unlinked(const char* name) {
  const int file = checked(open(name, O_RDONLY | O_CLOEXEC), name);
  checked(unlink(name), "unlink");
  return file;
}

static int read_only(int file) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  const int again = checked(open(path, O_RDONLY | O_CLOEXEC), path);
  close(file);
  return again;
}

static int temporary(const char* name) {
  const int file = checked(open(".", O_TMPFILE | O_RDWR, 0755), "O_TMPFILE");
  fill(file, name);
  return read_only(file);
}

static int memory(const char* name, unsigned flags) {
  int file = memfd_create("memory", flags | MFD_EXEC);
  if (file < 0) file = checked(memfd_create("memory", flags), "memfd_create");
  fill(file, name);
  if (flags & MFD_ALLOW_SEALING)
    checked(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW), "F_ADD_SEALS");
  return file;
}

static int by_handle(const char* name) {
  struct {
    struct file_handle head;
    char bytes[MAX_HANDLE_SZ];
  } handle = {.head = {.handle_bytes = MAX_HANDLE_SZ}};
  int mount = 0;
  checked(name_to_handle_at(AT_FDCWD, name, &handle.head, &mount, 0), "name_to_handle_at");
  return checked(open_by_handle_at(checked(open("/", O_RDONLY), "/"), &handle.head, O_RDONLY | O_CLOEXEC),
                 "open_by_handle_at");
}

static int by_ring(const char* name) {
  struct io_uring_params settings = {0};
  const int ring = checked((int)syscall(SYS_io_uring_setup, 4, &settings), "io_uring_setup");
  const size_t size = settings.sq_off.array + settings.sq_entries * sizeof(unsigned);
  const size_t answers = settings.cq_off.cqes + settings.cq_entries * sizeof(struct io_uring_cqe);
  char* sent = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
  char* done = mmap(0, answers, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
  struct io_uring_sqe* entry =
      mmap(0, settings.sq_entries * sizeof *entry, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
  if (sent == MAP_FAILED || done == MAP_FAILED || entry == MAP_FAILED) fail("io_uring rings");
  memset(entry, 0, sizeof *entry);
  entry->opcode = IORING_OP_OPENAT;
  entry->fd = AT_FDCWD;
  entry->addr = (unsigned long long)(size_t)name;
  entry->open_flags = O_RDONLY | O_CLOEXEC;
  *(unsigned*)(sent + settings.sq_off.array) = 0;
  __atomic_store_n((unsigned*)(sent + settings.sq_off.tail), 1, __ATOMIC_RELEASE);
  checked((int)syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0), "io_uring_enter");
  return checked(((struct io_uring_cqe*)(done + settings.cq_off.cqes))->res, "IORING_OP_OPENAT");
}

static int opened(const char* kind, const char* name) {
  if (!strcmp(kind, "plain")) return checked(open(name, O_RDONLY | O_CLOEXEC), name);
  if (!strcmp(kind, "path")) return checked(open(name, O_PATH | O_CLOEXEC), name);
  if (!strcmp(kind, "unlinked")) return unlinked(name);
  if (!strcmp(kind, "temporary")) return temporary(name);
  if (!strcmp(kind, "memory")) return memory(name, MFD_CLOEXEC);
  if (!strcmp(kind, "memory_script")) return memory(name, 0);
  if (!strcmp(kind, "sealed_memory")) return memory(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (!strcmp(kind, "handle")) return by_handle(name);
  if (!strcmp(kind, "ring")) return by_ring(name);
  fprintf(stderr, "fdexec: no kind '%s'\n", kind);
  exit(2);
}

int main(int count, char** words) {
  if (count < 3) return 2;
  char* none[] = {words[2], 0};
  const int file = opened(words[1], words[2]);
  syscall(SYS_execveat, file, "", none, environ, AT_EMPTY_PATH);
  fail("execveat");
}
